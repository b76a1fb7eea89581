from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from veille.privacy.quoted import CUT, LETTERS, letters, without

GONE = "Les freins du tramway 4 ont lâché place Sainte-Cécile, j'y étais avec mes enfants"
words = st.lists(
    st.sampled_from(["frein", "Étoile", "bus", "«", "l'été", "2026", "—", "grève", "tram"]), min_size=1, max_size=20
)


def test_a_quotation_is_cut_out_of_what_stands_around_it() -> None:
    quoted = "Décision : répondre à « les FREINS du tramway 4 ont lache place sainte cécile » avant lundi"
    assert without([quoted], [GONE]) == [f"Décision : répondre à « {CUT} » avant lundi"]


def test_what_is_not_quoted_stays_sign_by_sign() -> None:
    same = ["Les freins du tramway 4", "", "Tout autre chose : « l’été » à Sainte-Cécile, avec des enfants"]
    assert without(same, [GONE]) == same
    assert without(same, []) == same


def test_a_short_text_is_cut_only_where_it_is_the_whole() -> None:
    assert without(["Freins lâchés !", "Freins lâchés à Lyon"], ["Freins lâchés"]) == [CUT, "Freins lâchés à Lyon"]


@settings(deadline=None, max_examples=60)
@given(words, words, words)
def test_no_long_run_of_letters_is_left(before: list[str], gone: list[str], after: list[str]) -> None:
    text = " ".join(gone)
    (left,) = without([" ".join([*before, text, *after])], [text])
    asked = letters(text)
    parts = [letters(part) for part in left.split(CUT)]
    runs = {asked[start : start + LETTERS] for start in range(len(asked) - LETTERS + 1)}
    assert not any(run in part for run in runs for part in parts)
    # A text that is too short to be told from chance stays where it is no whole.
    assert runs or letters(left.replace(CUT, "")) in (letters(" ".join([*before, text, *after])), "")

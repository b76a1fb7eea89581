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
    bare = letters(left.replace(CUT, "\x00"))
    asked = letters(text)
    if len(asked) >= LETTERS:
        parts = [letters(part) for part in left.split(CUT)]
        assert not any(asked[start : start + LETTERS] in part for part in parts for start in range(len(asked) - LETTERS + 1))
    else:
        assert bare

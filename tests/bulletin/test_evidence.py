from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veille.bulletin.evidence import gather_evidence, grade, verify
from veille.bulletin.material import collect
from veille.errors import EditionError
from veille.pseudonym import pseudonym
from veille.quotation import QUOTE_MAX, address, handles, quote_of
from veille.watch.model import Privacy
from veille.watch.strategy import Account

KEY = b"k" * 32

texts = st.text(alphabet=st.characters(codec="utf-8"), max_size=600)


@given(texts, texts, st.integers(min_value=1, max_value=400))
def test_a_quotation_is_always_a_piece_of_its_text(title, text, limit):
    quote = quote_of(title, text, limit)
    assert len(quote) <= limit
    assert quote in title or quote in text


def test_a_long_text_is_quoted_to_the_end_of_a_sentence():
    text = "Une première phrase assez longue pour tenir. " * 10
    assert quote_of("", text, 100).endswith("tenir.")


@pytest.mark.parametrize("quote", ["une rame a roulé", "Une rame a roule", "Une rame  a roulé", ""])
def test_a_changed_quotation_stops_the_edition(quote):
    with pytest.raises(EditionError, match="m1"):
        verify("m1", quote, "Une rame a roulé portes ouvertes", "")


def test_the_very_words_are_accepted_from_title_or_text():
    verify("m1", "rame a roulé", "Une rame a roulé", "")
    verify("m1", "portes", "Titre", "portes ouvertes")


def test_the_letter_is_the_sources_and_the_digit_comes_from_independent_publishers():
    assert [grade("B", publishers) for publishers in (0, 1, 2, 3, 4, 9)] == ["B6", "B6", "B3", "B2", "B1", "B1"]


def test_a_text_that_changed_since_it_was_read_is_found_out(world, monkeypatch):
    material = collect(world.watch, world.store, world.as_of, world.period)
    monkeypatch.setattr("veille.bulletin.evidence.quote_of", lambda title, text, limit=QUOTE_MAX: "jamais écrit")
    with pytest.raises(EditionError, match="t1w2n0"):
        gather_evidence(world.watch, material.mentions, ["t1w2n0"], (), key=KEY)


def test_a_mention_that_is_not_there_supports_nothing(world):
    material = collect(world.watch, world.store, world.as_of, world.period)
    assert gather_evidence(world.watch, material.mentions, ["nowhere"], (), key=KEY) == {}


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://journal.example/2026/11/titre-12", True),
        ("https://avis.example/p/a84526", True),
        ("https://x.com/i/status/12", True),
        ("https://x.com/jean/status/12", False),
        ("https://inconnu.example/members/jean/12", False),
        ("https://inconnu.example/lire?qui=%40Jean", False),
        ("https://x.com/AquilonMobilites/status/12", True),
        ("https://social.example/@aquilon/12", True),
        ("https://social.example/@prefecture/12", True),
        ("https://social.example/@aquilon/12-projet-boreal", False),
        ("https://journal.example/projet-boreal", False),
        ("javascript:alert(1)", False),
        (None, False),
    ],
)
def test_an_address_is_followed_only_where_it_names_nobody_who_is_private(url, kept):
    public = frozenset({"aquilonmobilites", "aquilon", "prefecture"})
    author = pseudonym(KEY, "@jean")
    assert address(url, author, ("projet Boréal",), key=KEY, public=public) == (url if kept else None)


def test_own_accounts_and_the_public_list_may_be_named(world):
    accounts = (Account(network="mastodon", handle="@Aquilon@social.example"),)
    watch = world.watch.model_copy(update={"accounts": accounts, "privacy": Privacy(public_authors=("@Préfecture",))})
    assert handles(watch) == {"aquilon", "aquilon@social.example", "prefecture"}

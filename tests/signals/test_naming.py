"""A signal is named by a line that stands by itself: no quotation left open, no sign at its beginning."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veille.signals.naming import TITLE_CHARACTERS, headline

LONG = "les freins du tramway ont lâché trois fois en une semaine et personne ne répond aux voyageurs"


@pytest.mark.parametrize(
    "title",
    [f"Le maire de Corvenne : « {LONG} »", f"“{LONG}”, says the mayor", f'Corvenne "{LONG}"', f"« {LONG} » : le maire accuse"],
)
def test_a_quotation_that_is_cut_is_closed(title: str) -> None:
    line = headline(title, "")
    assert len(line) <= TITLE_CHARACTERS
    assert line.count("«") == line.count("»")
    assert line.count("“") == line.count("”")
    assert line.count('"') % 2 == 0


@pytest.mark.parametrize("text", ["@ville : les freins ont lâché", ": les freins ont lâché", "», les freins ont lâché"])
def test_no_line_begins_with_the_sign_after_what_was_taken_off(text: str) -> None:
    assert headline("", text) == "les freins ont lâché"


@given(
    st.lists(
        st.sampled_from(["«", "»", "freins", "tramway,", ":", "“", "”", "a", "(voir", "Corvenne)", '"']),
        min_size=1,
        max_size=30,
    )
)
def test_no_line_is_longer_than_a_title(words: list[str]) -> None:
    assert len(headline(" ".join(words), "")) <= TITLE_CHARACTERS

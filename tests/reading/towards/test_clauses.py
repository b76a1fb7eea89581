"""Who is spoken of in which part of a text."""

from __future__ import annotations

import pandas as pd
import pytest

from veille.reading.terms import Terms, words_text
from veille.reading.towards.clauses import clauses
from veille.reading.towards.comparing import compared

SUBJECTS = {name: Terms((f"#?{name}", f"@{name}")) for name in ("free", "orange", "sfr")}


def said(text: str) -> dict[str, str]:
    found = clauses(pd.Series([text]), SUBJECTS)
    return dict(zip(found["subject"], found["said"], strict=True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Free est nul, heureusement que j'ai Orange", {"free": "Free est nul,", "orange": "heureusement que j'ai Orange"}),
        ("Free rame mais @orange répond vite", {"free": "Free rame", "orange": "mais @orange répond vite"}),
        ("Trois pannes. Marre de #SFR. Free est top", {"sfr": "Trois pannes. Marre de #SFR.", "free": "Free est top"}),
        ("Free, Orange et SFR sont chers", dict.fromkeys(("free", "orange", "sfr"), "Free, Orange et SFR sont chers")),
        ("Free rame. Toujours pas de fibre.", {"free": "Free rame. Toujours pas de fibre."}),
        ("rien du tout", {}),
        ("", {}),
        (", ; !", {}),
    ],
)
def test_what_is_said_of_each(text: str, expected: dict[str, str]) -> None:
    assert said(text) == expected


def test_texts_do_not_mix() -> None:
    found = clauses(pd.Series(["Free rame", "", "bonjour", "Orange aussi, SFR non"]), SUBJECTS)
    assert found.groupby("row")["subject"].agg(list).to_dict() == {0: ["free"], 3: ["orange", "sfr"]}


@pytest.mark.parametrize(
    ("text", "me", "flags"),
    [
        ("Free est bien meilleur que SFR", "free", [True, False, False]),
        ("Free est bien meilleur que SFR", "sfr", [False, True, False]),
        ("SFR est pire qu'Orange", "sfr", [False, True, False]),
        ("SFR est pire qu'Orange", "orange", [True, False, False]),
        ("je préfère Orange à Free", "orange", [True, False, False]),
        ("je préfère Orange à Free", "free", [False, True, False]),
        ("switched from SFR to Free", "free", [True, False, False]),
        ("contrairement à Free", "free", [False, False, True]),
        ("Free et SFR ont signé", "free", [False, False, False]),
    ],
)
def test_comparisons(text: str, me: str, flags: list[bool]) -> None:
    found = compared(words_text(pd.Series([text])), pd.Series([me]), SUBJECTS)
    assert found.iloc[0].tolist() == flags

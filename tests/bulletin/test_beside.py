"""What stands beside a signal on the page: carriers, coincidences and duties, in both languages."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pytest

from veille.bulletin.beside import carried_of, evidence_of, together_of
from veille.bulletin.render import render
from veille.bulletin.types import Bulletin, Carried, Duty, Signal, Together
from veille.signals import DUTIES

WHEN = datetime(2026, 11, 22, 23, tzinfo=UTC)


def row(**more: object) -> object:
    values = {
        "signal_id": "s1", "press_ratio": 0.4, "national_ratio": 0.1, "official_ratio": 0.0, "new_relays": 3,
        "coordination": "marked", "coordinated_accounts": 12, "coordination_strength": 11.0, "coordination_usual": 1.0,
        "coordination_evidence": ["c1", "c2", "c3"], "evidence": ["a", "b", "c", "d", "e"], **more,
    }  # fmt: skip
    return next(pd.DataFrame([values]).itertuples(index=False))


def test_what_an_older_version_wrote_has_no_shares_and_no_coincidence() -> None:
    old = row(press_ratio=None, new_relays=None, coordination=None, coordinated_accounts=None)
    assert carried_of(old) is None
    assert together_of(old) is None
    assert together_of(row(coordination="none")) is None
    assert carried_of(row(new_relays=None)).new_relays is None


def test_what_duties_and_coincidences_rest_on_is_shown_with_the_signal() -> None:
    duties = DUTIES.check(
        pd.DataFrame(
            [
                {"signal_id": "s1", "rule_id": "g1", "evidence": ["d1", "d2"]},
                {"signal_id": "s2", "rule_id": "g1", "evidence": ["other"]},
            ]
        ).assign(cutoff=WHEN, as_of=WHEN, version="v", in_force=True, known_at=WHEN, at_once=False, stories=1)
    )
    material = type("Looked", (), {"duties": duties})()
    assert evidence_of(material, row(), frozenset()) == ("a", "b", "c", "d", "d1", "c1", "c2")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "fr",
            [
                "En mots :", "batteries", "Règle en vigueur :", "au plus tard", "Règle échue, non appliquée :",
                "Coordination nette.", "Cela ne dit rien de l’intention", "3 nouveaux relais", "évitable (proposé)",
            ],
        ),
        (
            "en",
            [
                "In words:", "batteries", "Rule in force:", "at the latest", "Rule that has expired, not applied:",
                "Marked coordination.", "This says nothing of intent", "3 new relays", "for what could be prevented (proposed)",
            ],
        ),
    ],
)  # fmt: skip
def test_the_page_says_it(bulletin: Bulletin, language: str, told: list[str]) -> None:
    duty = Duty(rule_id="g1", title="RGPD art. 33", duty="72 h", in_force=True, known_at=WHEN, due=WHEN, stories=2)
    signal: Signal = bulletin.signals[0].model_copy(
        update={
            "words": ("batteries", "feu"),
            "cluster": "preventable",
            "carried": Carried(press=0.4, national_press=0.1, official=0.0, new_relays=3),
            "together": Together(grade="marked", accounts=12, strength=11.0, usual=1.0),
            "duties": (duty, duty.model_copy(update={"rule_id": "g2", "in_force": False, "due": None})),
        }
    )
    edition = bulletin.edition.model_copy(update={"language": language})
    page = render(bulletin.model_copy(update={"edition": edition, "signals": (signal, *bulletin.signals[1:])}))
    plain = page.replace("\u202f", " ").replace("\xa0", " ").replace("&#39;", "’").replace("'", "’")
    for words in told:
        assert words in plain, words

"""What page 1 answers at once: why the level is what it is, how sure that is, and where the proof stands."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from lxml import html

from veille.bulletin.decisions import cause
from veille.bulletin.headline import headline
from veille.bulletin.render import render
from veille.bulletin.review import _without
from veille.bulletin.types import Bulletin, Decision, Signal
from veille.language import Language
from veille.names import level_reasons

FRENCH, ENGLISH = Language("fr"), Language("en")


def _told(bulletin: Bulletin, signals: tuple[Signal, ...], language: Language = FRENCH, **more: int) -> str:
    return headline(bulletin.edition, 3, 1, signals, bulletin.decisions, language, **more)


def test_the_headline_says_why_the_level_is_what_it_is_and_how_sure(bulletin: Bulletin) -> None:
    alert, other = bulletin.signals
    alert = alert.model_copy(update={"level_reason": "un danger est allégué", "stories": 14, "publishers": 6})
    assert "Motif\xa0: un danger est allégué. Confiance élevée." in _told(bulletin, (other, alert))
    few = alert.model_copy(update={"stories": 2, "publishers": 1})
    assert "Confiance faible." in _told(bulletin, (few, other))


def test_of_two_signals_of_one_level_the_crisis_gives_the_reason(bulletin: Bulletin) -> None:
    alert = bulletin.signals[0].model_copy(update={"level_reason": "un danger est allégué", "score": 40.0})
    posing = alert.model_copy(update={"signal_id": "s8", "kind": "impostor", "level_reason": "un faux compte", "score": 90.0})
    rival = alert.model_copy(update={"signal_id": "s9", "role": "competitor", "level_reason": "une fuite", "score": 99.0})
    told = _told(bulletin, (rival, posing, alert))
    assert "un danger est allégué" in told
    assert "un faux compte" not in told
    assert "une fuite" not in told


@pytest.mark.parametrize("language", [FRENCH, ENGLISH])
def test_a_score_alone_is_no_reason(bulletin: Bulletin, language: Language) -> None:
    reason = level_reasons(language)["score"]
    alert = bulletin.signals[0].model_copy(update={"level_reason": reason})
    told = _told(bulletin, (alert,), language)
    assert reason not in told
    assert ("Confiance" if language is FRENCH else "Confidence") in told


def test_no_reason_is_given_for_a_level_whose_signal_is_withheld_or_closed(bulletin: Bulletin) -> None:
    alert, other = bulletin.signals
    for signals, more in (((other,), {"withheld": 1}), ((alert.model_copy(update={"status": "closed"}), other), {})):
        told = _told(bulletin, signals, **more)
        assert "Motif" not in told
        assert "Confiance" not in told


def test_what_is_asked_about_an_aim_names_its_cause(bulletin: Bulletin) -> None:
    title = "La Région reporte le vote du financement"
    taken = bulletin.signals[1].model_copy(
        update={"title": title, "publishers": 9, "press_pickup_at": datetime(2026, 11, 20, tzinfo=UTC)}
    )
    assert cause(taken, FRENCH) == f"«\u202f{title}\u202f»\xa0: 9 éditeurs"
    quiet = taken.model_copy(update={"press_pickup_at": None, "history": (), "negative_stories": 2})
    assert cause(quiet, ENGLISH) == f"“{title}”: 2 negative stories this week"


def test_a_withheld_cause_is_not_told_by_the_decision_that_stays(bulletin: Bulletin) -> None:
    first, second = bulletin.signals
    asked = bulletin.decisions[1].model_copy(update={"signal_ids": ("s1", "s2"), "waiting": cause(first, FRENCH)})
    both = bulletin.model_copy(update={"decisions": (asked,)})
    (left,) = _without(both, {"signal:s1"}, FRENCH).decisions
    assert left.signal_ids == ("s2",)
    assert first.title not in left.waiting
    assert left.waiting == cause(second, FRENCH)
    (same,) = _without(both, {"signal:s2"}, FRENCH).decisions
    assert same.waiting == asked.waiting


def test_each_decision_leads_to_its_evidence(bulletin: Bulletin) -> None:
    def links(decisions: tuple[Decision, ...]) -> list[str]:
        page = html.document_fromstring(render(bulletin.model_copy(update={"decisions": decisions})))
        return [str(one) for one in page.xpath("//section[contains(@class, 'decisions')]//a/@href")]

    assert links(bulletin.decisions) == ["#signal-1", "#signal-2"]
    assert links(tuple(one.model_copy(update={"signal_ids": ("gone",)}) for one in bulletin.decisions)) == []


def test_what_cannot_be_told_of_growth_is_told_once(bulletin: Bulletin) -> None:
    reason = "aucun rejeu ne confirme un mot"
    silent = tuple(
        one.model_copy(update={"probability": "non quantifiable", "probability_reason": reason}) for one in bulletin.findings
    )
    page = html.document_fromstring(render(bulletin.model_copy(update={"findings": silent})))
    (main,) = page.xpath("//main[@id='page-1']")
    assert main.text_content().count("Croissance sous 7 jours") == 1
    assert main.text_content().count(reason) == 1
    said = (silent[0].model_copy(update={"probability": "probable", "probability_reason": ""}), *silent[1:])
    page = html.document_fromstring(render(bulletin.model_copy(update={"findings": said})))
    (main,) = page.xpath("//main[@id='page-1']")
    assert main.text_content().count("Croissance sous 7 jours") == len(said) + 1


def test_the_level_leads_to_the_evidence_of_the_signal_that_gives_it(bulletin: Bulletin) -> None:
    def links(told: Bulletin) -> list[str]:
        return [str(one) for one in html.document_fromstring(render(told)).xpath("//p[@class='lead']//a/@href")]

    assert links(bulletin) == ["#signal-1"]
    assert links(bulletin.model_copy(update={"level": 2})) == ["#signal-2"]
    assert links(bulletin.model_copy(update={"level": 4})) == []

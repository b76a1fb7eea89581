"""Situation reports: the first says all that is known, each later one only what changed, the last what was learned."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from tests.desk.conftest import CUTOFF
from veille.desk.autonomy import leave
from veille.desk.lines import Line, Page, PageKind
from veille.desk.sitrep import CADENCE, Sitrep, sitrep
from veille.desk.sitrep_said import record
from veille.desk.tables import SITREPS
from veille.errors import UsageError
from veille.language import Language
from veille.signals import (
    CARRIERS,
    DETECTIONS,
    JOURNAL,
    SIGNALS,
    acknowledge,
    answer,
    close,
    confirm_cluster,
    decide,
    journal,
    judge,
    learn,
)
from veille.signals.journal import MACHINE, event
from veille.signals.tables import Act
from veille.store import Store
from veille.watch import Watch

FR, EN = Language("fr"), Language("en")
FIRST = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def report(watch: Watch, store: Store, at: datetime, language: Language = FR, *, kept: bool = True) -> Sitrep:
    made = sitrep(watch, store, at, "s1", language, ())
    if kept:
        record(store, made.report, [one for line in made.page.lines for one in line.evidence])
    return made


def words(page: Page) -> str:
    return " | ".join(f"{one.lead} {one.text} {one.tag}" for one in page.lines)


def names(page: Page) -> list[str]:
    return [block.name for block in page.blocks]


def detect_again(store: Store, cutoff: datetime, **changes: Any) -> None:
    """Write what a later detection would: the row of s1 with other values."""
    rows = store.load(SIGNALS)
    row = rows.loc[rows["signal_id"] == "s1"].sort_values("cutoff").tail(1).copy()
    row["cutoff"], row["as_of"] = pd.Timestamp(cutoff), pd.Timestamp(cutoff)
    for name, value in changes.items():
        row[name] = [value]
    store.merge(SIGNALS, SIGNALS.check(row))
    looked = {"cutoff": cutoff, "as_of": cutoff, "version": "v", "stories": 9, "tests": 2, "enough_data": True}
    store.merge(DETECTIONS, DETECTIONS.check(pd.DataFrame([looked])))


def carry(store: Store, cutoff: datetime, *carriers: str) -> None:
    rows = [
        {"signal_id": "s1", "cutoff": cutoff, "as_of": cutoff, "version": "v", "carrier": name, "voice": "press", "new": False,
         "stories": 2, "share_ratio": 0.1, "reach": 5.0, "first_at": cutoff, "evidence": []}
        for name in carriers
    ]  # fmt: skip
    store.merge(CARRIERS, CARRIERS.check(pd.DataFrame(rows)))


def test_the_first_report_says_what_is_known_and_not_who_speaks_what_was_answered_and_when_the_next_is_due(
    demo: Watch, told: Store
) -> None:
    carry(told, CUTOFF, "Journal A")
    made = report(demo, told, FIRST)
    assert names(made.page) == ["known", "unknown", "speaks", "answered", "may"]
    said = words(made.page)
    assert "7 récits" in said
    assert "Journal A" in said
    assert "Si ce qui est dit est vrai" in said
    assert "Personne n’a encore pris en charge" in said
    assert made.report.next_at == FIRST + HOUR
    assert dict(made.page.facts)["Prochain point"] == "24 novembre à\u00a011:00"


def test_the_second_report_says_only_what_changed(demo: Watch, told: Store) -> None:
    carry(told, CUTOFF, "Journal A")
    report(demo, told, FIRST)
    later = FIRST + HOUR
    detect_again(told, later, stories=11, publishers=6)
    carry(told, later, "Journal A", "Journal B")
    acknowledge(told, "s1", later, "A. Martin")
    made = report(demo, told, later + timedelta(minutes=1))
    said = words(made.page)
    assert made.report.number == 2
    assert "11 récits" in said
    assert "7 récits, 4 éditeurs au dernier point" in said
    assert "Journal B" in said
    assert "Journal A" not in said
    assert "A. Martin a pris en charge" in said
    # What is as it was is not said again.
    assert "Si ce qui est dit est vrai" not in said
    assert "Depuis quand" not in said
    assert "Ligne rouge" not in said
    assert made.changed == sum(1 for _ in made.page.lines)


def test_every_statement_of_a_later_report_is_new_or_has_another_value(demo: Watch, told: Store) -> None:
    first = report(demo, told, FIRST)
    detect_again(told, FIRST + HOUR, stories=11)
    second = report(demo, told, FIRST + HOUR)
    before = {(one.key, one.value) for one in first.report.statements}
    changed = [one for one in second.report.statements if (one.key, one.value) not in before]
    assert {one.line for one in changed} == set(second.page.lines)


def test_nothing_new_is_said_in_one_sentence(demo: Watch, told: Store) -> None:
    report(demo, told, FIRST)
    detect_again(told, FIRST + HOUR)
    made = report(demo, told, FIRST + HOUR)
    assert [line.text for line in made.page.lines] == ["Rien n’a changé depuis le point n° 1."]
    assert made.changed == 0


def test_that_nothing_was_looked_at_since_is_said_and_no_calm(demo: Watch, told: Store) -> None:
    report(demo, told, FIRST)
    assert any("Rien n’a été regardé depuis le dernier point" in gap for gap in report(demo, told, FIRST + HOUR).page.gaps)


def test_what_was_not_known_and_is_now_is_said_so(demo: Watch, told: Store) -> None:
    detect_again(told, FIRST - HOUR, responsibility_cluster="preventable", publishers=1)
    report(demo, told, FIRST)
    confirm_cluster(told, "s1", "preventable", FIRST + timedelta(minutes=30), "A. Martin")
    detect_again(told, FIRST + HOUR, cluster_confirmed_by="A. Martin", publishers=5)
    said = words(report(demo, told, FIRST + HOUR).page)
    assert "La responsabilité attribuée est confirmée." in said
    assert "Plus d’un éditeur en parle." in said


def test_a_report_made_again_at_the_same_moment_is_the_same_and_kept_once(demo: Watch, told: Store) -> None:
    one, two = report(demo, told, FIRST), report(demo, told, FIRST)
    assert one.page == two.page
    assert len(told.load(SITREPS)) == 1
    events = journal(told)
    assert list(events.loc[events["act"] == Act.REPORTED, "note"]) == ["sitrep 1"]


def test_a_report_of_a_past_moment_knows_nothing_of_later(demo: Watch, told: Store) -> None:
    detect_again(told, FIRST + HOUR, stories=99)
    acknowledge(told, "s1", FIRST + HOUR, "A. Martin")
    said = words(report(demo, told, FIRST, kept=False).page)
    assert "99" not in said
    assert "A. Martin" not in said


def test_twins_keep_the_same_values_and_say_the_same(demo: Watch, told: Store) -> None:
    french, english = report(demo, told, FIRST, kept=False), report(demo, told, FIRST, EN, kept=False)
    assert [(one.key, one.value) for one in french.report.statements] == [
        (one.key, one.value) for one in english.report.statements
    ]


def test_every_sentence_says_what_it_rests_on(demo: Watch, told: Store) -> None:
    assert all(line.evidence or line.of for line in report(demo, told, FIRST).page.lines)


def test_autonomy_is_that_of_the_brief_and_of_the_reply_check(demo: Watch, told: Store) -> None:
    page = report(demo, told, FIRST).page
    line = next(one for block in page.blocks if block.name == "may" for one in block.lines)
    mine = leave(demo, 4, page.day)
    assert all(demo.person(one).name in line.text for one in mine.ask)  # type: ignore[union-attr]


def test_the_next_point_follows_the_level_and_its_hours(demo: Watch, told: Store) -> None:
    detect_again(told, FIRST, level=3)
    evening = datetime(2026, 11, 24, 19, 0, tzinfo=UTC)
    # 20:00 in Paris: two hours until 22:00, and two from 07:00 on.
    assert sitrep(demo, told, evening, "s1", FR, ()).report.next_at == datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
    assert set(CADENCE) == {3, 4}


def test_below_level_3_no_report_is_begun_and_one_that_was_begun_is_gone_on_with(demo: Watch, told: Store) -> None:
    with pytest.raises(UsageError, match="level 2"):
        sitrep(demo, told, FIRST, "s2", FR, ())
    report(demo, told, FIRST)
    detect_again(told, FIRST + HOUR, level=2)
    made = report(demo, told, FIRST + HOUR)
    assert "niveau 4 au dernier point" in words(made.page)
    assert made.report.next_at is None


def test_a_signal_that_is_not_there_is_said_so(demo: Watch, told: Store) -> None:
    with pytest.raises(UsageError, match="no signal nope"):
        sitrep(demo, told, FIRST, "nope", FR, ())


def _closed(store: Store, *, lesson: bool = True) -> datetime:
    sent = event("s1", CUTOFF + timedelta(minutes=10), MACHINE, Act.SENT, 4)
    store.merge(JOURNAL, JOURNAL.check(pd.DataFrame([sent])))
    acknowledge(store, "s1", CUTOFF + timedelta(minutes=20), "A. Martin")
    decide(store, "s1", CUTOFF + timedelta(hours=3), "A. Martin", "Suspendre le service")
    decide(store, "s1", CUTOFF + timedelta(hours=4), "B. Roux", "Suspendre le service")
    close(store, "s1", FIRST, "A. Martin", "Service rétabli")
    judge(store, "s1", "true", FIRST, "B. Roux", "L'expertise l'a confirmé")
    if lesson:
        learn(store, "s1", FIRST, "B. Roux", "Préparer un message sur les batteries")
    return FIRST + HOUR


def test_the_closing_report_tells_how_it_went_how_long_it_took_and_what_was_learned(demo: Watch, told: Store) -> None:
    made = report(demo, told, _closed(told))
    assert made.report.kind is PageKind.CLOSING
    assert made.report.next_at is None
    assert names(made.page) == ["essential", "story", "delays", "lessons", "unknown"]
    said = words(made.page)
    assert "Suspendre le service" in said
    assert "Préparer un message sur les batteries" in said
    assert "L'expertise l'a confirmé" in said
    assert "Le signal a été jugé fondé" in said
    delay = _line(made.page, "De l’envoi à la décision")
    assert delay.text == "170 minutes."
    assert delay.tag == "limite 1 heure, dépassée"
    assert delay.alarming


def test_a_closing_without_lessons_asks_for_one(demo: Watch, told: Store) -> None:
    said = words(report(demo, told, _closed(told, lesson=False)).page)
    assert "Personne n’en a écrit" in said


def test_lessons_that_figures_teach_are_told_as_deduced(demo: Watch, told: Store) -> None:
    page = report(demo, told, _closed(told)).page
    lessons = next(block for block in page.blocks if block.name == "lessons").lines
    assert any(line.assumed and line.tag == "déduite" for line in lessons)
    assert not any(line.assumed for line in lessons if "Préparer" in line.text)


def test_a_lesson_needs_words(told: Store) -> None:
    with pytest.raises(UsageError, match="words"):
        learn(told, "s1", FIRST, "B. Roux", "  ")


def _line(page: Page, lead: str) -> Line:
    return next(one for one in page.lines if one.lead == lead)


@pytest.mark.parametrize(("language", "said"), [(FR, "Anne a répondu en public"), (EN, "Anne has answered in public")])
def test_a_public_reply_is_told_once(demo: Watch, told: Store, language: Language, said: str) -> None:
    address = "https://x.com/aquilonmobilites/status/18"
    answer(told, "s1", FIRST, "Anne", address, public=frozenset({"aquilonmobilites"}))
    page = words(report(demo, told, FIRST + HOUR, language).page)
    assert said in page
    assert address in page
    assert said not in words(report(demo, told, FIRST + 2 * HOUR, language).page)

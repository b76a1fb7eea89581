"""The brief on the demonstration's watch: what it says, what it never prints, and what it cannot check."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd
import pytest

from tests.desk.conftest import NOW, Change
from veille.desk.autonomy import leave
from veille.desk.brief import brief
from veille.desk.lines import Block, Line, Page
from veille.desk.wording import delay_words
from veille.gather.tables import CALENDAR
from veille.language import Language
from veille.signals import SIGNALS
from veille.store import Store
from veille.watch import CalendarEntry, Watch, confidential_terms

FR, EN = Language("fr"), Language("en")


def made(watch: Watch, store: Store, language: Language = FR, **more: object) -> Page:
    return brief(watch, store, NOW, language, confidential_terms(watch), **more)  # type: ignore[arg-type]


def block(page: Page, name: str) -> Block:
    return next(one for one in page.blocks if one.name == name)


def words(lines: tuple[Line, ...]) -> str:
    return " ".join(f"{one.lead} {one.text} {one.tag} {one.answer}" for one in lines)


def test_the_gravest_signal_leads_with_what_may_be_said_at_its_level(demo: Watch, told: Store) -> None:
    page = made(demo, told)
    first, second = block(page, "essential").lines
    assert page.level == 4
    assert "Trois vélos en libre-service prennent feu" in first.text
    mine = leave(demo, 4, page.day)
    assert "Direction générale" in second.text
    assert delay_words(mine.within, FR) in second.text
    assert second.alarming


def test_every_sentence_says_what_it_rests_on(demo: Watch, told: Store) -> None:
    for language in (FR, EN):
        assert all(line.evidence or line.of for line in made(demo, told, language).lines)


def test_twins_say_the_same(demo: Watch, told: Store) -> None:
    french, english = made(demo, told, FR), made(demo, told, EN)
    for one, other in zip(french.blocks, english.blocks, strict=True):
        assert [line.of for line in one.lines] == [line.of for line in other.lines]
        assert [line.evidence for line in one.lines] == [line.evidence for line in other.lines]


def test_an_answer_that_expired_or_is_not_public_is_named_and_never_printed(demo: Watch, told: Store) -> None:
    rows = told.load(SIGNALS)
    rows["words"] = [
        ["vélos", "batteries", "feu"] if one == "s1" else list(words)
        for one, words in zip(rows["signal_id"], rows["words"], strict=True)
    ]
    told.merge(SIGNALS, rows)
    page = made(demo, told)
    said = words(tuple(page.lines))
    assert "24 euros" not in said
    assert "lot a été isolé" not in said
    assert "Réponse non publique" in said
    assert "Réponse expirée le 31 août 2026" in said
    assert "messages.m-batteries" in {ref for line in block(page, "questions").lines for ref in line.of}


def test_a_public_answer_that_holds_is_given_word_for_word(demo: Watch, told: Store) -> None:
    said = words(block(made(demo, told), "may").lines)
    answer = next(one.answer for one in demo.messages if one.id == "m-objets")
    assert answer in said


def test_hostile_questions_follow_from_the_signals_and_are_told_as_deduced(demo: Watch, told: Store) -> None:
    lines = block(made(demo, told), "questions").lines
    assert lines
    deduced = [line for line in lines if line.tag == "déduite des signaux"]
    assert deduced
    assert all(line.assumed and line.evidence for line in deduced)
    assert not any(line.part == "question with a public answer" for line in deduced)


def test_words_never_used_red_lines_and_internal_decisions_stand_under_what_not_to_say(demo: Watch, told: Store) -> None:
    said = words(block(made(demo, told), "not").lines)
    assert all(word in said for word in demo.voice.never)
    assert "mis en danger" in said
    assert "douze communes du plateau" in said


def test_a_date_that_is_not_announced_is_marked_as_not_to_be_announced(demo: Watch, told: Store) -> None:
    lines = {line.lead: line for line in block(made(demo, told), "news").lines}
    assert lines["18 novembre"].tag == "public"
    assert lines["23 novembre"].alarming
    assert "ne pas l’annoncer" in lines["23 novembre"].tag


def test_rules_are_looked_at_for_the_day_of_the_occasion(change: Change, told: Store) -> None:
    watch = change("source: Règlement (UE) 2016/679", "source: x, valid_until: 2026-11-30")
    now = words(block(made(watch, told), "rules").lines)
    later = words(block(made(watch, told, occasion="audition 10 décembre"), "rules").lines)
    assert "En vigueur RGPD" in now
    assert "Expirée, non appliquée RGPD" in later


def test_the_occasion_puts_the_signals_it_speaks_of_first(demo: Watch, told: Store) -> None:
    page = made(demo, told, occasion="interview sur le financement du tram-train")
    assert "tram-train" in page.title
    assert "reporte le vote" in block(page, "essential").lines[0].text
    assert page.level == 4


def test_a_signal_that_is_withheld_is_in_no_line_and_in_no_level(demo: Watch, told: Store) -> None:
    page = made(demo, told, withheld=frozenset({"s1"}))
    assert page.level == 2
    assert "prennent feu" not in words(tuple(page.lines))


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        ("messages", "watch.yml n’a pas de messages"),
        ("rules", "watch.yml n’a pas de rules"),
        ("voice", "watch.yml n’a pas de voice.never"),
    ],
)
def test_what_watch_yml_leaves_out_cannot_be_checked_and_is_said(demo: Watch, told: Store, section: str, sentence: str) -> None:
    empty = type(demo.voice)() if section == "voice" else ()
    page = made(demo.model_copy(update={section: empty}), told)
    assert any(sentence in gap for gap in page.gaps)
    assert made(demo, told).gaps == ()


def test_a_store_that_was_never_looked_at_is_no_calm_one(demo: Watch) -> None:
    page = made(demo, Store(demo))
    assert page.level is None
    assert any("Aucune détection n’a encore eu lieu" in gap for gap in page.gaps)
    assert "sans demander" not in words(tuple(page.lines))


def test_an_old_detection_is_said_to_be_old(demo: Watch, told: Store) -> None:
    page = brief(demo, told, datetime(2026, 12, 20, tzinfo=UTC), FR, ())
    assert any("dernière détection" in gap for gap in page.gaps)


def test_a_confidential_term_is_counted_and_never_written(demo: Watch, told: Store) -> None:
    terms = confidential_terms(demo)
    page = made(demo, told, occasion=f"plateau {terms[0]}")
    said = words(tuple(page.lines)) + page.title
    assert terms
    assert all(term.lower() not in said.lower() for term in terms)
    assert "Confidentiel" in said


def test_a_press_release_of_the_organisation_is_out_already(change: Change, told: Store) -> None:
    feed = "https://aquilon.example/rss.xml"
    watch = change("calendar:\n", f"calendar:\n  - {{rss: {feed}}}\n")
    entry = CalendarEntry(date=date(2026, 11, 24), title="Aquilon ouvre une ligne d'appel")
    watch = watch.model_copy(update={"calendar": (*watch.calendar, entry)})
    row = {"entry": feed, "day": "2026-11-24", "title": entry.title, "seen_at": NOW}
    told.merge(CALENDAR, CALENDAR.check(pd.DataFrame([row])))
    line = next(one for one in block(made(watch, told), "news").lines if "ligne d'appel" in one.text)
    assert (line.tag, line.alarming) == ("communiqué", False)

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from veille.bulletin import compose
from veille.bulletin.page_one import PAGE_ONE_WORDS, page_one_words
from veille.bulletin.types import Bulletin
from veille.errors import UsageError
from veille.mention import MENTIONS
from veille.period import week
from veille.reading import prevalence
from veille.signals.tables import DETECTIONS, SIGNALS


@pytest.fixture(scope="module")
def french(world) -> Bulletin:
    return compose(world.watch, world.store, world.as_of, world.period, run_id="run-1", language="fr")


def _own_week(world) -> pd.DataFrame:
    """The organisation's stories of the week by another road: first mentions that founded them."""
    joined = world.mentions.merge(world.readings, on="mention_id")
    founders = joined[joined["mention_id"] == joined["story_id"]]
    own = founders[founders["subjects"].map(lambda ids: "aquilon" in ids)]
    return own[(own["published_at"] >= world.period.start) & (own["published_at"] < world.period.end)]


def test_tiles_are_what_the_tables_say(french, world):
    own = _own_week(world)
    stories, negative, voice = french.tiles
    assert (stories.name, negative.name, voice.name) == ("stories", "negative_share", "share_of_voice")
    assert stories.value == len(own) == 14
    assert stories.change == pytest.approx((14 - 8) / 8, abs=1e-4)
    # Too few stories to tell whether the measured error is theirs: they are counted as read.
    counted = prevalence.negative_share(own.assign(measured=False))
    assert (negative.value, negative.low, negative.high) == (counted.share, counted.low, counted.high)
    assert not french.method.shares_corrected
    assert negative.low < negative.value < negative.high
    # 8 of 14 after 3 of 8: no interval supports a rise, and none is told.
    assert negative.change is None
    assert not [finding for finding in french.findings if finding.unit == "share" and "ritique" in finding.title]
    assert voice.value == pytest.approx(14 / 19, abs=1e-4)
    assert french.edition.mentions_read == 14 + 5 + 2


def test_topics_count_a_story_once_on_the_day_of_its_first_mention(french):
    doors = next(topic for topic in french.topics if topic.topic_id == "t1")
    assert (doors.stories, doors.stories_before, doors.negative) == (8, 2, 7)
    assert doors.change_pct == 300.0
    assert sum(day.stories for day in french.daily) == 7 + 8 + 14


def test_level_is_the_organisations_own_and_last_week_is_told(french):
    assert (french.level, french.level_before) == (3, 1)
    assert french.headline.startswith("Niveau 3, alerte (contre 1 la semaine précédente).")
    assert "décision" in french.headline


def test_a_first_edition_says_that_there_is_no_week_before(world):
    first = compose(world.watch, world.store, world.as_of, week("2026-W45", "Europe/Paris"), run_id="r", language="fr")
    assert first.level_before is None
    assert "pas de semaine précédente" in first.headline
    assert first.tiles[0].change is None


def test_a_week_that_was_only_looked_at_afterwards_is_told_as_such(world):
    moment = world.as_of + timedelta(hours=1)
    looked = world.store.load(DETECTIONS)
    rebuilt = looked.assign(as_of=looked["as_of"].where(looked["cutoff"] != world.period.start, moment))
    world.store.merge(DETECTIONS, rebuilt)
    try:
        told = compose(world.watch, world.store, moment, world.period, run_id="r", language="fr")
    finally:
        world.store.merge(DETECTIONS, looked)
    assert "calculé après coup" in told.headline
    assert all(item.outcome != "Sans réponse à ce jour." for item in told.followup)


def test_too_little_to_tell_is_said_and_gives_no_level(world):
    # A moment of its own, so that the world other tests see stays as it is.
    moment = world.period.start + timedelta(days=2)
    row = {"cutoff": moment, "as_of": moment, "version": "v", "stories": 9, "tests": 0, "enough_data": False}
    world.store.merge(DETECTIONS, pd.DataFrame([row]))
    thin = compose(world.watch, world.store, moment, world.period, run_id="r", language="fr")
    assert "assez de données" in thin.headline
    assert not thin.edition.enough_data
    assert "Niveau" not in thin.headline


def test_decisions_ask_one_owner_each_within_the_limit_of_the_level(french, world):
    alert, strategic = french.decisions
    # It is read on Monday at 08:30, local, and level 3 leaves four hours.
    noon = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
    assert (alert.decision_id, alert.effect, alert.owner, alert.due) == ("s1", None, "Claire Martin", noon)
    assert (strategic.decision_id, strategic.effect, strategic.owner) == ("d1", "calls_into_question", "Paul Besson")
    assert alert.signal_ids == strategic.signal_ids == ("s1",)


def test_a_competitors_crisis_is_shown_with_its_level_and_asks_nothing(french):
    rival = next(signal for signal in french.signals if signal.signal_id == "s2")
    assert rival.level == 4
    assert rival.due is None
    assert all("s2" not in decision.signal_ids for decision in french.decisions)
    assert [signal.signal_id for signal in french.signals] == ["s2", "s1"]
    assert [signal.signal_id for signal in french.weak_signals] == ["s3"]


def test_every_named_mention_is_quoted_word_for_word_then_masked(french, world):
    texts = world.mentions.set_index("mention_id")
    named = {
        one
        for part in (french.findings, french.signals, french.weak_signals, french.topics)
        for item in part
        for one in item.evidence
    }
    assert named
    assert named == set(french.evidence)
    for mention_id, evidence in french.evidence.items():
        row = texts.loc[mention_id]
        assert evidence.quote in row["title"] + row["text"] or "[mail]" in evidence.quote or "@…" in evidence.quote
        assert "jean" not in evidence.quote
        assert "Boréal" not in evidence.quote
        if row["source"] == "presse":
            assert len(evidence.quote) <= 60
        assert evidence.url == row["url"], "an address that names nobody is kept"


def test_followup_tells_what_became_of_earlier_signals_masked(french):
    told = {item.signal_id: item.outcome for item in french.followup}
    assert "excuses" in told["s0"]
    assert "@paul" not in told["s0"]
    assert told["s1"] == "Sans réponse à ce jour"


def test_relays_name_publishers_and_never_authors(french, world):
    own = _own_week(world)
    assert {relay.name for relay in french.relays} <= set(own["publisher"])
    assert sum(relay.stories for relay in french.relays) >= len(own)
    assert not set(world.mentions["author"].dropna()) & {relay.name for relay in french.relays}


def test_method_names_what_is_not_observed_and_every_threshold(french, world):
    assert "Facebook" in french.method.not_observed
    assert "Mastodon" not in french.method.not_observed
    assert french.method.thresholds["fdr_level"] == world.watch.detection.fdr_level
    assert french.method.run_id == "run-1"
    assert french.method.tone_error


def test_nothing_of_what_came_later_is_seen(world):
    early = datetime(2026, 11, 18, 12, tzinfo=UTC)
    part = compose(world.watch, world.store, early, world.period, run_id="r", language="fr")
    seen = world.mentions[(world.mentions["published_at"] >= world.period.start) & (world.mentions["published_at"] < early)]
    assert part.edition.mentions_read == len(seen) > 0
    assert part.signals == ()


def test_a_week_without_mentions_is_no_data(world):
    empty = compose(world.watch, world.store, world.as_of, week("2026-W40", "Europe/Paris"), run_id="r", language="fr")
    assert empty.edition.status == "no_data"
    assert empty.topics == ()


def test_the_same_tables_give_the_same_bulletin(french, world):
    again = compose(world.watch, world.store, world.as_of, world.period, run_id="run-1", language="fr")
    assert again.to_json() == french.to_json()


def test_english_has_the_same_figures(french, world):
    english = compose(world.watch, world.store, world.as_of, world.period, run_id="run-1", language="en")
    assert english.tiles == french.tiles
    assert english.headline.startswith("Level 3, alert (against 1 the week before).")


def test_another_language_is_refused(world):
    with pytest.raises(UsageError, match="'de'"):
        compose(world.watch, world.store, world.as_of, world.period, run_id="r", language="de")


def test_the_stored_text_stays_as_it_was_published(french, world):
    kept = world.store.load(MENTIONS)
    assert kept["text"].str.contains("jean.dupont@example.org").all()


def test_twin_pages_carry_the_same_findings_decisions_and_evidence(french, world):
    english = compose(world.watch, world.store, world.as_of, world.period, run_id="run-1", language="en")
    assert [item.signal_id for item in english.findings] == [item.signal_id for item in french.findings]
    assert [item.decision_id for item in english.decisions] == [item.decision_id for item in french.decisions]
    assert english.evidence == french.evidence
    assert page_one_words(english) <= PAGE_ONE_WORDS
    assert page_one_words(french) <= PAGE_ONE_WORDS


def test_a_weak_signal_of_level_2_is_a_finding_to_be_verified(world):
    found = world.store.load(SIGNALS)
    now = found["cutoff"] == found["cutoff"].max()
    weak = found[now & (found["signal_id"] == "s3")].assign(level=2, title="Bus de nuit : « cinq » blessés")
    world.store.replace(SIGNALS, weak, column="cutoff", value=found["cutoff"].max())
    try:
        told = compose(world.watch, world.store, world.as_of, world.period, run_id="r", language="fr")
    finally:
        world.store.replace(SIGNALS, found[now], column="cutoff", value=found["cutoff"].max())
    assert "Signal faible nouveau, à vérifier" in told.headline
    assert "Bus de nuit : “cinq” blessés" in told.headline
    assert told.findings[0].signal_id == "s3"
    assert told.findings[0].title.startswith("À vérifier, sur ")
    assert told.findings[0].confidence == "faible"
    assert told.decisions == ()
    assert [signal.signal_id for signal in told.weak_signals] == ["s3"]


def test_an_impostor_is_named_by_what_it_does_and_stands_behind_what_leadership_decides(world):
    found = world.store.load(SIGNALS)
    now = found["cutoff"] == found["cutoff"].max()
    posing = found[now & (found["signal_id"] == "s3")].assign(
        signal_id="s9", kind="impostor", posing="asks", level=3, level_reason="impostor_asks", topic_id=None,
        title="Compte @faux", score=99.0, mentions=4,
    )  # fmt: skip
    rows = pd.concat([found[now], SIGNALS.check(posing)], ignore_index=True)
    world.store.replace(SIGNALS, rows, column="cutoff", value=found["cutoff"].max())
    try:
        pages = [
            compose(world.watch, world.store, world.as_of, world.period, run_id="r", language=code) for code in ("fr", "en")
        ]
    finally:
        world.store.replace(SIGNALS, found[now], column="cutoff", value=found["cutoff"].max())
    french, english = ({signal.signal_id: signal for signal in page.signals}["s9"] for page in pages)
    assert french.title == "Un faux compte de l’organisation demande des données ou de l’argent"
    assert english.title == "False account of the organisation asks for data or money"
    assert (
        french.level_reason == "un compte qui se fait passer pour l’organisation demande au public des données ou de l’argent"
    )
    # The crisis of the same level stands before it, though its score is lower.
    assert [finding.signal_id for finding in pages[0].findings][:2] == ["s1", "s9"]
    asked = {decision.decision_id: decision for decision in pages[0].decisions}
    assert [*asked][-1] == "s9"
    assert asked["s9"].ask == "Faire fermer le compte et prévenir le public, ou non"
    assert asked["s9"].waiting == "Il a été vu 4 fois cette semaine"

"""What is kept beside a signal, through the one verb that finds signals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from tests.signals.conftest import BAD, WATCH, Tell
from veille.errors import UsageError
from veille.mention import MENTIONS
from veille.period import Period
from veille.signals import CARRIERS, DUTIES, SIGNALS, DetectionResult, confirm_cluster, detect, journal
from veille.signals.journal import confirmed_clusters
from veille.store import Store
from veille.watch import Watch

MONDAY = datetime(2022, 1, 24, 8, tzinfo=UTC)
PERIOD = Period(MONDAY.date(), MONDAY.date() + timedelta(days=6), "Europe/Paris")
RULES = """
rules:
  - {id: r1, title: Rappel, duty: "informer sans délai, au plus tard sous 24 heures", trigger: [plainte déposée], source: loi}
  - {id: r2, title: Ancienne, duty: sous 72 h, trigger: [intoxication], valid_until: 2021-12-31}
  - {id: r3, title: Autre, duty: sous 72 h, trigger: [fuite de données]}
"""


@pytest.fixture
def watch(make_watch: Callable[[str], Watch]) -> Watch:
    return make_watch(WATCH + RULES)


@pytest.fixture
def crisis(tell: Tell, habit: None) -> None:
    tell([f"{title} ({number})" for number in range(3) for title in BAD], MONDAY + timedelta(days=4), hours=3, tone="negative")


def run(watch: Watch, store: Store, day: int = 7) -> DetectionResult:
    return detect(watch, store, MONDAY + timedelta(days=day), PERIOD)


def test_a_rule_in_force_is_started_with_its_hour_an_expired_one_is_named_and_another_is_not(
    watch: Watch, store: Store, crisis: None
) -> None:
    result = run(watch, store)
    duties = store.load(DUTIES).set_index("rule_id")
    assert sorted(duties.index) == ["r1", "r2"]
    assert duties["in_force"].to_dict() == {"r1": True, "r2": False}
    assert bool(duties.loc["r1", "at_once"])
    assert duties.loc["r1", "due_at"] - duties.loc["r1", "known_at"] == pd.Timedelta(hours=24)
    assert duties.loc["r1", "known_at"] == pd.Timestamp(result.cutoff)
    assert pd.isna(duties.loc["r2", "due_at"])
    assert len(duties.loc["r1", "evidence"]) >= 1


def test_a_duty_in_working_days_respects_the_holidays_of_the_watch(
    make_watch: Callable[[str], Watch], store: Store, crisis: None
) -> None:
    rules = RULES.replace("au plus tard sous 24 heures", "au plus tard sous deux jours ouvrés")
    # The lunar new year: 1 to 3 February 2022, Tuesday to Thursday.
    run(make_watch(WATCH + rules + "hours: {holidays: HK}\n"), store)
    due = store.load(DUTIES).set_index("rule_id").loc["r1", "due_at"]
    assert due == pd.Timestamp("2022-02-08T00:00+01:00")


def test_a_signal_is_known_since_its_first_detection_whatever_later_rows_say(watch: Watch, store: Store, crisis: None) -> None:
    first = run(watch, store, 6).signals
    opened = pd.Timestamp(MONDAY + timedelta(days=6))
    assert (first["detected_at"] == opened).all()
    # A detection made again, that did not know of the first, wrote its own time.
    store.replace(SIGNALS, first.assign(detected_at=opened + timedelta(hours=12)), "cutoff", opened)
    later = run(watch, store).signals
    known = later.loc[later["signal_id"].isin(first["signal_id"])]
    assert len(known)
    assert (known["detected_at"] == opened).all()


def test_the_clock_of_a_duty_starts_once(watch: Watch, store: Store, crisis: None) -> None:
    first = run(watch, store, 6)
    later = run(watch, store)
    signal_id = first.signals["signal_id"].iloc[0]
    mine = later.duties.loc[later.duties["signal_id"] == signal_id].set_index("rule_id")
    assert "r2" in set(first.duties["rule_id"])
    assert mine.loc["r2", "known_at"] == pd.Timestamp(first.cutoff)


def test_another_company_s_crisis_starts_no_duty(watch: Watch, store: Store, tell: Tell, habit: None) -> None:
    titles = [f"{title.replace('Essai', 'Rivale')} ({number})" for number in range(3) for title in BAD]
    tell(titles, MONDAY + timedelta(days=4), hours=3, tone="negative", subject="rivale")
    result = run(watch, store)
    assert set(result.signals["subject"]) == {"rivale"}
    assert result.duties.empty


def test_a_signal_says_who_carries_it_and_in_which_words(watch: Watch, store: Store, crisis: None) -> None:
    row = run(watch, store).signals.iloc[0]
    assert row["press_ratio"] == 1.0
    assert row["national_ratio"] == 0.0
    assert row["new_relays"] == 0
    assert "intoxication" in list(row["words"])
    assert "essai" not in list(row["words"])
    carriers = store.load(CARRIERS)
    assert set(carriers["signal_id"]) == {row["signal_id"]}
    assert set(carriers["carrier"]) == {"journal0.fr", "journal1.fr"}
    assert row["coordination"] == "none"


def test_a_person_confirms_the_cluster_and_the_score_follows(watch: Watch, store: Store, crisis: None) -> None:
    before = run(watch, store, 6).signals.iloc[0]
    assert pd.isna(before["cluster_confirmed_by"])
    scores = {}
    for hour, cluster in enumerate(("victim", "accident", "preventable")):
        confirm_cluster(store, before["signal_id"], cluster, MONDAY + timedelta(days=6, hours=hour), "A. Martin", "enquête")
        after = run(watch, store).signals.set_index("signal_id").loc[before["signal_id"]]
        assert (after["responsibility_cluster"], after["cluster_confirmed_by"]) == (cluster, "A. Martin")
        scores[cluster] = after["score"]
    assert scores["victim"] < scores["accident"] < scores["preventable"]
    # An earlier look is made again as it was.
    again = run(watch, store, 6).signals.iloc[0]
    assert pd.isna(again["cluster_confirmed_by"]) or again["score"] != before["score"]


def test_an_unknown_cluster_or_signal_or_nobody_is_refused(watch: Watch, store: Store, crisis: None) -> None:
    signal_id = run(watch, store).signals["signal_id"].iloc[0]
    with pytest.raises(UsageError, match="no cluster"):
        confirm_cluster(store, signal_id, "innocent", MONDAY, "A. Martin")
    with pytest.raises(UsageError, match="no signal"):
        confirm_cluster(store, "s-nothing", "victim", MONDAY, "A. Martin")
    with pytest.raises(UsageError, match="name"):
        confirm_cluster(store, signal_id, "victim", MONDAY, " ")
    assert confirmed_clusters(journal(store)).empty


def test_accounts_that_post_the_same_words_at_once_are_told_and_are_one_story(
    watch: Watch, store: Store, crisis: None, tell: Tell
) -> None:
    call = "Essai savait : clients hospitalisés après une intoxication, victimes, rapport dissimulé, partagez-le partout autour"
    tell([call] * 12, MONDAY + timedelta(days=5, hours=6), hours=0.01, tone="negative", kind="post", story="campagne")
    posts = store.load(MENTIONS)
    posts = posts.loc[posts["kind"] == "post"].reset_index(drop=True)
    store.merge(MENTIONS, posts.assign(author=[f"a_{number}" for number in range(len(posts))]))
    loud = run(watch, store).signals
    row = loud.loc[loud["coordinated_accounts"] > 0].iloc[0]
    assert (row["coordination"], row["coordinated_accounts"]) == ("marked", 12)
    assert len(row["coordination_evidence"]) == 8
    # Twelve mentions of one story.
    assert row["mentions"] - row["stories"] == 11


def test_running_again_writes_the_same(watch: Watch, store: Store, crisis: None) -> None:
    one, two = run(watch, store), run(watch, store)
    pd.testing.assert_frame_equal(one.carriers, two.carriers)
    pd.testing.assert_frame_equal(one.duties, two.duties)
    pd.testing.assert_frame_equal(one.signals, two.signals)

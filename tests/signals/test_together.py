"""Detection end to end on watches written through the store: affairs, strategy, weak signals, continuity, pick-up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from veille.period import Period, week
from veille.signals import SignalKind, detect
from veille.signals.tables import Act
from veille.store import Store
from veille.watch import Watch

from .conftest import BAD, GOOD, WATCH, Tell

Sort = Callable[[datetime, dict[str, str]], None]

RISE = week("2022-W04", "Europe/Paris")
MONDAY = datetime(2022, 1, 24, 9, tzinfo=UTC)
STRATEGY = """\
strategy:
  objectives: [{id: o1, title: Doubler les ventes, weight: 5, terms: [ventes]}]
  decisions:
    - {id: d1, title: Répondre au marché du tramway, weight: 5, terms: [tramway], due: 2022-03-01,
       assumptions: [La Région finance le tramway à hauteur de dix millions]}
  red_lines: [{id: r1, title: Personne en danger, weight: 5, terms: [intoxication, mise en danger]}]
"""
VOTE = [
    "La Région reporte le vote : dix millions pour le tramway ne seront pas financés",
    "Tramway : après le report du vote, Essai attend de la Région les millions promis",
    "Report du tramway, la Région ne finance plus les dix millions",
    "Le tramway d’Essai suspendu au vote de la Région, dix millions manquent au financement",
]


def signals(watch: Watch, store: Store, period: Period = RISE) -> pd.DataFrame:
    return detect(watch, store, period.end, period).signals


@pytest.mark.usefixtures("habit")
def test_affair_split_over_topics_is_one_signal_of_its_own_stories(watch: Watch, store: Store, tell: Tell, sort: Sort) -> None:
    fires = [f"Essai : la batterie du vélo {place} prend feu, un blessé" for place in ("gare", "fac", "quai", "port", "parc")]
    knew = [
        f"Batterie en feu : Essai savait, {who} accuse" for who in ("le maire", "la mère", "un salarié", "le parquet", "un élu")
    ]
    tell([*fires, *knew], MONDAY + timedelta(days=2), hours=3, tone="negative")
    tell([f"{GOOD} {number}" for number in range(50, 56)], MONDAY, hours=20)
    sort(RISE.end, {"Essai : la batterie": "fire", "Batterie en feu": "knew"})
    found = signals(watch, store)
    assert found["kind"].tolist() == [SignalKind.NEGATIVE_EMERGENCE]
    signal = found.iloc[0]
    assert signal["topic_id"] in {"fire", "knew"}
    assert signal["stories"] == len(fires) + len(knew)
    assert signal["first_seen"] == pd.Timestamp(MONDAY + timedelta(days=2))
    assert "feu" in signal["title"]
    assert len(signal["title"]) <= 70
    titles = store.mentions(RISE.end, RISE).set_index("mention_id").loc[signal["evidence"], "title"]
    assert titles.str.startswith("Essai : la batterie").any()
    assert titles.str.startswith("Batterie en feu").any()


@pytest.mark.usefixtures("habit")
def test_vote_calls_a_decision_into_question_and_says_by_whom(
    make_watch: Callable[[str], Watch], store: Store, tell: Tell, sort: Sort
) -> None:
    watch = make_watch(WATCH + STRATEGY)
    tell(VOTE, MONDAY, hours=12)
    tell([f"{GOOD} 99"], MONDAY, read=False)
    sort(RISE.end, dict.fromkeys(VOTE, "vote"))
    found = signals(watch, store)
    assert found["kind"].tolist() == [SignalKind.STRATEGIC]
    signal = found.iloc[0]
    assert (list(signal["effects_ids"]), list(signal["effects"])) == (["d1"], ["calls_into_question"])
    assert signal["topic_id"] == "vote"
    assert signal["level"] <= 2
    titles = store.mentions(RISE.end, RISE).set_index("mention_id")["title"]
    assert {titles[mention] for mention in signal["evidence"]} == set(VOTE)


@pytest.mark.usefixtures("habit")
def test_everyday_talk_close_to_a_decision_is_no_signal(
    make_watch: Callable[[str], Watch], store: Store, tell: Tell, sort: Sort
) -> None:
    watch = make_watch(WATCH + STRATEGY)
    tell([f"Le tramway d’Essai, photo {number}" for number in range(30)], datetime(2021, 12, 1, tzinfo=UTC), hours=44)
    tell([f"{GOOD} 99"], MONDAY, read=False)
    sort(RISE.end, {"Le tramway": "tram"})
    assert signals(watch, store).empty


@pytest.mark.usefixtures("habit")
@pytest.mark.parametrize(("subject", "red"), [("essai", True), ("rivale", False)])
def test_red_lines_are_those_of_the_organisation_itself(
    make_watch: Callable[[str], Watch], store: Store, tell: Tell, sort: Sort, subject: str, red: bool
) -> None:
    watch = make_watch(WATCH + STRATEGY)
    tell(BAD, MONDAY, tone="negative", subject=subject)
    tell([f"{GOOD} 99"], MONDAY, read=False)
    sort(RISE.end, dict.fromkeys(BAD, "crisis"))
    signal = signals(watch, store).iloc[0]
    assert ("r1" in signal["effects_ids"]) == red
    assert "d1" not in signal["effects_ids"]


@pytest.mark.usefixtures("habit")
def test_harm_told_week_after_week_is_a_weak_signal(watch: Watch, store: Store, tell: Tell, sort: Sort) -> None:
    slow = [
        f"Dépôt Essai : {what}, odeur de cave"
        for what in ("migraines", "maux de tête", "des vertiges", "nausées", "ils toussent")
    ]
    tell(slow, MONDAY - timedelta(days=20), hours=24 * 5.5, kind="post")
    sort(RISE.end, {})
    found = signals(watch, store)
    assert found["kind"].tolist() == [SignalKind.WEAK]
    assert found["level"].iloc[0] in (1, 2)
    assert found["gravity_category"].iloc[0] == "health"
    assert len(found["evidence"].iloc[0]) == len(slow)


@pytest.mark.usefixtures("habit")
def test_harm_told_once_only_is_none(watch: Watch, store: Store, tell: Tell, sort: Sort) -> None:
    tell(["Dépôt Essai : migraines", "Dépôt Essai : nausées"], MONDAY - timedelta(days=20), hours=24, kind="post")
    sort(RISE.end, {})
    assert signals(watch, store).empty


@pytest.mark.usefixtures("habit")
def test_signal_keeps_its_id_over_topics_and_a_second_wave_reopens_it(
    watch: Watch, store: Store, tell: Tell, sort: Sort
) -> None:
    sides = dict.fromkeys(BAD, "crisis") | {"Essai : encore": "crisis"}
    tell(BAD, MONDAY, tone="negative")
    sort(RISE.end, sides)
    first = detect(watch, store, RISE.end, RISE)
    quiet = week("2022-W06", "Europe/Paris")
    sort(quiet.end, sides)
    assert detect(watch, store, quiet.end, quiet).signals.empty
    wave = [
        f"Essai : encore une plainte pour intoxication, la {name}" for name in ("une", "deux", "trois", "quatre", "cinq", "six")
    ]
    later = week("2022-W09", "Europe/Paris")
    tell(wave, datetime(2022, 3, 1, tzinfo=UTC), tone="negative")
    sort(later.end, sides)
    second = detect(watch, store, later.end, later)
    assert second.signals["signal_id"].tolist() == first.signals["signal_id"].tolist()
    assert second.events["act"].tolist() == [Act.REOPENED]
    assert (first.reopened, second.reopened) == (0, 1)


@pytest.mark.usefixtures("habit")
def test_press_that_takes_up_what_posts_told_is_a_pick_up(watch: Watch, store: Store, tell: Tell, sort: Sort) -> None:
    tell(BAD[:4], MONDAY, tone="negative", kind="post", hours=2)
    sides = dict.fromkeys(BAD, "crisis")
    sort(RISE.end, sides)
    assert signals(watch, store)["press_pickup_at"].isna().all()
    tell(BAD[4:], MONDAY + timedelta(days=1), tone="negative")
    sort(RISE.end, sides)
    found = signals(watch, store)
    assert found["press_pickup_at"].tolist() == [pd.Timestamp(MONDAY + timedelta(days=1))]
    assert found["level"].iloc[0] >= 3


@pytest.mark.usefixtures("habit")
def test_result_says_what_is_missing_below(watch: Watch, store: Store, tell: Tell, sort: Sort) -> None:
    told = " ".join(detect(watch, store, RISE.end, RISE).warnings)
    assert "no topics of this cut-off" in told
    assert "read by other models" in told
    assert "have not been read" not in told
    tell([f"{GOOD} 99"], MONDAY, read=False)
    sort(RISE.end, {})
    told = " ".join(detect(watch, store, RISE.end, RISE).warnings)
    assert "1 of" in told
    assert "have not been read" in told
    assert "no topics" not in told

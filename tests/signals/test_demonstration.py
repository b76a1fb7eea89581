"""The demonstration day by day: each of its stories is told for what it is, on the day on which it can be."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from ruamel.yaml import YAML

from tests.demo.stored import DEMO, demonstration
from veille import signals, topics
from veille.mention import MENTIONS
from veille.period import Period
from veille.signals import DetectionResult, SignalKind

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

ZONE = "Europe/Paris"
CRISIS = date(2026, 11, 19)
DAYS = (date(2026, 11, 13), date(2026, 11, 16), date(2026, 11, 17), date(2026, 11, 18), CRISIS)

Looked = tuple[dict[date, DetectionResult], dict[str, set[str]]]


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> Looked:
    """Return what a detection at the end of each day finds, one after the other on one store, and what was planted."""
    watch, store = demonstration(tmp_path_factory.mktemp("days"))
    found = {}
    for day in DAYS:
        period = Period(day, day, ZONE)
        topics.update(watch, store, period.end, period)
        found[day] = signals.detect(watch, store, period.end, period)
    truth = YAML(typ="safe", pure=True).load((DEMO / "truth.yml").read_text(encoding="utf-8"))
    mentions = store.load(MENTIONS, ["mention_id", "native_id", "url", "kind"])
    name = mentions["url"].where(mentions["kind"] == "article", mentions["native_id"])
    ids = dict(zip(name, mentions["mention_id"], strict=True))
    planted = {what: {ids[one] for one in told["mentions"] if one in ids} for what, told in truth.items() if "mentions" in told}
    return found, planted


def about(rows: pd.DataFrame, planted: set[str]) -> pd.DataFrame:
    """Return the rows most of whose evidence was planted for one story."""
    share = rows["evidence"].map(lambda evidence: sum(one in planted for one in evidence) / max(1, len(evidence)))
    return rows.loc[share >= 0.5]


def on(looked: Looked, day: date, what: str) -> pd.DataFrame:
    return about(looked[0][day].signals, looked[1][what])


def every(looked: Looked, what: str) -> pd.DataFrame:
    return pd.concat([on(looked, day, what) for day in DAYS])


def test_the_battery_crisis_is_flagged_on_its_first_day_with_its_duty(looked: Looked) -> None:
    rows = on(looked, CRISIS, "crisis")
    row = rows.sort_values("level", ascending=False).iloc[0]
    assert (row["level"], row["kind"], row["gravity_category"]) == (4, SignalKind.NEGATIVE_EMERGENCE, "persons")
    assert dict(zip(row["effects_ids"], row["effects"], strict=True))["r1"] == "calls_into_question"
    assert {"feu", "velo", "velos", "batterie"} & set(row["words"])
    duties = looked[0][CRISIS].duties
    duty = duties.loc[duties["signal_id"] == row["signal_id"]].set_index("rule_id")
    assert list(duty.index) == ["g2"]
    assert bool(duty.loc["g2", "at_once"])
    assert all(on(looked, day, "crisis").empty for day in DAYS if day < CRISIS)


def test_the_weak_signal_is_listed_as_weak_and_never_as_an_alert(looked: Looked) -> None:
    rows = every(looked, "weak_signal")
    assert set(rows["kind"]) == {SignalKind.WEAK}
    assert rows["level"].max() <= 2


def test_the_positive_surge_is_a_finding_and_no_alarm(looked: Looked) -> None:
    surges = pd.concat([about(looked[0][day].surges, looked[1]["positive_surge"]) for day in DAYS])
    assert set(surges["subject"]) == {"aquilon"}
    assert every(looked, "positive_surge").empty


def test_the_competitor_s_crisis_is_told_as_his_and_starts_no_duty(looked: Looked) -> None:
    rows = every(looked, "competitor_crisis")
    assert rows["cutoff"].min() == looked[0][DAYS[0]].cutoff
    assert set(rows["role"]) == {"competitor"}
    assert set(rows["kind"]) == {SignalKind.NEGATIVE_EMERGENCE}
    duties = pd.concat([looked[0][day].duties for day in DAYS])
    assert not set(duties["signal_id"]) & set(rows["signal_id"])
    assert "g1" not in set(duties["rule_id"])


def test_nothing_of_it_is_posted_together(looked: Looked) -> None:
    assert set(pd.concat([looked[0][day].signals for day in DAYS])["coordination"]) == {"none"}

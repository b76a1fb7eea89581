"""Topics of the demonstration, week by week through the verb that editions call, against what is hidden in it."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest
import yaml

from tests.demo.stored import DEMO, demonstration
from veille import topics
from veille.mention import MENTIONS
from veille.period import week

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
TRUE_TOPICS = (
    "crisis", "weak_signal", "positive_surge", "positive_surge_september", "competitor_crisis", "vote",
    "question_answered", "question_expired", "question_unanswered", "strike", "ticketing",
)  # fmt: skip
LEAST_TEXTS = 5
FLOORS = {"identity_kept_ratio": 0.95, "born_on_time_ratio": 0.90}


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    """Return how many identities were kept and births seen on time, as `evaluate stream` defines them; a week is a batch."""
    watch, store = demonstration(tmp_path_factory.mktemp("demo"))
    truth = yaml.safe_load((DEMO / "truth.yml").read_text("utf-8"))
    of_name = {str(name): label for label in reversed(TRUE_TOPICS) for name in truth[label]["mentions"]}
    mentions = store.load(MENTIONS, ["mention_id", "kind", "url", "native_id", "published_at"])
    mentions["label"] = mentions["native_id"].where(mentions["kind"] != "article", mentions["url"]).map(of_name)
    majorities, seen_labels, seen_topics, born = [], set(), set(), []
    for number in range(30, 48):
        period = week(f"2026-W{number}", watch.timezone)
        assigned = topics.update(watch, store, period.end, period).assignments
        now = mentions.merge(assigned, on="mention_id").query("published_at >= @period.start")
        told = now.dropna(subset=["label"])
        counts = told.value_counts(["label", "topic_id"]).reset_index()
        counts = counts.loc[counts["label"].map(told["label"].value_counts()) >= LEAST_TEXTS]
        majority = counts.sort_values(["count", "topic_id"], ascending=[False, True]).drop_duplicates("label")
        majority = majority.set_index("label")["topic_id"]
        if majorities:
            born += [majority[label] not in seen_topics for label in majority.index if label not in seen_labels]
        majorities.append(majority)
        seen_labels |= set(told["label"])
        seen_topics |= set(assigned["topic_id"])
    kept = [
        bool(before[label] == now[label])
        for before, now in itertools.pairwise(majorities)
        for label in before.index.intersection(now.index)
    ]
    return {
        "identity_kept_ratio": float(pd.Series(kept).mean()),
        "born_on_time_ratio": float(pd.Series(born).mean()),
        "pairs": len(kept),
        "births": len(born),
    }


def test_the_demonstration_gives_cases_to_judge(judged: dict[str, float]) -> None:
    assert judged["pairs"] >= 5
    assert judged["births"] >= 5


@pytest.mark.parametrize("figure", ["identity_kept_ratio", "born_on_time_ratio"])
def test_identity_and_births_do_not_fall_below_their_floor(judged: dict[str, float], figure: str) -> None:
    assert judged[figure] >= FLOORS[figure], judged

"""The verb: what is kept, what is new, and labels that people put over it or that teach."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from veille import labels, reading
from veille.labels import Relevance
from veille.mention import MENTIONS
from veille.reading.relevance import RELEVANCE, Reason, judge, remaining, set_aside, standing
from veille.reading.relevance.learned import LEAST_LABELS, combined, learn
from veille.store import Store
from veille.watch import Watch

NOW = datetime(2026, 11, 20, tzinfo=UTC)
LATER = datetime(2026, 11, 21, tzinfo=UTC)
JUICE = "un grand jus d'orange ce matin"
DOWN = "orange encore en panne ce soir"


def put(store: Store, *texts: str, subjects: list[str] | None = None) -> list[str]:
    first = pd.Timestamp("2026-11-10", tz="UTC")
    known = len(store.load(MENTIONS))
    ids = [f"m{known + place:05d}" for place in range(len(texts))]
    frame = pd.DataFrame({"mention_id": ids, "text": list(texts), "title": "", "kind": "post"})
    frame["subjects"] = [subjects or ["orange"]] * len(texts)
    frame["published_at"] = first + pd.to_timedelta(np.arange(known, known + len(texts)), unit="min")
    store.merge(MENTIONS, frame.assign(source="s", source_type="x", publisher="x.com"))
    return ids


def label(store: Store, ids: list[str], value: str, *, at: datetime = NOW, subject: str | None = "orange") -> None:
    rows = pd.DataFrame({"mention_id": ids, "subject": subject, "what": labels.What.RELEVANCE, "value": value})
    labels.add(store, rows, at=at, by="ana")


def test_judging_twice_judges_and_writes_nothing(watch: Watch, store: Store) -> None:
    put(store, JUICE, DOWN)
    first = judge(watch, store, NOW)
    assert (first.judged, first.reused, first.set_aside) == (2, 0, {"homonym": 1})
    before = store.load(RELEVANCE)
    assert before["version"].unique().tolist() == [first.version]
    second = judge(watch, store, NOW)
    assert (second.judged, second.reused) == (0, 2)
    pd.testing.assert_frame_equal(store.load(RELEVANCE), before)


def test_only_what_is_new_or_changed_is_judged(watch: Watch, store: Store) -> None:
    put(store, JUICE)
    reading.read(watch, store, NOW)
    judge(watch, store, NOW)
    put(store, DOWN)
    reading.read(watch, store, NOW)
    assert judge(watch, store, NOW).judged == 1
    changed = store.load(MENTIONS).assign(text=DOWN)
    store.merge(MENTIONS, changed)
    reading.read(watch, store, NOW)
    assert judge(watch, store, NOW).judged == 1
    assert set(store.load(RELEVANCE)["verdict"]) == {Relevance.RELEVANT}


def test_another_account_in_the_watch_judges_again(make_watch: Callable[[str], Watch], watch: Watch, store: Store) -> None:
    put(store, DOWN)
    judge(watch, store, NOW)
    text = "watch: essai\norganisation: Essai\nsubjects:\n  - {id: orange, name: Orange, query: orange}\n"
    assert judge(make_watch(text), store, NOW).judged == 1


def test_a_person_decides_and_can_take_it_back(watch: Watch, store: Store) -> None:
    juice, down = put(store, JUICE, DOWN)
    judge(watch, store, NOW)
    mentions = store.mentions(LATER)
    assert set_aside(store, NOW, mentions)["mention_id"].tolist() == [juice]
    label(store, [juice], Relevance.RELEVANT, at=LATER)
    label(store, [down], Relevance.OFF_TOPIC, at=LATER, subject=None)
    assert set_aside(store, NOW, mentions)["mention_id"].tolist() == [juice]
    aside = set_aside(store, LATER, mentions)
    assert aside[["mention_id", "verdict", "reason", "detail"]].to_numpy().tolist() == [[down, "off_topic", "person", "ana"]]
    label(store, [juice], labels.WITHDRAWN, at=LATER.replace(hour=1))
    assert set_aside(store, LATER.replace(hour=2), mentions)["mention_id"].tolist() == [juice, down]


def test_a_label_counts_where_the_machine_has_not_judged(watch: Watch, store: Store) -> None:
    (down,) = put(store, DOWN)
    label(store, [down], Relevance.HOMONYM)
    assert standing(store, NOW, store.mentions(NOW))["verdict"].tolist() == [Relevance.HOMONYM]


def test_what_remains_loses_subjects_and_no_mention(watch: Watch, store: Store) -> None:
    put(store, "rivale et jus d'orange", DOWN, subjects=["orange", "rivale"])
    mentions = store.mentions(NOW)
    aside = pd.DataFrame({"mention_id": ["m00000", "m00001", "m00001"], "subject": ["orange", "orange", "rivale"]})
    assert remaining(mentions, aside)["subjects"].tolist() == [["rivale"], []]
    assert remaining(mentions, aside.iloc[:0])["subjects"].map(list).tolist() == [["orange", "rivale"]] * 2


def test_labels_teach_what_rules_do_not_know(watch: Watch, store: Store) -> None:
    fans = [f"le musée du vélo expose la collection orange de cycles anciens, salle {place}" for place in range(30)]
    phones = [f"ma ligne mobile orange ne capte plus dans la rue numéro {place}, opérateur nul" for place in range(30)]
    ids = put(store, *fans, *phones)
    reading.read(watch, store, NOW)
    judge(watch, store, NOW)
    assert set_aside(store, NOW, store.mentions(NOW)).empty
    label(store, ids[:25], Relevance.OFF_TOPIC)
    label(store, ids[30:55], Relevance.RELEVANT)
    result = judge(watch, store, NOW)
    assert result.learned == ("orange",)
    machine = store.load(RELEVANCE).set_index("mention_id")
    assert machine.loc[ids[25:30], "verdict"].eq(Relevance.OFF_TOPIC).all()
    assert machine.loc[ids[25:30], "reason"].eq(Reason.LEARNED).all()
    assert machine.loc[ids[30:], "verdict"].eq(Relevance.RELEVANT).all()
    assert judge(watch, store, NOW).judged == 0


def test_labels_without_sense_teach_nothing() -> None:
    draw = np.random.default_rng(0)
    vectors = draw.normal(size=(120, 16)).astype(np.float32)
    values = pd.Series(np.where(draw.random(120) < 0.5, "homonym", "relevant"))
    assert learn(vectors, values, np.zeros(120, dtype=bool)) is None
    assert learn(vectors[: LEAST_LABELS - 1], values[: LEAST_LABELS - 1], np.zeros(LEAST_LABELS - 1, dtype=bool)) is None


@pytest.mark.parametrize(("ruled", "chance", "aside"), [(0, 0.89, 0), (0, 0.9, 1), (1, 0.5, 1), (1, 0.05, 0)])
def test_a_doubt_leaves_the_rule_and_no_rule_leaves_the_mention(ruled: int, chance: float, aside: int) -> None:
    assert combined(np.array([bool(ruled)]), np.array([chance]), 0.9).tolist() == [bool(aside)]

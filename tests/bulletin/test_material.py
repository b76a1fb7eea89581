"""What a bulletin rests on: nothing that a later look knew."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from tests.bulletin.conftest import World
from veille.bulletin.compose import compose
from veille.bulletin.figures import negative_share, story_table
from veille.bulletin.material import collect
from veille.bulletin.method import not_observed
from veille.bulletin.render import render
from veille.gather.tables import SOURCE_HEALTH
from veille.language import Language
from veille.reading import READINGS
from veille.store import Store
from veille.topics.tables import ASSIGNMENTS, TOPICS
from veille.watch import load_watch


def test_topics_of_an_earlier_week_that_were_found_later_are_not_seen(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "watch"
    shutil.copytree(world.watch.file.parent, folder)
    watch = load_watch(folder / "watch.yml")
    store = Store(watch)
    cutoff = pd.Timestamp(world.period.start - timedelta(days=7))
    topics = store.load(TOPICS).head(1)
    later = pd.Timestamp(world.as_of + timedelta(days=1))
    store.replace(TOPICS, topics.assign(cutoff=cutoff, as_of=later, topic_id="t9"), "cutoff", cutoff)
    unassigned = store.load(ASSIGNMENTS)
    old = unassigned["mention_id"].iloc[0]
    store.replace(ASSIGNMENTS, unassigned.loc[unassigned["mention_id"] != old], "cutoff", unassigned["cutoff"].iloc[0])
    store.replace(ASSIGNMENTS, unassigned.head(1).assign(cutoff=cutoff, topic_id="t9"), "cutoff", cutoff)

    def topic_of_old(as_of: pd.Timestamp) -> object:
        mentions = collect(watch, store, as_of.to_pydatetime(), world.period).mentions
        return mentions.set_index("mention_id")["topic_id"].loc[old]

    assert pd.isna(topic_of_old(pd.Timestamp(world.as_of)))
    assert topic_of_old(later) == "t9"


def test_shares_go_by_the_score_that_their_error_was_measured_on(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "watch"
    shutil.copytree(world.watch.file.parent, folder)
    watch = load_watch(folder / "watch.yml")
    store = Store(watch)
    readings = store.load(READINGS)
    chosen = readings["mention_id"].isin(collect(watch, store, world.as_of, world.period).mentions["mention_id"].head(1))
    labelled = readings.loc[chosen].assign(
        tone="negative", p_negative=1.0, read_by="person", adaptation="l1", base_negative=0.25
    )
    store.merge(READINGS, labelled)
    row = collect(watch, store, world.as_of, world.period).mentions.set_index("mention_id").loc[labelled["mention_id"].iloc[0]]
    assert (row["tone"], row["p_negative"]) == ("negative", 0.25)


def test_what_a_source_could_not_give_is_told_within_the_week(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "watch"
    shutil.copytree(world.watch.file.parent, folder)
    watch = load_watch(folder / "watch.yml")
    store = Store(watch)
    start = pd.Timestamp(world.period.start)
    row = {
        "source": "presse",
        "asked": 1,
        "received": 3,
        "new": 0,
        "updated": 0,
        "refused": 0,
        "not_modified": False,
        "seconds": 1.0,
    }
    lost = {"unfilled_from": start - timedelta(days=2), "unfilled_until": start + timedelta(days=1)}
    store.merge(SOURCE_HEALTH, SOURCE_HEALTH.check(pd.DataFrame([
        row | lost | {"at": start + timedelta(days=1), "verdict": "ok"},
        row | {"at": start + timedelta(days=2), "verdict": "defect", "error": "a defect of veille: ValueError at rss.py:3"},
    ])))  # fmt: skip
    made = compose(watch, store, world.as_of, world.period, run_id="r", language="fr")
    source = next(source for source in made.method.sources if source.id == "presse")
    assert (source.verdict, source.missing_from, source.missing_until) == ("defect", start, start + timedelta(days=1))
    page = render(made)
    assert "presse peut manquer de ce qui a été publié du" in page
    assert "non lue : veille a échoué" in page.replace("\u202f", " ").replace("\xa0", " ")
    assert "ValueError at rss.py:3" in page


def test_a_network_whose_source_is_switched_off_is_not_observed(world: World) -> None:
    told = {}
    for enabled in ("true", "false"):
        source = f"- {{id: r, type: reddit, queries: [aquilon], enabled: {enabled}}}\n"
        file = world.watch.file.with_name(f"reddit-{enabled}.yml")
        text = world.watch.file.read_text(encoding="utf-8")
        file.write_text(text.replace("sources:\n", f"sources:\n  {source}", 1), encoding="utf-8")
        told[enabled] = not_observed(load_watch(file), world.mentions, Language("fr"))
    assert set(told["false"]) - set(told["true"]) == {"Reddit"}


def test_shares_of_what_a_model_read_whose_error_is_unknown_are_as_read(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The world is small: let its few scores pass for comparable, so that only the model decides.
    monkeypatch.setattr("veille.reading.prevalence.FEWEST", 1)
    monkeypatch.setattr("veille.reading.prevalence.MISFIT", 1e9)
    folder = tmp_path / "watch"
    shutil.copytree(world.watch.file.parent, folder)
    watch = load_watch(folder / "watch.yml")
    store = Store(watch)
    corrected = story_table(collect(watch, store, world.as_of, world.period).mentions)
    store.merge(READINGS, store.load(READINGS).assign(version="reading-2/transformer-x-1-2/langid/use"))
    as_read = story_table(collect(watch, store, world.as_of, world.period).mentions)
    week = as_read.loc[(as_read["weeks_ago"] == 0) & as_read["read"]]
    assert corrected["measured"].all()
    assert not week["measured"].any()
    assert negative_share(as_read).value == round(float((week["p_negative"] >= 0.5).mean()), 4)
    assert negative_share(as_read).value != negative_share(corrected).value

"""Precision and recall of each subject, from labels, stand in the method and in the annex."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from veille.bulletin.annex import annex
from veille.bulletin.checked import build_checked, said_checked
from veille.bulletin.compose import compose
from veille.bulletin.render import render
from veille.labels import add
from veille.language import Language
from veille.reading.tables import EMBEDDINGS
from veille.store import Store
from veille.watch import load_watch

from .conftest import AS_OF, World

Pair = tuple[str, str]


@pytest.fixture
def apart(world: World, tmp_path: Path) -> World:
    """Return the world in a store of its own, with vectors for the annex."""
    folder = tmp_path / "watch"
    shutil.copytree(world.watch.folder, folder)
    watch = load_watch(folder / "watch.yml")
    store = Store(watch)
    hashes = world.readings["text_hash"]
    known = pd.DataFrame({"text_hash": hashes, "model": watch.embedding.model, "vector": [[1.0, 0.0]] * len(hashes)})
    store.merge(EMBEDDINGS, EMBEDDINGS.check(known))
    return World(watch, store, world.period, world.as_of, world.mentions, world.readings)


def say(world: World, pairs: list[Pair], subject: str, what: str = "tone", hours: int = -1) -> None:
    rows = pd.DataFrame(pairs, columns=["read_as", "value"]).assign(subject=subject, what=what, sampling_ratio=1.0)
    rows["mention_id"] = [f"{subject}{what}{place}" for place in range(len(rows))]
    add(world.store, rows, at=AS_OF + pd.Timedelta(hours=hours), by="Ana")


def test_the_method_tells_each_subject_with_its_interval(apart: World) -> None:
    say(apart, [("negative", "negative")] * 6 + [("negative", "neutral")] * 2 + [("neutral", "negative")] * 4, "aquilon")
    say(apart, [("relevant", "relevant")] * 3 + [("relevant", "spam")], "rivale", "relevance")
    bulletin = compose(apart.watch, apart.store, apart.as_of, apart.period, run_id="r", language="fr")
    told = {(item.subject, item.value): item for item in bulletin.method.checked}
    negative = told["aquilon", "negative"]
    assert (negative.labels, negative.precision, negative.recall) == (10, 0.75, 0.6)
    # Wilson's interval of 6 of 8.
    assert (negative.precision_low, negative.precision_high) == (
        pytest.approx(0.4093, abs=2e-4),
        pytest.approx(0.9285, abs=2e-4),
    )
    assert told["rivale", "spam"].recall == 0
    # One subject's labels are not told again as those of all.
    assert {subject for subject, _ in told} == {"aquilon", "rivale"}
    page = " ".join(render(bulletin).split())
    assert "Aquilon Mobilités, « négatif » : 75" in page
    assert "10 étiquettes le disent" in page
    assert "Rivale, « pertinent »" in page
    assert "« spam »" not in page
    assert "« spam »" in " ".join(annex(apart.watch, apart.store, apart.as_of, apart.period).split())


def test_all_subjects_together_are_told_where_several_were_labelled(apart: World) -> None:
    say(apart, [("negative", "negative")] * 3, "aquilon")
    say(apart, [("negative", "neutral")] * 3, "rivale")
    told = build_checked(apart.watch, apart.store, AS_OF, Language("en"))
    assert [(item.name, item.value, item.precision) for item in told if item.value == "negative"] == [
        ("Aquilon Mobilités", "negative", 1.0),
        ("Rivale", "negative", 0.0),
        ("all subjects", "negative", 0.5),
    ]
    lines = said_checked(told, Language("en"))
    assert lines[1].startswith(
        "Rivale, “negative”: 0% of what was read so is right (0% to 56%); nobody called anything so; 0 labels"
    )
    # Only the page is short: what was neutral is for the annex.
    assert len(said_checked(told, Language("en"), every=True)) > len(lines)


def test_without_labels_or_with_later_ones_nothing_is_told(apart: World) -> None:
    assert build_checked(apart.watch, apart.store, AS_OF, Language("fr")) == ()
    say(apart, [("negative", "negative")], "aquilon", hours=1)
    assert build_checked(apart.watch, apart.store, AS_OF, Language("fr")) == ()
    assert "étiqueté" not in render(compose(apart.watch, apart.store, AS_OF, apart.period, run_id="r", language="fr"))

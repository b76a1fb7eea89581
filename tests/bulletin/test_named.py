"""Names on the page: organisations and places, persons whom the press has made public, and what could not be read."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from veille.bulletin.annex import annex
from veille.bulletin.compose import compose
from veille.bulletin.figures import negative_share, story_table
from veille.bulletin.material import collect
from veille.bulletin.named import build_not_read, said_not_read
from veille.bulletin.render import render
from veille.bulletin.types import Bulletin
from veille.language import Language
from veille.reading.entities import ENTITIES, version
from veille.reading.tables import EMBEDDINGS, READINGS
from veille.store import Store
from veille.watch import load_watch

from .conftest import World


@pytest.fixture
def apart(world: World, tmp_path: Path) -> World:
    """Return the world in a store of its own."""
    folder = tmp_path / "watch"
    shutil.copytree(world.watch.folder, folder)
    watch = load_watch(folder / "watch.yml")
    return World(watch, Store(watch), world.period, world.as_of, world.mentions, world.readings)


def told(world: World, rows: list[tuple[str, str, str]]) -> Bulletin:
    """Store (mention, kind, name) as found, and compose."""
    frame = pd.DataFrame(rows, columns=["text_hash", "kind", "canonical"])
    frame = frame.assign(start=range(len(frame)), end=range(1, len(frame) + 1), name=frame["canonical"], own=False)
    world.store.merge(ENTITIES, ENTITIES.check(frame.assign(version=version(world.watch))))
    return compose(world.watch, world.store, world.as_of, world.period, run_id="r", language="fr")


def named(bulletin: Bulletin, topic_id: str = "t1") -> tuple[str, ...]:
    return next(topic.named for topic in bulletin.topics if topic.topic_id == topic_id)


def test_organisations_and_places_are_named_the_most_stories_first(apart: World) -> None:
    bulletin = told(
        apart,
        [("t1w2n0", "place", "Corvenne"), ("t1w2n4", "place", "Corvenne"), ("t1w2n5", "organisation", "UNE FOIS"),
         *[(f"t1w2n{number}", "organisation", "CGT") for number in (1, 2, 3)],
         ("t2w2n1", "place", "Lormenay"), ("t2w2n2", "place", "Lormenay"), ("t1w1n0", "place", "Quersac")],
    )  # fmt: skip
    assert named(bulletin) == ("CGT", "Corvenne")
    assert named(bulletin, "t2") == ("Lormenay",)
    assert next(signal.named for signal in bulletin.signals if signal.signal_id == "s1") == ("CGT", "Corvenne")
    page = render(bulletin)
    assert "<bdi>CGT</bdi> · <bdi>Corvenne</bdi>" in page


def test_a_person_is_named_where_two_publishers_of_the_press_do(apart: World) -> None:
    """Even numbers are press, of two publishers in turn; odd ones are posts."""
    bulletin = told(
        apart,
        [("t1w2n0", "person", "Julie Maire"), ("t1w2n2", "person", "Julie Maire"), ("t1w2n4", "person", "Paul Seul"),
         ("t1w2n1", "person", "Jean Passager"), ("t1w2n3", "person", "Jean Passager"), ("t1w2n5", "person", "Jean Passager")],
    )  # fmt: skip
    assert named(bulletin) == ("Julie Maire",)
    assert "Passager" not in bulletin.to_json()


def test_the_annex_tells_who_is_named_and_no_private_person(apart: World) -> None:
    told(
        apart,
        [("t1w2n0", "person", "Julie Maire"), ("t1w2n2", "person", "Julie Maire"), ("t1w2n4", "person", "Paul Seul"),
         ("t1w2n1", "person", "Jean Passager"), ("t1w2n3", "person", "Jean Passager"), ("t2w2n1", "place", "<b>Lormenay"),
         ("t2w2n2", "place", "<b>Lormenay"), *[(f"t1w2n{number}", "organisation", "projet Boréal") for number in (6, 7)]],
    )  # fmt: skip
    hashes = apart.readings["text_hash"]
    known = pd.DataFrame({"text_hash": hashes, "model": apart.watch.embedding.model, "vector": [[1.0, 0.0]] * len(hashes)})
    apart.store.merge(EMBEDDINGS, EMBEDDINGS.check(known))
    page = annex(apart.watch, apart.store, apart.as_of, apart.period)
    who = page[page.index("Qui est nommé cette semaine") :]
    assert '<h3>Personnes</h3>\n<ul><li dir="auto">Julie Maire · 2 récits</li></ul>' in who
    assert "&lt;b&gt;Lormenay · 2 récits" in who
    assert not [name for name in ("Passager", "Seul", "Boréal", "<b>Lormenay", "Organisations") if name in page]


def test_the_organisation_itself_and_confidential_terms_are_not_told(apart: World) -> None:
    bulletin = told(
        apart,
        [(f"t1w2n{number}", "organisation", name) for number, name in enumerate(["Aquilon Mobilités", "projet Boréal"] * 2)],
    )
    assert named(bulletin) == ()


def test_without_names_nothing_is_said_of_them(apart: World) -> None:
    bulletin = compose(apart.watch, apart.store, apart.as_of, apart.period, run_id="r", language="fr")
    assert named(bulletin) == ()
    assert "Noms cités" not in render(bulletin)


def read_in(world: World, mentions: list[str], language: str) -> None:
    """Say that these mentions are in a language whose tone is not read."""
    rows = world.readings[world.readings["mention_id"].isin(mentions)].assign(language=language, tone="not_read")
    world.store.merge(READINGS, READINGS.check(rows.assign(p_negative=None, p_neutral=None, p_positive=None)))


def test_what_is_not_read_is_in_no_share_and_the_page_says_how_much_in_which_languages(apart: World) -> None:
    before = compose(apart.watch, apart.store, apart.as_of, apart.period, run_id="r", language="fr")
    # Of the week's eight stories on doors one is calm: number 7. Three ill ones and the calm one of the buses go.
    read_in(apart, ["t1w2n1", "t1w2n2", "t2w2n1"], "ar")
    read_in(apart, ["t1w2n3"], "und")
    after = compose(apart.watch, apart.store, apart.as_of, apart.period, run_id="r", language="fr")
    tiles: dict[str, Any] = {tile.name: tile.value for tile in after.tiles}
    assert tiles["stories"] == next(tile.value for tile in before.tiles if tile.name == "stories")
    topic = next(one for one in after.topics if one.topic_id == "t1")
    first = next(one for one in before.topics if one.topic_id == "t1")
    assert (topic.stories, topic.read, topic.negative) == (first.stories, first.read - 3, first.negative - 3)
    # A share corrected for the error of the tone holds the apparent one, of what was read.
    assert topic.low is not None
    assert topic.high is not None
    assert topic.low <= (first.negative - 3) / (first.read - 3) <= topic.high
    told = [(one.language, one.name, one.mentions) for one in after.method.not_read]
    assert told == [("ar", "arabe", 3), ("und", "langue indéterminée", 1)]
    assert "Le ton de 4 mentions n’a pas été lu" in render(after)
    assert "arabe (3), langue indéterminée (1)" in render(after)


def test_a_week_that_nobody_could_read_has_no_share(apart: World) -> None:
    week = collect(apart.watch, apart.store, apart.as_of, apart.period).week
    read_in(apart, week["mention_id"].tolist(), "ar")
    material = collect(apart.watch, apart.store, apart.as_of, apart.period)
    assert negative_share(story_table(material.mentions)).value is None
    bulletin = compose(apart.watch, apart.store, apart.as_of, apart.period, run_id="r", language="fr")
    assert next(tile.value for tile in bulletin.tiles if tile.name == "negative_share") is None
    assert bulletin.method.tone_read_share == 0


def test_where_every_tone_was_read_nothing_is_said() -> None:
    week = pd.DataFrame({"tone": ["neutral"], "language": ["fr"]})
    assert build_not_read(week, Language("fr")) == ()
    assert said_not_read((), Language("fr")) == ""

"""Searching shows who is named, and keeps private people out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from veille.mention import MENTIONS
from veille.reading.entities import ENTITIES, version
from veille.reading.tables import READINGS
from veille.store import Store
from veille.watch import Watch, load_watch
from veille.workbook import search
from veille.workbook.explorer import Explorer

AS_OF = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def told(watch: Watch, store: Store) -> Store:
    """Return a store where two papers name the mayor in one week, one names her in another, and a crowd names a passenger."""
    rows = pd.DataFrame(
        [("a", "un.fr", "article", "2026-11-17", "Julie Maire"), ("b", "deux.fr", "article", "2026-11-18", "Julie Maire"),
         ("c", "un.fr", "article", "2026-11-10", "Julie Maire"), ("d", "toot.fr", "post", "2026-11-18", "Jean Passager"),
         ("e", "pouet.fr", "post", "2026-11-18", "Jean Passager"), ("f", "toot.fr", "post", "2026-11-18", "Julie Maire")],
        columns=["mention_id", "publisher", "kind", "published_at", "person"],
    )  # fmt: skip
    mentions = rows.drop(columns="person").assign(source="s", source_type="import", title="essai <b>", text="x")
    store.merge(MENTIONS, MENTIONS.check(mentions))
    seen = pd.DataFrame({"mention_id": rows["mention_id"], "text_hash": rows["mention_id"], "story_id": rows["mention_id"]})
    seen = seen.assign(version="v", language="fr", language_probability=1.0, story_similarity=1.0, tone="not_read")
    store.merge(READINGS, READINGS.check(seen))
    people = pd.DataFrame({"text_hash": rows["mention_id"], "kind": "person", "name": rows["person"], "start": 0})
    places = pd.DataFrame(
        {"text_hash": ["d", "d"], "kind": "place", "name": ["<b>Corvenne", "projet Boréal"], "start": [20, 40]}
    )
    found = pd.concat([people, places], ignore_index=True)
    found = found.assign(canonical=found["name"], end=found["start"] + 5, own=False, version=version(watch))
    store.merge(ENTITIES, ENTITIES.check(found))
    return store


def names(watch: Watch, store: Store, query: str = "essai") -> dict[str, list[str]]:
    shown = search(watch, store, AS_OF, query).shown
    return dict(zip(shown["mention_id"], shown["named"], strict=True))


def test_a_person_is_told_in_the_week_in_which_two_papers_name_them(watch: Watch, told: Store) -> None:
    mayor = ["Julie Maire"]
    assert names(watch, told) == {"a": mayor, "b": mayor, "c": [], "d": ["<b>Corvenne", "projet Boréal"], "e": [], "f": mayor}
    # What else the query finds of that week changes nothing.
    assert names(watch, told, "publisher:toot.fr") == {"d": ["<b>Corvenne", "projet Boréal"], "f": mayor}


def test_a_confidential_term_is_no_name(watch: Watch, told: Store, tmp_path: Path) -> None:
    (tmp_path / "terms.txt").write_text("projet Boréal\n", encoding="utf-8")
    file = watch.file
    file.write_text(file.read_text(encoding="utf-8") + "confidential: {terms_file: terms.txt}\n", encoding="utf-8")
    assert names(load_watch(file), told)["d"] == ["<b>Corvenne"]


def test_an_empty_store_names_nobody(watch: Watch, store: Store) -> None:
    assert search(watch, store, AS_OF, "").shown["named"].tolist() == []


def test_the_explorer_tells_names_and_no_markup_of_theirs(watch: Watch, told: Store) -> None:
    explorer = Explorer(watch, told, AS_OF, query="publisher:toot.fr")
    opened = []
    for _, number in explorer.listed.options:
        explorer.listed.value = number
        opened.append(explorer.opened.value)
    page = "".join(opened)
    assert "Named: Julie Maire" in page
    assert "Named: &lt;b&gt;Corvenne, projet Boréal" in page
    assert "Passager" not in page


def test_the_organisations_dates_stand_on_the_time_line_and_below_it_in_words(watch: Watch, told: Store) -> None:
    text = watch.file.read_text(encoding="utf-8")
    dates = "calendar: [{date: 2026-11-17, title: 'Conseil <b>d''été</b>'}, {date: 2026-12-24, title: Veille de Noël}]\n"
    watch.file.write_text(text + dates, encoding="utf-8")
    explorer = Explorer(load_watch(watch.file), told, AS_OF, query="essai")
    # Only the days that are drawn; the name of a date is text.
    assert explorer.dates.value.endswith("Conseil &lt;b&gt;d&#x27;été&lt;/b&gt;")
    assert "Noël" not in explorer.dates.value
    assert len(explorer.figure.layout.shapes) == 1
    (drawn,) = [trace for trace in explorer.figure.data if trace.type == "scatter"]
    assert "<b>" not in drawn.text[0]
    explorer.query.value = "rien de tel"
    assert explorer.dates.value == ""
    assert not explorer.figure.layout.shapes

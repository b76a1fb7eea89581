"""The organisation's dates on the time lines: those of the list and those that a gather found, hidden and marked alike."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from lxml import etree, html

from tests.bulletin.conftest import WATCH, World
from veille.bulletin import annex, compose, write, write_audiences
from veille.bulletin.audience import for_audience
from veille.bulletin.charts import timeline
from veille.bulletin.render import render
from veille.bulletin.types import Bulletin, Marking
from veille.gather.tables import CALENDAR
from veille.language import Language
from veille.reading.tables import EMBEDDINGS
from veille.store import Store
from veille.watch import load_watch

LISTED = "calendar: [{date: 2026-11-18, title: Annonce des tarifs}]"
MORE = LISTED.replace("}]", '}, {ics: agenda.ics}, {rss: "https://aquilon.example/rss.xml", tlp: "TLP:CLEAR"}]')
HOSTILE = "<script>alert(1)</script> @jean 06 99 00 00 01 projet Boréal"


@pytest.fixture(scope="module")
def dated(world: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return the world with a calendar and a feed that a gather has read."""
    folder = tmp_path_factory.mktemp("dated")
    shutil.copytree(world.watch.folder, folder, dirs_exist_ok=True)
    (folder / "watch.yml").write_text(WATCH.replace(LISTED, MORE), encoding="utf-8")
    watch = load_watch(folder / "watch.yml")
    store = Store(watch)
    rows = [
        ("agenda.ics", "2026-11-18", "Conseil d'administration", world.as_of),
        ("agenda.ics", "2026-11-20", HOSTILE, world.as_of),
        ("agenda.ics", "2026-11-21", "Vue plus tard", world.as_of + timedelta(hours=1)),
        ("agenda.ics", "2026-09-14", "Avant les quatre semaines", world.as_of),
        ("https://aquilon.example/rss.xml", "2026-11-19", "Aquilon ouvre la ligne de nuit", world.as_of),
        ("ancien.ics", "2026-11-19", "D'un agenda qui n'est plus nommé", world.as_of),
    ]
    # The annex draws a map of the texts: vectors that say nothing will do.
    hashes = world.readings["text_hash"].drop_duplicates()
    vectors = np.eye(len(hashes), dtype=np.float32)
    found = pd.DataFrame({"text_hash": hashes.to_numpy(), "model": watch.embedding.model, "vector": list(vectors)})
    store.merge(EMBEDDINGS, EMBEDDINGS.check(found))
    store.merge(CALENDAR, CALENDAR.check(pd.DataFrame(rows, columns=["entry", "day", "title", "seen_at"])))
    return World(watch, store, world.period, world.as_of, world.mentions, world.readings)


@pytest.fixture(scope="module")
def composed(dated: World) -> Bulletin:
    return compose(dated.watch, dated.store, dated.as_of, dated.period, run_id="r", language="fr")


def test_dates_of_list_calendar_and_feed_stand_together_as_far_as_they_were_known(composed: Bulletin) -> None:
    told = [(event.day, event.title, event.marking) for event in composed.calendar]
    assert told[:3] == [
        (date(2026, 11, 18), "Annonce des tarifs", Marking.AMBER),
        (date(2026, 11, 18), "Conseil d'administration", Marking.AMBER),
        (date(2026, 11, 19), "Aquilon ouvre la ligne de nuit", Marking.CLEAR),
    ]
    assert [day for day, _, _ in told[3:]] == [date(2026, 11, 20)]


def test_what_a_calendar_says_is_hidden_as_any_text_and_runs_nowhere(composed: Bulletin, dated: World) -> None:
    title = composed.calendar[-1].title
    assert "Boréal" not in title
    assert "@jean" not in title
    assert "06 99" not in title
    for page in (render(composed), annex(dated.watch, dated.store, dated.as_of, dated.period)):
        assert "<script>alert(1)</script>" not in page
        assert "@jean" not in page
        assert "Boréal" not in page


def test_the_time_line_numbers_the_days_and_says_them_in_words_and_in_its_figures(composed: Bulletin) -> None:
    chart = timeline(composed, Language("fr"))
    assert chart is not None
    tree = etree.fromstring(str(chart.svg))
    assert {"1", "2", "3"} <= set(tree.itertext())
    assert "Agenda\u202f: 18 novembre, Annonce des tarifs · Conseil d'administration; 19 novembre" in tree.find(
        "{*}desc"
    ).text.replace("\u00a0", "\u202f")
    (row,) = [row for row in chart.rows if row[0] == "18 nov."]
    assert row[-1] == "Annonce des tarifs · Conseil d'administration"
    listed = html.document_fromstring(render(composed)).xpath("//ol[@class='marks']/li")
    assert [item.get("value") for item in listed] == ["1", "2", "3"]


def test_an_audience_reads_the_dates_it_may_read_and_no_others_in_its_files(
    composed: Bulletin, dated: World, tmp_path: Path
) -> None:
    cut = for_audience(composed, Marking.CLEAR, "public")
    assert [event.title for event in cut.calendar] == ["Aquilon ouvre la ligne de nuit"]
    write([composed], tmp_path)
    made = write_audiences(dated.watch, dated.store, [composed], tmp_path)
    assert "public" not in made.refused
    files = b"".join(path.read_bytes() for path in (tmp_path / "audiences" / "public").iterdir())
    assert b"Conseil d'administration" not in files
    # The last look knows the names of a calendar too: it finds one that stands where it must not.
    leaking = composed.model_copy(update={"calendar": (composed.calendar[1].model_copy(update={"marking": Marking.CLEAR}),)})
    assert "calendar" in str(write_audiences(dated.watch, dated.store, [leaking], tmp_path).refused["public"])


def test_the_annex_draws_the_dates_of_twelve_weeks_and_lists_them(dated: World) -> None:
    page = annex(dated.watch, dated.store, dated.as_of, dated.period)
    tree = html.document_fromstring(page)
    (listed,) = [section for section in tree.xpath("//section[h2]") if section.xpath("h2")[0].text == "Agenda"]
    told = [item.text_content().replace("\u202f", " ").replace("\u00a0", " ") for item in listed.xpath(".//li")]
    assert told[0] == "14 septembre : Avant les quatre semaines"
    assert any(line.startswith("18 novembre : Annonce des tarifs · Conseil") for line in told)
    assert page.count('"name":"Agenda"') == 2

"""The panel that checks a draft, the table of what is asked, and what may be answered alone."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from veille.mention import MENTIONS
from veille.period import week
from veille.reading.tables import READINGS
from veille.store import Store
from veille.watch import Watch, load_watch
from veille.workbook import Responder, autonomy, page, public_questions

DEMO = Path(__file__).parents[2] / "data" / "demo"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WEEK = week("2026-W47", "Europe/Paris")


@pytest.fixture
def demo(tmp_path: Path) -> Watch:
    for name in ("watch.yml", "confidential-terms.txt"):
        shutil.copy(DEMO / name, tmp_path / name)
    return load_watch(tmp_path / "watch.yml")


def test_a_draft_is_checked_when_it_is_asked_for_and_shown_as_text(demo: Watch) -> None:
    panel = Responder(demo, Store(demo), NOW)
    assert (panel.said.value, panel.checked) == ("", None)
    panel.draft.value = "Bonjour <script>alert(1)</script>, le p.r.o.j.e.t Borée n'est qu'un incident isolé."
    panel.button.click()
    assert panel.checked is not None
    assert panel.checked.verdict == "do_not_post"
    assert "<script" not in panel.said.value
    assert "ne pas publier" in panel.said.value.lower()
    assert "borée" not in panel.said.value.lower()


def test_a_draft_given_as_a_parameter_is_checked_at_once(demo: Watch) -> None:
    panel = Responder(demo, Store(demo), NOW, draft="Merci pour votre message !")
    assert panel.checked is not None
    assert panel.said.value


def test_a_watch_that_cannot_be_read_is_said_in_the_panel(demo: Watch) -> None:
    (demo.folder / "confidential-terms.txt").write_bytes(b"\xff\xfe\xff")
    panel = Responder(demo, Store(demo), NOW, draft="Merci !")
    assert panel.said.value


def test_what_is_asked_is_counted_and_masked(demo: Watch) -> None:
    store = Store(demo)
    texts = [
        "@AquilonMobilites quand reviennent les vélos en libre-service ?",
        "Quand les vélos en libre-service reviennent-ils chez Aquilon ? @jean_d",
        "C'est vrai que le projet  borée ferme le dépôt Aquilon de Corvenne ?",
    ]
    rows = pd.DataFrame({"mention_id": list("abc"), "text": texts, "title": "", "author": ["a_1", "a_2", "a_3"]})
    rows = rows.assign(source="piaf", source_type="import", kind="post", published_at="2026-11-18T10:00:00Z")
    rows["subjects"] = [["aquilon"]] * 3
    store.merge(MENTIONS, MENTIONS.check(rows))
    seen = pd.DataFrame({"mention_id": list("abc"), "text_hash": list("abc"), "story_id": list("abc")})
    seen = seen.assign(version="v", language="fr", language_probability=1.0, story_similarity=1.0, tone="not_read")
    store.merge(READINGS, READINGS.check(seen))
    table = public_questions(demo, store, NOW, WEEK)
    assert table["voices"].sum() == 3
    assert set(table["status"]) <= {"answered", "expired", "not_public", "unanswered"}
    shown = table.to_csv().casefold()
    assert "borée" not in shown
    assert "jean_d" not in shown
    assert public_questions(demo, Store(demo), NOW, week("2026-W01", "Europe/Paris")).empty


def test_what_may_be_answered_alone_is_told_for_each_level(demo: Watch) -> None:
    table = autonomy(demo, NOW)
    assert len(table) == 5
    assert table["level"].str.startswith(tuple("01234")).all()
    assert (table[["alone", "within"]] != "").all(axis=None)


def test_a_page_is_shown_apart_and_runs_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text('<p onload="x">"é"</p>', "utf-8")
    shown = page(tmp_path / "a.html").data
    assert "<iframe sandbox" in shown
    assert "<p " not in shown
    assert "&quot;é&quot;" in shown


def test_an_impostor_asks_nothing_of_the_organisation(demo: Watch) -> None:
    store = Store(demo)
    rows = pd.DataFrame(
        {"mention_id": ["a"], "text": ["Aquilon : pouvez-vous nous donner votre numéro de carte ?"], "title": ""}
    )
    rows = rows.assign(source="piaf", source_type="import", kind="post", published_at="2026-11-18T10:00:00Z", author="a_1")
    rows["subjects"] = [["aquilon"]]
    for resembles, asked in ((None, 1), ("same", 1), ("lookalike", 0)):
        store.merge(MENTIONS, MENTIONS.check(rows.assign(resembles=resembles, mention_id=f"m{resembles}")))
        mine = store.load(MENTIONS)
        store.remove(MENTIONS, "mention_id", mine.loc[mine["mention_id"] != f"m{resembles}", "mention_id"].tolist())
        assert len(public_questions(demo, store, NOW, WEEK)) == asked

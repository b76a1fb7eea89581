"""Pages of the desk that quote what is erased go; those of moments past the retention go too; others stay."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd

from tests.privacy.conftest import END, HANDLE, Memory
from veille.bulletin.sheets import FOLDER, write_brief
from veille.desk.tables import SITREPS
from veille.edition.publish import editions_folder
from veille.privacy import Cause, erase, retain


def pages(memory: Memory) -> list[Path]:
    return sorted((editions_folder(memory.watch) / FOLDER).glob("*/*"))


def brief_that_quotes(memory: Memory, word: str, at: datetime = END) -> Path:
    """Write a brief, and make its data cite a mention that holds a word."""
    file = write_brief(memory.watch, memory.store, at).file.with_suffix(".json")
    data = json.loads(file.read_text("utf-8"))
    data["note"] = memory.ids(word)[0]
    file.write_text(json.dumps(data), "utf-8")
    return file.parent


def test_a_page_that_cites_what_is_erased_goes_and_it_is_counted(memory: Memory) -> None:
    brief_that_quotes(memory, "zorgluquet")
    removed = erase(memory.watch, memory.store, Cause.AUTHOR, HANDLE, at=END, by="DPO")
    assert pages(memory) == []
    assert removed.removed["desk pages"] == 2


def test_a_page_that_shows_nothing_of_it_stays(memory: Memory) -> None:
    folder = editions_folder(memory.watch) / FOLDER / "brief-x"
    folder.mkdir(parents=True)
    (folder / "brief.json").write_text(json.dumps({"as_of": END.isoformat()}), "utf-8")
    erase(memory.watch, memory.store, Cause.AUTHOR, HANDLE, at=END, by="DPO")
    assert len(pages(memory)) == 1


def test_pages_of_moments_past_the_retention_go(memory: Memory) -> None:
    write_brief(memory.watch, memory.store, END)
    retain(memory.watch, memory.store, at=END + timedelta(days=89))
    assert pages(memory)
    retain(memory.watch, memory.store, at=END + timedelta(days=91))
    assert pages(memory) == []


def test_what_is_kept_of_a_report_forgets_what_it_cited(memory: Memory) -> None:
    cited, other = memory.ids("zorgluquet")[0], memory.ids("agence")[0]
    row = {
        "signal_id": "s", "at": END, "by": "veille", "number": 1, "kind": "sitrep", "level": 3, "cutoff": END, "next_at": None,
        "statements": ["a"], "said": ["b"], "shown": [cited, other],
    }  # fmt: skip
    frame = pd.DataFrame([row])
    frame["next_at"] = pd.to_datetime(frame["next_at"], utc=True)
    memory.store.merge(SITREPS, SITREPS.check(frame))
    erase(memory.watch, memory.store, Cause.AUTHOR, HANDLE, at=END, by="DPO")
    assert list(memory.store.load(SITREPS)["shown"].iloc[0]) == [other]

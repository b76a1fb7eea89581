"""Editions lose what they quote of what went, stay pages, and say that they are not what was published."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.bulletin.conftest import bulletin
from tests.privacy.conftest import END, HANDLE, SECRET, Memory
from veille.bulletin import rerender, write
from veille.bulletin.types import Bulletin
from veille.edition.publish import editions_folder, run_folder, swap_link
from veille.edition.record import RunRecord, RunStatus, read_record, sha256_of_files
from veille.privacy import Cause, erase, retain
from veille.privacy.editions import REMOVED_FILE

__all__ = ["bulletin"]
WEEK = "2026-W09"


def publish(memory: Memory, page: Bulletin, week: str = WEEK, annex: str = "<p>annexe</p>") -> Path:
    record = RunRecord(
        run_id=f"20260302T080000-{week}", watch="essai", week=week, as_of=END, status=RunStatus.DONE, started_at=END
    )
    folder = run_folder(memory.watch, record.run_id)
    folder.mkdir(parents=True)
    write([page, page.model_copy(update={"edition": page.edition.model_copy(update={"language": "en"})})], folder)
    (folder / "annex.html").write_text(annex, encoding="utf-8")
    (folder / "notebooks").mkdir()
    (folder / "notebooks" / "04_bulletin.ipynb").write_text(json.dumps({"cells": [annex]}), encoding="utf-8")
    record.model_copy(update={"outputs_sha256": sha256_of_files(folder)}).write(folder)
    swap_link(memory.watch, record)
    return folder


def quoting(page: Bulletin, ids: list[str]) -> Bulletin:
    """Return a bulletin that cites these mentions, quotes the first of them in two titles, and keeps its own evidence."""
    evidence = next(iter(page.evidence.values()))
    quotes = {one: evidence.model_copy(update={"quote": SECRET, "url": f"https://social.example/p/{one}"}) for one in ids}
    signal = page.signals[0].model_copy(update={"title": SECRET, "evidence": (*ids, *page.signals[0].evidence)})
    return page.model_copy(
        update={
            "headline": f"Une affaire : « {SECRET[:60]}… »",
            "signals": (signal, *page.signals[1:]),
            "evidence": {**page.evidence, **quotes},
        }
    )


def texts(folder: Path) -> str:
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in sorted(folder.rglob("*")) if path.is_file())


def test_an_erased_author_is_in_no_file_of_an_edition_and_the_page_stays_one(memory: Memory, bulletin: Bulletin) -> None:
    ids = memory.ids("zorgluquet")
    folder = publish(memory, quoting(bulletin, ids), annex=f"<td>{SECRET[:70].replace(' ', '  ')}&hellip;</td>")
    before = Bulletin.model_validate_json((folder / "bulletin.json").read_bytes())
    done = erase(memory.watch, memory.store, Cause.AUTHOR, HANDLE, at=END, by="Anne")
    said = texts(folder).casefold()
    assert not [secret for secret in ("zorgluquet", "kropotkine", *ids, "empoisonné") if secret in said]
    after = Bulletin.model_validate_json((folder / "bulletin.json").read_bytes())
    assert after.evidence == {name: quote for name, quote in before.evidence.items() if name not in ids}
    assert after.headline == "Une affaire : « […]… »"
    assert after.signals[0].title == "[…]"
    assert after.signals[0].evidence == bulletin.signals[0].evidence
    assert after.signals[1:] == before.signals[1:]
    # What can be made again is; what cannot is gone, and the record of the run says what is there now.
    assert {name: (folder / name).read_bytes() for name in rerender(folder)} == rerender(folder)
    assert not (folder / "annex.html").exists()
    assert json.loads((folder / REMOVED_FILE).read_text())["outcome"] == "erased"
    record = read_record(folder)
    assert record is not None
    assert record.outputs_sha256 == sha256_of_files(folder)
    assert (done.editions, done.changed["editions"], done.removed["editions"]) == (1, 1, 2)


@pytest.mark.parametrize("cause", [Cause.AUTHOR, Cause.SOURCE])
def test_an_edition_that_shows_nothing_of_it_keeps_every_byte(memory: Memory, bulletin: Bulletin, cause: Cause) -> None:
    folder = publish(memory, bulletin)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    done = erase(memory.watch, memory.store, cause, HANDLE if cause is Cause.AUTHOR else "social", at=END, by="Anne")
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert done.editions == 0


def test_an_annex_alone_may_show_what_the_bulletin_does_not(memory: Memory, bulletin: Bulletin) -> None:
    hidden = json.dumps(SECRET[20:90]).replace("<", "\\u003c")
    folder = publish(memory, bulletin, annex=f"<script type='application/json'>{hidden}</script>")
    pages = {name: (folder / name).read_bytes() for name in rerender(folder)}
    erase(memory.watch, memory.store, Cause.AUTHOR, HANDLE, at=END, by="Anne")
    assert not (folder / "annex.html").exists()
    assert {name: (folder / name).read_bytes() for name in rerender(folder)} == pages


def test_past_the_retention_an_edition_keeps_its_page_without_quotes_and_loses_the_rest(
    memory: Memory, bulletin: Bulletin
) -> None:
    ids = memory.ids("hospitalisés")[:2]
    page = quoting(bulletin, ids)
    old, young = publish(memory, page), publish(memory, page, "2026-W19")
    retain(memory.watch, memory.store, at=END + timedelta(days=100))
    assert (old / "bulletin.html").exists()
    assert json.loads((old / REMOVED_FILE).read_text())["outcome"] == "expired"
    assert not (old / "inputs").exists()
    assert not (old / "annex.html").exists()
    assert not [one for one in ids if one in texts(old) + texts(young)]
    # The younger one still is what its own inputs make.
    assert {name: (young / name).read_bytes() for name in rerender(young)} == rerender(young)
    again = {path: path.read_bytes() for path in editions_folder(memory.watch).rglob("*") if path.is_file()}
    retain(memory.watch, memory.store, at=END + timedelta(days=100))
    assert {path: path.read_bytes() for path in editions_folder(memory.watch).rglob("*") if path.is_file()} == again

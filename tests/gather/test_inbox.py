"""A watched folder: real files of every kind, moved aside only when they are kept, whatever is killed in between."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import mailbox
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from veille.gather import Gathered, gather
from veille.gather import inbox as inbox_module
from veille.gather import pull as pull_module
from veille.mention import ENGAGEMENT, MENTIONS
from veille.store import Store
from veille.store.state import State
from veille.watch import Watch

AS_OF = datetime(2026, 11, 22, 10, tzinfo=UTC)
OLD = (AS_OF - timedelta(hours=1)).timestamp()
Make = Callable[..., Watch]
MAIL = """From: Bureau de presse <presse@aquilon.example>
To: veille@acme.example
Subject: =?utf-8?q?Gr=C3=A8ve_chez_Aquilon?=
Date: Fri, 20 Nov 2026 08:30:00 +0100
Message-ID: <20261120.1@aquilon.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Les conducteurs ont voté.

La direction regrette.
"""
PAGE = f"""<html lang="fr"><head><title>Aquilon</title><link rel="canonical" href="https://courrier.example/a/1">
<meta property="article:published_time" content="2026-11-20T08:30:00+01:00"></head><body><article><h1>Aquilon en grève</h1>
<p>{"Les conducteurs ont voté la grève à une large majorité. " * 8}</p></article></body></html>"""


@pytest.fixture
def watch(make_watch: Make) -> Watch:
    return make_watch(sources=json.dumps([{"id": "boite", "type": "files", "folder": "inbox"}]))


@pytest.fixture
def folder(watch: Watch) -> Path:
    made = watch.folder / "inbox"
    made.mkdir()
    return made


def put(folder: Path, name: str, content: bytes | str, changed: float = OLD) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    os.utime(path, (changed, changed))
    return path


def row(number: int, **more: object) -> dict[str, object]:
    return {"id": str(number), "date": "2026-11-20T10:00:00Z", "text": f"Aquilon {number}", "author": "@alice", **more}


def jsonl(*rows: dict[str, object]) -> str:
    return "".join(json.dumps(item) + "\n" for item in rows)


def run(watch: Watch, minutes: float = 0) -> Gathered:
    return gather(watch, Store(watch), AS_OF + timedelta(minutes=minutes))


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() or path.is_symlink()}


def test_rows_are_gathered_and_the_file_is_moved(watch: Watch, folder: Path) -> None:
    put(folder, "export.jsonl", jsonl(row(1, likes=3), row(2)))
    done = run(watch)
    assert (done.received, done.new, done.refused, done.warnings) == (2, 2, 0, ())
    assert done.health["verdict"].tolist() == ["ok"]
    assert names(folder) == {"done/export.jsonl"}
    frame = Store(watch).load(MENTIONS)
    assert (frame["gathered_at"] == pd.Timestamp(AS_OF)).all()
    assert frame["imported_at"].isna().all()
    assert frame["source"].unique().tolist() == ["boite"]
    assert frame["source_type"].unique().tolist() == ["files"]
    assert frame["author"].str.startswith("a_").all()
    assert frame["subjects"].map(list).tolist() == [["nous"], ["nous"]]
    assert Store(watch).load(ENGAGEMENT)["observed_at"].tolist() == [AS_OF]


def test_an_empty_inbox_is_nothing_to_worry_about(watch: Watch, folder: Path) -> None:
    done = run(watch)
    assert (done.received, done.warnings, done.health["verdict"].tolist()) == (0, (), ["ok"])


def workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["id", "date", "text"])
    book.active.append(["1", "2026-11-20 10:00", "Aquilon en grève"])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def parquet() -> bytes:
    content = io.BytesIO()
    pd.DataFrame([row(1)]).to_parquet(content)
    return content.getvalue()


RSS = (
    "<rss version='2.0'><channel><title>T</title><item><title>Aquilon</title><link>https://a.example/1</link>"
    "<pubDate>Fri, 20 Nov 2026 10:00:00 GMT</pubDate></item></channel></rss>"
)
NOTE = "---\ntitle: Aquilon en grève\ndate: 2026-11-20 10:00\nurl: https://a.example/n\n---\nUn texte.\n\nEncore.\n"
KINDS: dict[str, tuple[bytes, str]] = {
    "a.jsonl": (jsonl(row(1)).encode(), "post"),
    "a.json": (json.dumps([row(1)]).encode(), "post"),
    "a.csv": ("id;date;text\n1;2026-11-20 10:00;Aquilon\n".encode("cp1252"), "post"),
    "a.xlsx": (workbook(), "post"),
    "a.parquet": (parquet(), "post"),
    "a.xml": (RSS.encode(), "article"),
    "a.rss": (RSS.encode(), "article"),
    "a.txt": (NOTE.encode(), "post"),
    "A.MD": (NOTE.encode("utf-16"), "post"),
    "a.eml": (MAIL.encode(), "post"),
    "a.html": (PAGE.encode(), "article"),
}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_file_is_read(watch: Watch, folder: Path, name: str, packed: bool) -> None:
    content, kind = KINDS[name]
    put(folder, name + (".gz" if packed else ""), gzip.compress(content) if packed else content)
    done = run(watch)
    assert (done.new, done.warnings) == (1, ())
    frame = Store(watch).load(MENTIONS)
    assert frame["kind"].tolist() == [kind]
    assert f"{frame['published_at'].iloc[0]:%Y-%m-%d}" == "2026-11-20"
    assert len(names(folder / "done")) == 1


def test_files_of_every_kind_together(watch: Watch, folder: Path) -> None:
    for name, (content, _) in KINDS.items():
        put(folder, name, content)
    put(folder, "b.txt", "sans date")
    done = run(watch)
    assert done.health["received"].tolist() == [len(KINDS) + 1]
    assert done.warnings == ("source boite: 1 mentions have no time of publication: kept, never counted",)
    assert len(names(folder / "done")) == len(KINDS) + 1


def test_a_note_says_who_and_when_at_its_head(watch: Watch, folder: Path) -> None:
    put(
        folder,
        "n.md",
        "---\ndate: 2026-11-20\nauthor: '@bob'\npublisher: Radio Nord\nkind: transcript\n---\n# Le titre\nLe texte.",
    )
    run(watch)
    (said,) = Store(watch).load(MENTIONS).to_dict("records")
    assert (said["title"], said["text"], said["kind"]) == ("Le titre", "Le texte.", "transcript")
    assert (said["publisher"], said["published_at"]) == ("Radio Nord", pd.Timestamp("2026-11-20", tz="Europe/Paris"))
    assert said["author"].startswith("a_")


def test_a_mail_is_its_subject_and_its_text(watch: Watch, folder: Path) -> None:
    put(folder, "m.eml", MAIL)
    run(watch)
    (said,) = Store(watch).load(MENTIONS).to_dict("records")
    assert (said["title"], said["text"]) == ("Grève chez Aquilon", "Les conducteurs ont voté.\n\nLa direction regrette.")
    assert (said["publisher"], said["native_id"]) == ("aquilon.example", "20261120.1@aquilon.example")
    assert said["published_at"] == pd.Timestamp("2026-11-20T07:30Z")
    assert "presse@" not in str(said)


def mails(count: int) -> list[bytes]:
    return [MAIL.replace("20261120.1", f"20261120.{number}").encode() for number in range(count)]


def test_a_mailbox_holds_many_mails_and_a_broken_one_costs_itself(watch: Watch, folder: Path) -> None:
    box = mailbox.mbox(folder / "presse.mbox")
    for content in (*mails(3), b"no mail at all"):
        box.add(content)
    box.close()
    os.utime(folder / "presse.mbox", (OLD, OLD))
    done = run(watch)
    assert (done.new, done.refused) == (3, 1)
    assert done.rejects_file
    assert names(folder) == {"done/presse.mbox"}


@pytest.mark.parametrize("inside", [True, False])
def test_new_messages_of_a_maildir_are_read_and_marked_seen(watch: Watch, folder: Path, inside: bool) -> None:
    root = folder / "liste" if inside else folder
    box = mailbox.Maildir(root, create=inside)
    if not inside:
        for name in ("new", "cur", "tmp"):
            (root / name).mkdir()
    for content in mails(2):
        box.add(content)
    seen = mailbox.MaildirMessage(mails(3)[2])
    seen.set_subdir("cur")
    box.add(seen)
    for path in (root / "new").iterdir():
        os.utime(path, (OLD, OLD))
    assert run(watch).new == 2
    assert list((root / "new").iterdir()) == []
    box = mailbox.Maildir(root, create=False)
    assert sorted("".join(message.get_flags()) for message in box) == ["", "S", "S"]
    assert run(watch, 5).new == 0


def test_what_is_still_being_written_waits(watch: Watch, folder: Path) -> None:
    for name in (".hidden.jsonl", "a.jsonl.part", "b.jsonl.tmp", "~$c.xlsx", "d.jsonl~"):
        put(folder, name, jsonl(row(1)))
    fresh = put(folder, "fresh.jsonl", jsonl(row(1)), AS_OF.timestamp() - 2)
    done = run(watch)
    assert (done.received, done.warnings) == (0, ())
    assert len(names(folder)) == 6
    fresh.write_text(jsonl(row(1), row(2)), encoding="utf-8")
    os.utime(fresh, (AS_OF.timestamp() + 30, AS_OF.timestamp() + 30))
    assert run(watch, 0.55).received == 0
    assert run(watch, 1).new == 2


def test_a_file_that_changes_while_it_is_read_waits(watch: Watch, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(folder, "a.jsonl", jsonl(row(1)))
    original = inbox_module.read_file

    def slow(*arguments: Any) -> Any:
        raw = original(*arguments)
        with path.open("a", encoding="utf-8") as file:
            file.write(jsonl(row(2)))
        return raw

    with monkeypatch.context() as patched:
        patched.setattr(inbox_module, "read_file", slow)
        assert run(watch).received == 0
    assert names(folder) == {"a.jsonl"}
    os.utime(path, (OLD, OLD))
    assert run(watch, 1).new == 2


def test_a_file_dated_in_the_future_is_read_once_it_rests(watch: Watch, folder: Path) -> None:
    put(folder, "a.jsonl", jsonl(row(1)), (AS_OF + timedelta(days=900)).timestamp())
    assert run(watch).received == 0
    assert run(watch, 10).new == 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.pdf", b"%PDF-1.7", "no file of the kind .pdf is read"),
        ("noname", b"x", "no file of the kind without suffix"),
        ("a.xlsx", b"no workbook", "a.xlsx"),
        ("a.parquet", b"PAR1", "no parquet file"),
        ("a.csv", b"a,b\n1,2\n", "no column holds a text"),
        ("a.xml", b"<html></html>", "no RSS or Atom feed"),
        ("a.jsonl.gz", b"\x1f\x8bbroken", "cannot be unpacked"),
        ("a.txt", b"   ", "it says nothing"),
        ("a.md", b"---\ndate: demain\n---\ntexte", "its date 'demain' cannot be read"),
        ("a.md", b"---\nkind: rumeur\n---\ntexte", "its kind 'rumeur' is none"),
        ("a.html", b"<html><body></body></html>", "holds no article"),
        ("a.eml", b"\x00\xff\xfe", "no mail"),
        ("a.mbox", b"not a mailbox", "no mailbox"),
        ("a.jsonl", b"not json\nnor this\n", "none of its 2 rows can be a mention"),
    ],
)
def test_what_cannot_be_read_at_all_is_put_aside_with_its_reason(
    watch: Watch, folder: Path, name: str, content: bytes, said: str
) -> None:
    put(folder, name, content)
    put(folder, "good.jsonl", jsonl(row(1)))
    done = run(watch)
    assert done.new == 1
    assert names(folder) == {"done/good.jsonl", f"refused/{name}", f"refused/{name}.reason.txt"}
    assert said in (folder / "refused" / f"{name}.reason.txt").read_text(encoding="utf-8")
    assert any(said in text for text in done.warnings)
    assert done.defects == ()
    assert run(watch, 5).warnings == ()


def test_rows_that_are_refused_are_kept_aside_and_the_others_are_taken(watch: Watch, folder: Path) -> None:
    put(folder, "a.jsonl", jsonl(row(1), {"id": "2", "text": "", "author": "@bob"}) + "{broken\n")
    done = run(watch)
    assert (done.new, done.refused, done.read) == (1, 2, 3)
    assert done.rejects_file
    assert "@bob" not in done.rejects_file.read_text(encoding="utf-8")
    assert names(folder) == {"done/a.jsonl"}


def test_a_link_or_a_pipe_is_not_opened(watch: Watch, folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("mot de passe", encoding="utf-8")
    (folder / "link.txt").symlink_to(secret)
    os.mkfifo(folder / "pipe.jsonl")
    old = (OLD, OLD)
    os.utime(folder / "link.txt", old, follow_symlinks=False)
    os.utime(folder / "pipe.jsonl", old)
    done = run(watch)
    assert done.new == 0
    assert secret.exists()
    assert {"refused/link.txt", "refused/link.txt.reason.txt", "refused/pipe.jsonl.reason.txt"} <= names(folder)


def test_a_name_that_was_there_before_takes_nobodys_place(watch: Watch, folder: Path) -> None:
    put(folder, "a.jsonl", jsonl(row(1)))
    run(watch)
    put(folder, "a.jsonl", jsonl(row(2)))
    run(watch, 5)
    assert names(folder) == {"done/a.jsonl", "done/1-a.jsonl"}


def test_names_of_strangers_are_shown_without_what_could_harm(watch: Watch, folder: Path) -> None:
    put(folder, os.fsdecode(b"a\x1b[2J\n\xff.pdf"), "x")
    done = run(watch)
    assert "\x1b" not in done.warnings[0]
    assert "\n" not in done.warnings[0]
    done.warnings[0].encode("utf-8")


def test_a_folder_that_is_not_there_is_a_failure_of_the_source(watch: Watch) -> None:
    done = run(watch)
    assert done.broken == ("boite",)
    assert "inbox cannot be read: No such file or directory; make it" in done.warnings[0]


def test_a_limit_is_kept_file_by_file(make_watch: Make) -> None:
    watch = make_watch(sources=json.dumps([{"id": "boite", "type": "files", "folder": "inbox", "limit": 2}]))
    folder = watch.folder / "inbox"
    for number in range(4):
        put(folder, f"{number}.jsonl", jsonl(row(2 * number), row(2 * number + 1)), OLD + number)
    done = run(watch)
    assert (done.new, done.warnings) == (2, ("source boite: 3 files wait for the next run",))
    assert [run(watch, 5 * more).new for more in (1, 2, 3, 4)] == [2, 2, 2, 0]


def test_a_mistake_of_ours_at_one_file_stops_no_other_and_is_told(
    watch: Watch, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder, "a.jsonl", jsonl(row(1)))
    put(folder, "b.txt", "texte")

    def wrong(*_: object) -> None:
        raise KeyError("what the file said")

    monkeypatch.setitem(inbox_module.READERS, ".txt", wrong)
    done = run(watch)
    assert (done.new, [defect.source for defect in done.defects]) == (1, ["boite"])
    assert done.health["verdict"].tolist() == ["defect"]
    assert "what the file said" not in "".join(done.warnings)
    assert names(folder) == {"done/a.jsonl", "refused/b.txt", "refused/b.txt.reason.txt"}


class KilledError(BaseException):
    """What a killed process would never say."""


@pytest.mark.parametrize("write", range(10))
def test_killed_at_any_write_or_move_nothing_is_lost_or_doubled(
    watch: Watch, folder: Path, monkeypatch: pytest.MonkeyPatch, write: int
) -> None:
    put(folder, "a.jsonl", jsonl(row(1, likes=1), row(2)))
    put(folder, "b.txt", "texte b")
    put(folder, "c.pdf", "x")
    count = iter(range(1000))

    def dying(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            if next(count) == write:
                raise KilledError
            return original(*arguments, **named)

        return call

    with monkeypatch.context() as patched:
        patched.setattr(Store, "merge", dying(Store.merge))
        patched.setattr(State, "put", dying(State.put))
        patched.setattr(Path, "rename", dying(Path.rename))
        patched.setattr(pull_module, "settle", dying(pull_module.settle))
        with contextlib.suppress(KilledError):
            run(watch)
    run(watch, 5)
    assert sorted(Store(watch).load(MENTIONS)["text"]) == ["Aquilon 1", "Aquilon 2", "texte b"]
    assert len(Store(watch).load(ENGAGEMENT).drop_duplicates(["mention_id", "likes"])) == 1
    assert names(folder) == {"done/a.jsonl", "done/b.txt", "refused/c.pdf", "refused/c.pdf.reason.txt"}

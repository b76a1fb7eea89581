"""The demonstration's leak is found, its term in no byte of what is made; its impostor is found, the official account not.

The store's own mentions keep what was published, word for word: `mentions`, `earlier_texts`, and `entities`, which takes names
out of them. All else is looked at: files, tables, journal, what commands print, what alerts send, notebooks.
"""

from __future__ import annotations

import base64
import gzip
import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import papermill
import pytest
import yaml

from tests.alerts.conftest import Hook, Mailer, hook, mailer
from tests.project.bytes_of import files_below, holding
from veille.alerts import alerts
from veille.folding import fold_text
from veille.mention import MENTIONS
from veille.signals import SIGNALS, journal
from veille.store import Store
from veille.watch import confidential_terms, load_watch

__all__ = ["hook", "mailer"]

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "data" / "demo"
WEEK, AS_OF = "2026-W47", "2026-11-23T06:30"
RAW = ("mentions", "earlier_texts", "entities")
"""Tables that hold what was published as it was published."""


def run(watch_file: Path, *arguments: str, codes: tuple[int, ...] = (0, 3)) -> bytes:
    """Run a command in a process of its own; return what it printed, both ways."""
    command = [sys.executable, "-m", "veille", *arguments, "--watch", str(watch_file)]
    done = subprocess.run(command, capture_output=True, check=False, env=os.environ)
    assert done.returncode in codes, done.stderr.decode()
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("leak") / "demo"
    shutil.copytree(DEMO, folder, ignore=shutil.ignore_patterns("store", "state", "reports", "texts", "builder"))
    maps = [f"--map={field}={field}" for field in ("source", "source_type", "gathered_at")]
    run(folder / "watch.yml", "import", str(folder / "mentions.jsonl.gz"), "--format", "jsonl", *maps)
    run(folder / "watch.yml", "edition", "--week", WEEK, "--as-of", AS_OF)
    return folder


def test_the_search_finds_a_term_in_every_dress(tmp_path: Path) -> None:
    said = "un p.r.o.j.e.t  Boree"
    files = {
        "a.txt": said.encode(),
        "b.json": json.dumps({"x": "Projet Borée"}).encode(),
        "c.html": b"projet&#32;Bor&eacute;e",
        "d.html": b"projet <b>bor</b>ee",
        "e.gz": gzip.compress(said.encode()),
        "f.txt": b"projet%20Bor%C3%A9e",
        "g.txt": "le borée seul".encode(),
        "h.eml": base64.b64encode(b"Bonjour, " * 5 + said.encode()) + b"x",
        "i.txt": b"un projet",
    }
    assert holding(files, "Projet Borée") == ["a.txt", "b.json", "c.html", "d.html", "e.gz", "f.txt", "g.txt", "h.eml"]


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_no_byte_of_what_is_made_holds_the_confidential_term(
    made: Path, tmp_path: Path, mailer: Mailer, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = load_watch(made / "watch.yml")
    (term,) = confidential_terms(watch)
    store = Store(watch)
    leaked = store.load(SIGNALS).query("kind == 'leak'")["evidence"].explode().unique().tolist()
    said: dict[str, bytes] = {}
    variables = {"MAIL_URL": mailer.url, "DIR_URL": mailer.url, "DIR_SMS_URL": hook.url}
    moment = datetime(2026, 11, 21, 12, tzinfo=UTC)
    result = alerts(watch, store, moment, clock=lambda: moment, fetch=False, environment=variables)
    said["alerts"] = repr(result).encode()
    said |= {f"mail {number}": mail.as_bytes() for number, mail in enumerate(mailer.mails)}
    parts = [part for mail in mailer.mails for part in mail.walk() if not part.is_multipart()]
    said["mails read"] = "\n".join(str(part.get_content()) for part in parts).encode()
    said["hook"] = json.dumps(hook.taken, ensure_ascii=False).encode()
    assert any("confidentiel" in content.decode("utf-8", "replace") for content in said.values())
    file = made / "watch.yml"
    draft = tmp_path / "draft.txt"
    draft.write_text("Le Projet Borée, c’est non.", "utf-8")
    leak = store.load(SIGNALS).query("kind == 'leak'")["signal_id"].iloc[0]
    for arguments in (
        ["journal", "--json"], ["topics", "list", "--json"], ["topics", "list"], ["search", "cantine AND siège", "--json"],
        ["search", "couloirs AND réorg"], ["check-reply", str(draft), "--as-of", AS_OF], ["brief", "--as-of", AS_OF],
        ["sitrep", leak, "--as-of", AS_OF], ["doctor"], ["verify", WEEK],
        ["label", "export", str(made / "labels.csv")], ["query", "try", "cantine OR couloirs", "--json"],
    ):  # fmt: skip
        said[" ".join(arguments[:2])] = run(file, *arguments, codes=(0, 1, 2, 3))
    for name in ("respond", "explore"):
        book = ROOT / "notebooks" / f"{name}.ipynb"
        parameters = {"watch_file": str(file), "week": WEEK, "as_of": AS_OF}
        papermill.execute_notebook(book, made / "reports" / f"{name}.ipynb", parameters=parameters, progress_bar=False)
    files = files_below(made)
    own = [name for name in files if name.split("/")[0] in ("reports", "state") or name == "labels.csv"]
    tables = [name for name in files if name.startswith("store/") and name.split("/")[1] not in RAW]
    assert len(own) > 40
    assert {name.split("/")[1] for name in tables} >= {"signals", "topics", "journal", "alerts", "assignments", "readings"}
    # The one place where it is kept: a search that finds nothing there would find nothing anywhere.
    assert holding({name: files[name] for name in files if name.startswith("store/mentions/")}, term)
    assert leaked
    assert holding({name: files[name] for name in (*own, *tables)}, term) == []
    assert holding(said, term) == []


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_impostor_is_found_and_the_official_account_is_not(made: Path) -> None:
    watch = load_watch(made / "watch.yml")
    store = Store(watch)
    truth: dict[str, Any] = yaml.safe_load((made / "truth.yml").read_text("utf-8"))
    mentions = store.load(MENTIONS, ["mention_id", "native_id", "author", "resembles"]).set_index("native_id")
    planted = mentions.loc[truth["impostor"]["mentions"]]
    told = json.loads((made / "reports" / "aquilon" / WEEK / "bulletin.json").read_text("utf-8"))
    (signal,) = [one for one in told["signals"] if one["kind"] == "impostor"]
    assert set(signal["evidence"]) == set(planted["mention_id"])
    assert (signal["level"], signal["mentions"], signal["authors"]) == (3, len(planted), 1)
    assert set(planted["resembles"]) == {"lookalike"}
    # Of five thousand mentions nobody else's name is one that was made to deceive.
    alike = mentions.loc[mentions["resembles"].notna() & (mentions["resembles"] != "same"), "author"]
    assert set(alike) == set(planted["author"])
    quotes = [told["evidence"][one] for one in signal["evidence"]]
    assert all(one["url"] is None and "http" not in one["quote"] for one in quotes)
    page = (made / "reports" / "aquilon" / WEEK / "bulletin.html").read_text("utf-8")
    assert "Un faux compte de l’organisation demande des données ou de l’argent" in page
    assert "aquiion" not in fold_text(page)
    assert "aqui1on" not in fold_text(page)
    events = journal(store)
    assert "opened" in events.loc[events["signal_id"] == signal["signal_id"], "act"].tolist()

"""`gather --dry-run`, the lines of progress and `query try`, as a script sees them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests import commands
from tests.service import Service, service
from veille.watch import Watch

__all__ = ["service"]

HEAD = "watch: essai\norganisation: Essai\nsubjects: [{id: essai, query: orange}]\n"


def veille(watch: Watch, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return commands.veille(watch.file, *arguments, VEILLE_ALLOW_PRIVATE="1", **environment)


def test_a_dry_run_says_what_would_be_asked_and_asks_nothing(make_watch: Callable[[str], Watch], service: Service) -> None:
    sources = (
        f"sources:\n  - {{id: presse, type: rss, urls: ['{service.address}/rss.xml?key=hush']}}\n"
        "  - {id: bsky, type: bluesky, queries: [orange], user: ESSAI_USER, token: ESSAI_TOKEN, backfill_days: 7}\n"
        "  - {id: off, type: rss, urls: [https://example.org/a], enabled: false}\n"
    )
    watch = make_watch(HEAD + sources)
    before = sorted(watch.folder.rglob("*"))
    done = veille(watch, "gather", "--dry-run", "--json", ESSAI_USER="ada")
    assert done.returncode == 0, done.stderr
    assert service.asked == []
    assert sorted(watch.folder.rglob("*")) == before
    presse, bsky = json.loads(done.stdout)["sources"]
    assert (presse["places"], presse["keys"]) == ([f"{service.address}/rss.xml"], [])
    assert (bsky["places"], bsky["keys"], bsky["missing"]) == (["orange"], ["ESSAI_USER", "ESSAI_TOKEN"], ["ESSAI_TOKEN"])
    assert bsky["since"] > presse["since"]
    told = veille(watch, "gather", "--dry-run", ESSAI_USER="ada").stdout
    assert "not set: ESSAI_TOKEN" in told
    assert "hush" not in told + done.stdout
    assert "2 sources would be asked; nothing was" in told


def test_a_gather_tells_one_line_a_source_on_standard_error(make_watch: Callable[[str], Watch], service: Service) -> None:
    entry = "<item><title>Panne chez Orange</title><link>https://j.example/1</link></item>"
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>J</title>{entry}</channel></rss>'.encode()
    service.answer = lambda asked: (200, feed) if asked.path == "/a.xml" else (404, b"")
    urls = "".join(f"  - {{id: {name}, type: rss, urls: ['{service.address}/{name}.xml']}}\n" for name in ("a", "b"))
    done = veille(make_watch(HEAD + f"sources:\n{urls}"), "gather", "--json")
    assert done.returncode == 3
    assert done.stderr.splitlines()[:2] == ["source a: ok", "source b: broken"]
    assert json.loads(done.stdout)["new"] == 1


def test_a_query_is_tried_in_the_words_of_the_contract(watch: Watch, tmp_path: Path) -> None:
    empty = veille(watch, "query", "try", "orange")
    assert "nothing is stored yet" in empty.stdout
    rows = [
        {"native_id": str(n), "published_at": f"2026-11-{n + 1:02}T08:00:00Z", "text": text}
        for n, text in enumerate(["Panne chez Orange, fibre coupée"] * 8 + ["vigilance orange aux orages"] * 6)
    ]
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    assert veille(watch, "import", str(file), "--format", "jsonl").returncode == 0
    told = json.loads(veille(watch, "query", "try", "orange AND NOT orages", "--json").stdout)
    assert {"matched", "by_day", "samples", "neighbours", "removed", "exact"} <= set(told)
    assert (told["matched"], len(told["samples"]), told["stored"]) == (8, 8, 14)
    assert [(part["query"], part["count"], len(part["samples"])) for part in told["removed"]] == [("NOT orages", 6, 5)]
    assert "fibre" in [near["words"] for near in told["neighbours"]]
    said = veille(watch, "query", "try", "orange").stdout
    assert 'exact:"Orange" keeps 8 of the 14' in said
    assert "vigilance orange (6)" in said


def test_words_of_strangers_move_no_terminal(watch: Watch, tmp_path: Path) -> None:
    row = {
        "native_id": "1",
        "published_at": "2026-11-02T08:00:00Z",
        "text": "essai \x1b[2J\x1b]0;titre\x07 \u202eegaugnal\r fin",
        "publisher": "un\x9b31m",
    }
    file = tmp_path / "rows.jsonl"
    file.write_text(json.dumps(row), encoding="utf-8")
    assert veille(watch, "import", str(file), "--format", "jsonl").returncode == 0
    (line, count) = veille(watch, "search", "essai").stdout.splitlines()
    assert line.endswith("un 31m  essai [2J ]0;titre egaugnal fin")
    assert line.isprintable()
    assert count == "1 mentions match"

"""`veille add`: a page from a real server, a text, a transcript, a picture of a screen."""

from __future__ import annotations

import json
import os
import stat
import time
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

from veille.cli import main
from veille.errors import ImportFileError, SourceError, UsageError
from veille.gather import Imported, gather
from veille.gather.adding import Added, add
from veille.mention import MENTIONS
from veille.sources import Client
from veille.store import Store
from veille.watch import Watch

AS_OF = datetime(2026, 11, 22, 10, tzinfo=UTC)
WORDS = "Les conducteurs d'Aquilon ont voté la grève à une large majorité. " * 8
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(200)
Make = Callable[..., Watch]


def article(
    head: str = "", body: str = f"<p>{WORDS}</p><p>La direction regrette.</p>", title: str = "Grève chez Aquilon"
) -> bytes:
    return (
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>'
        f"<nav><a href='/'>Accueil</a></nav><article><h1>{title}</h1>{body}</article><footer>Mentions</footer></body></html>"
    ).encode()


LINKED = '<script type="application/ld+json">'
DATED = '<meta property="article:published_time" content="2026-11-20T08:30:00+01:00">'


def bring(watch: Watch, client: Client | None = None, **said: Any) -> Imported:
    return add(watch, Store(watch), AS_OF, Added(**said), client=client)


def stored(watch: Watch) -> dict[str, Any]:
    (row,) = Store(watch).load(MENTIONS).to_dict("records")
    return {str(name): value for name, value in row.items()}


@pytest.fixture
def site(server: Any) -> Any:
    server.page("/robots.txt", b"User-agent: *\nDisallow: /prive/\n")
    return server


def test_a_page_becomes_an_article(watch: Watch, site: Any, client: Client) -> None:
    url = site.page("/a/greve?utm_source=x", article(DATED), Content_Type="text/html")
    done = bring(watch, client, url=url)
    assert (done.read, done.new, done.updated, done.refused, done.rejects_file, done.warnings) == (1, 1, 0, 0, None, ())
    said = stored(watch)
    assert (said["title"], said["kind"], said["extent"]) == ("Grève chez Aquilon", "article", "full")
    assert said["text"].startswith("Les conducteurs d'Aquilon")
    assert said["text"].endswith("La direction regrette.")
    assert "Accueil" not in said["text"]
    assert (said["publisher"], said["source"], said["source_type"]) == ("127.0.0.1", "add", "add")
    assert (said["published_at"], said["gathered_at"]) == (pd.Timestamp("2026-11-20T07:30Z"), pd.Timestamp(AS_OF))
    assert said["language_declared"] == "fr"
    again = bring(watch, client, url=url)
    assert (again.new, again.updated) == (0, 0)


@pytest.mark.parametrize(
    ("canonical", "expected"),
    [
        ("/a/greve", "/a/greve"),
        ("https://autre.example/volee", "/a/amp"),
        ("javascript:1", "/a/amp"),
        ("", "/a/amp"),
    ],
)
def test_the_address_a_page_names_counts_on_its_own_host_only(
    watch: Watch, site: Any, client: Client, canonical: str, expected: str
) -> None:
    url = site.page("/a/amp", article(f'{DATED}<link rel="canonical" href="{canonical}">'))
    bring(watch, client, url=url)
    assert stored(watch)["url"] == site.address + expected


@pytest.mark.parametrize(
    "head",
    [
        f'{LINKED}{{"@graph": [{{"@type": "NewsArticle", "datePublished": "2026-11-20T08:30:00+01:00"}}]}}</script>',
        f'{LINKED}{{broken</script><meta name="date" content="2026-11-20T08:30:00+01:00">',
        '<meta itemprop="datePublished" content="2026-11-20T07:30:00Z">',
    ],
)
def test_the_date_a_page_declares_is_found(watch: Watch, site: Any, client: Client, head: str) -> None:
    bring(watch, client, url=site.page("/a", article(head)))
    assert stored(watch)["published_at"] == pd.Timestamp("2026-11-20T07:30Z")


def test_a_page_without_date_is_kept_and_told_and_a_person_may_say_it(watch: Watch, site: Any, client: Client) -> None:
    url = site.page("/a", article("<meta name='date' content='demain'>"))
    assert "never counted" in bring(watch, client, url=url).warnings[0]
    done = bring(watch, client, url=url, published="2026-11-20 08:30")
    assert (done.new, done.updated, done.warnings) == (0, 1, ())
    assert stored(watch)["published_at"] == pd.Timestamp("2026-11-20T07:30Z")


def test_a_page_for_subscribers_is_kept_as_what_it_is(watch: Watch, site: Any, client: Client) -> None:
    wall = LINKED + '{"@type": "NewsArticle", "isAccessibleForFree": "False"}</script>'
    done = bring(watch, client, url=site.page("/a", article(DATED + wall)))
    assert "do not pay" in done.warnings[0]
    assert stored(watch)["extent"] == "paywalled"


def test_a_whole_page_takes_the_place_of_the_lead_of_a_feed_and_stays(make_watch: Make, site: Any, client: Client) -> None:
    url = site.page("/a/1", article(DATED))
    feed = (
        f"<rss version='2.0'><channel><title>T</title><item><title>Grève</title><link>{url}</link>"
        "<description>Un résumé.</description><pubDate>Fri, 20 Nov 2026 08:30:00 +0100</pubDate></item></channel></rss>"
    )
    site.page("/f", feed.encode())
    watch = make_watch(sources=json.dumps([{"id": "presse", "type": "rss", "urls": [f"{site.address}/f"]}]))
    gather(watch, Store(watch), AS_OF, client=client)
    assert stored(watch)["text"] == "Un résumé."
    assert bring(watch, client, url=url).updated == 1
    for minutes in (5, 10):
        gather(watch, Store(watch), AS_OF.replace(minute=minutes), client=client)
    said = stored(watch)
    assert (said["source"], said["extent"]) == ("presse", "full")
    assert said["text"].startswith("Les conducteurs")


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ({"status": 404}, "answered 404"),
        ({"status": 500}, "answered 500"),
        ({"status": 429, "Retry_After": "3600"}, "asks to wait"),
        ({"body": b""}, "holds no article"),
        ({"body": b"<html></html>", "Content_Type": "text/html"}, "holds no article"),
        ({"body": b"%PDF-1.7", "Content_Type": "application/pdf"}, "is no page but application/pdf"),
        ({"body": b"\x89PNG\x00\xff", "Content_Type": "text/html"}, "no article"),
        ({"body": b"x" * 200_000}, "more than 97 kB"),
        ({"body": b"<" * 50_000}, "no article"),
        ({"status": 302, "Location": "file:///etc/passwd"}, "no web address"),
    ],
)
def test_a_page_that_cannot_be_read_is_one_sentence(
    watch: Watch, site: Any, client: Client, page: dict[str, Any], said: str
) -> None:
    with pytest.raises(SourceError, match=said) as caught:
        bring(watch, client, url=site.page("/a", **page))
    assert caught.value.hint
    assert Store(watch).load(MENTIONS).empty


def test_half_a_page_and_a_silent_server_are_errors(watch: Watch, site: Any, client: Client, impatient: Client) -> None:
    def half(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "90000")
        handler.end_headers()
        handler.wfile.write(article())
        handler.close_connection = True

    site.pages["/half"] = half
    site.pages["/slow"] = lambda handler: time.sleep(0.5)
    with pytest.raises(SourceError):
        bring(watch, client, url=site.address + "/half")
    with pytest.raises(SourceError, match="in time"):
        bring(watch, impatient, url=site.address + "/slow")


def test_what_is_not_for_robots_is_not_read(watch: Watch, site: Any, client: Client) -> None:
    with pytest.raises(SourceError, match="not for robots") as caught:
        bring(watch, client, url=site.page("/prive/a", article(DATED)))
    assert "--text" in caught.value.hint
    assert [path for path, _ in site.requests] == ["/robots.txt"]
    done = bring(
        watch, client, url=site.address + "/prive/a", text="Aquilon, lu de mes yeux", published="2026-11-20", kind="article"
    )
    assert (done.new, len(site.requests)) == (1, 1)


def test_private_addresses_are_refused(watch: Watch, site: Any) -> None:
    with Client(allow_private=False) as careful, pytest.raises(SourceError):
        bring(watch, careful, url=site.page("/a", article(DATED)))
    assert site.requests == []


@pytest.mark.parametrize(
    ("encoding", "declared"), [("cp1252", "text/html; charset=windows-1252"), ("utf-8", "text/html; charset=latin-1")]
)
def test_accents_survive_a_wrong_charset(watch: Watch, site: Any, client: Client, encoding: str, declared: str) -> None:
    body = article(DATED).decode().replace('<meta charset="utf-8">', "").encode(encoding)
    bring(watch, client, url=site.page("/a", body, Content_Type=declared))
    assert stored(watch)["title"] == "Grève chez Aquilon"


def test_a_pasted_text(watch: Watch) -> None:
    done = bring(watch, text="Aquilon en grève", published="2026-11-20", publisher="Radio Nord", author="@alice", title="Titre")
    assert (done.new, done.warnings) == (1, ())
    said = stored(watch)
    assert (said["kind"], said["text"], said["title"], said["publisher"]) == ("post", "Aquilon en grève", "Titre", "Radio Nord")
    assert said["author"].startswith("a_")
    assert said["published_at"] == pd.Timestamp("2026-11-20", tz="Europe/Paris")
    assert bring(watch, text="Aquilon en grève", published="2026-11-20", publisher="Radio Nord", author="@alice").new == 0


def test_a_transcript_is_a_text_file(watch: Watch, tmp_path: Path) -> None:
    file = tmp_path / "matinale.txt"
    file.write_bytes("Invité : Aquilon doit répondre.\r\n".encode("cp1252"))
    bring(watch, file=file, published="2026-11-20", publisher="Radio Nord")
    assert (stored(watch)["kind"], stored(watch)["text"]) == ("transcript", "Invité : Aquilon doit répondre.")


def test_a_picture_is_copied_below_the_state_for_nobody_else_to_read(watch: Watch, tmp_path: Path) -> None:
    file = tmp_path / "ecran.png"
    file.write_bytes(PICTURE)
    done = bring(watch, file=file, text="Aquilon ment", published="2026-11-20", url="https://x.example/1")
    said = stored(watch)
    assert (done.new, said["kind"], said["text"]) == (1, "screenshot", "Aquilon ment")
    (name,) = said["media"]
    kept = watch.state_path / name
    assert kept.read_bytes() == PICTURE
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    file.unlink()
    assert kept.exists()
    file.write_bytes(PICTURE)
    assert (bring(watch, file=file, text="Aquilon ment", published="2026-11-20", url="https://x.example/1").updated) == 0


def test_without_tesseract_a_picture_needs_its_words(watch: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    file = tmp_path / "ecran.png"
    file.write_bytes(PICTURE)
    with pytest.raises(UsageError, match="words of the picture") as caught:
        bring(watch, file=file, published="2026-11-20")
    assert "tesseract" in caught.value.hint


def test_with_a_reader_of_pictures_its_words_are_taken_and_told(
    watch: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "tesseract"
    program.write_text('#!/bin/sh\necho "Aquilon $4"\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    file = tmp_path / "ecran.png"
    file.write_bytes(PICTURE)
    assert "compare them" in bring(watch, file=file, published="2026-11-20").warnings[0]
    assert stored(watch)["text"] == "Aquilon fra"


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({}, "nothing is given"),
        ({"url": "courrier.example/a"}, "no web address"),
        ({"url": "file:///etc/passwd"}, "no web address"),
        ({"url": "https://[broken"}, "no web address"),
        ({"text": "t", "kind": "rumeur"}, "no kind of mention"),
        ({"text": "t", "published": "hier"}, "no time that can be read"),
        ({"text": "t", "published": "03/11/2026"}, "no time that can be read"),
    ],
)
def test_wrong_use_is_one_sentence(watch: Watch, said: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        bring(watch, **said)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("content", "kind", "message"),
    [
        (None, None, "cannot be read"),
        (b"", None, "is empty"),
        (b"\x00\x01\x02", None, "neither"),
        (b"texte", "screenshot", "no picture"),
    ],
)
def test_a_file_that_is_none_is_one_sentence(
    watch: Watch, tmp_path: Path, content: bytes | None, kind: str | None, message: str
) -> None:
    file = tmp_path / "f.bin"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ImportFileError, match=message):
        bring(watch, file=file, kind=kind, published="2026-11-20")


def test_a_source_that_watch_yml_has_not_is_refused(make_watch: Make) -> None:
    watch = make_watch(sources=json.dumps([{"id": "radio", "type": "import", "publisher": "Radio Nord"}]))
    with pytest.raises(UsageError, match="no source 'autre'"):
        bring(watch, text="t", source="autre")
    bring(watch, text="Aquilon", source="radio", published="2026-11-20")
    assert (stored(watch)["source_type"], stored(watch)["publisher"]) == ("import", "Radio Nord")


def test_what_no_query_asks_for_is_told(watch: Watch) -> None:
    assert "matches no query" in bring(watch, text="autre chose", published="2026-11-20").warnings[0]


@pytest.mark.parametrize("arguments", [["-"], ["--text", "-"]])
def test_the_command_reads_standard_input_and_answers_its_keys(watch: Watch, arguments: list[str]) -> None:
    flags = ["--watch", str(watch.file), "--json", "--published", "2026-11-20"]
    done = CliRunner().invoke(main, ["add", *arguments, *flags], input="Aquilon en grève\n")
    assert (done.exit_code, stored(watch)["text"]) == (0, "Aquilon en grève")
    told = json.loads(done.stdout)
    assert told == {"read": 1, "new": 1, "updated": 0, "refused": 0, "rejects_file": None, "warnings": []}


def test_the_command_reads_a_page(watch: Watch, site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VEILLE_ALLOW_PRIVATE", "1")
    done = CliRunner().invoke(main, ["add", site.page("/a", article(DATED)), "--watch", str(watch.file)])
    assert (done.exit_code, done.stdout) == (0, "added\n")
    assert CliRunner().invoke(main, ["add", "--watch", str(watch.file)]).exit_code == 2
    assert CliRunner().invoke(main, ["add", "-", "--watch", str(watch.file)], input="").exit_code == 2
    assert CliRunner().invoke(main, ["add", site.address + "/a", "--kind", "rumeur", "--watch", str(watch.file)]).exit_code == 2

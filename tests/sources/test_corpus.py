"""Every feed of other projects' test suites passes through the source `rss`, served by a real server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest
from lxml import etree

from veille.sources import Client, Fetched, Limits, RssSource
from veille.watch import SourceSpec

REPLIES = Path(__file__).parents[2].parent / "shared" / "data" / "source-replies"
AS_OF = datetime(2026, 11, 22, tzinfo=UTC)

pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not REPLIES.is_dir(), reason="the public data sets are not beside the checkout"),
]


class Handler(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(REPLIES)))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def files() -> list[Path]:
    return sorted(REPLIES.rglob("*.xml"))


@pytest.fixture(scope="module")
def fetched(served: str, files: list[Path]) -> Iterator[dict[Path, Fetched]]:
    with Client(allow_private=True, limits=Limits(host_interval_seconds=0, attempts=1)) as client:
        yield {file: _fetch(f"{served}/{quote(file.relative_to(REPLIES).as_posix())}", client) for file in files}


def _fetch(url: str, client: Client) -> Fetched:
    spec = SourceSpec.model_validate({"id": "corpus", "type": "rss", "urls": [url]})
    return RssSource("UTC").fetch(spec, {}, AS_OF, client)


def entries_of(content: bytes) -> int | None:
    """Count the entries of a well-formed feed in another way than the source does; None where it is not well formed."""
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    except (etree.XMLSyntaxError, ValueError):
        return None
    named = [etree.QName(element).localname.lower() for element in root.iter(tag=etree.Element)]
    if etree.QName(root).localname.lower() not in ("rss", "rdf", "feed", "channel"):
        return None
    return sum(name in ("item", "entry") for name in named)


def test_no_feed_raises_and_every_refused_entry_has_its_reason(fetched: dict[Path, Fetched]) -> None:
    assert len(fetched) >= 2_500
    refused = [entry for one in fetched.values() for entry in one.refused]
    assert all(entry.reason for entry in refused)
    # What is no feed at all is an error that names its address.
    assert all(error for one in fetched.values() for error in one.errors)


def test_every_entry_of_a_well_formed_feed_is_a_mention_or_refused_with_a_reason(fetched: dict[Path, Fetched]) -> None:
    lost: dict[str, tuple[int, int, str]] = {}
    counted = 0
    for file, one in fetched.items():
        entries = entries_of(file.read_bytes())
        found = len(one.mentions) + len(one.refused)
        if entries is None:
            continue
        counted += 1
        if found < entries:
            lost[file.relative_to(REPLIES).as_posix()] = (entries, found, "; ".join(one.errors))
    assert counted >= 2_000
    assert lost == {}

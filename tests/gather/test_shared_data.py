"""Real files import without a lost row, where they are at hand."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from veille.gather import import_files
from veille.mention import MENTIONS
from veille.store import Store
from veille.watch import Watch

DATA = Path(__file__).parents[2].parent / "shared" / "data"
AS_OF = datetime(2026, 11, 22, tzinfo=UTC)
PRESS = ["native_id=id", "url=id", "published_at=created_at", "text=description", "kind==article", "publisher==lemonde.fr"]

pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not DATA.is_dir(), reason="the public data sets are not beside the checkout"),
]


def test_a_half_year_of_press(watch: Watch, store: Store) -> None:
    file = DATA / "press-fr-2022h1" / "items.jsonl.gz"
    done = import_files(watch, store, [file], format="jsonl", as_of=AS_OF, mapping=PRESS)
    assert (done.read, done.new, done.updated, done.refused, done.warnings) == (15_787, 15_787, 0, 0, ())


def test_tweets(watch: Watch, store: Store) -> None:
    done = import_files(watch, store, [DATA / "telecom-fr" / "tweets.csv"], format="csv", as_of=AS_OF)
    assert (done.read, done.new, done.refused, done.warnings) == (1_583, 1_583, 0, ())


def test_feeds_as_served(watch: Watch, store: Store) -> None:
    files = sorted((DATA / "rss-raw").glob("*/*.xml"))
    done = import_files(watch, store, files, format="rss", as_of=AS_OF)
    assert len(files) >= 85
    assert (done.read, done.new + done.updated + done.unchanged, done.refused, done.warnings) == (1_784, 1_784, 0, ())
    assert store.load(MENTIONS)["published_at"].notna().all()


def test_accents_and_dates_of_french_feeds_are_right(watch: Watch, store: Store) -> None:
    files = sorted((DATA / "rss-raw").glob("*/*.xml"))
    import_files(watch, store, files, format="rss", as_of=AS_OF)
    mentions = store.load(MENTIONS)
    text = mentions["title"] + " " + mentions["text"]
    # What UTF-8 looks like when it is read as something else, markup that was not read, and what could not be read at all.
    wrong = text.str.contains("Ã[©¨ª ‰]|Â[«»\xa0]|â€|\ufffd|&(?:amp|eacute|#\\d+);|</?(?:p|br|a)\\b", regex=True)
    assert text[wrong].tolist() == []
    assert text.str.contains("[éèàç]", regex=True).mean() > 0.9
    # Read by another reader, on the bytes as served.
    said = [text for file in files for text in re.findall(rb"<pubDate>(?:<!\[CDATA\[)?\s*([^<\]]+)", file.read_bytes())]
    told = [text.decode().strip() for text in said]
    # Some write ISO 8601 where RFC 822 is asked for.
    instants = {datetime.fromisoformat(text) if text[:4].isdigit() else parsedate_to_datetime(text) for text in told}
    assert len(said) >= 1_784
    assert set(mentions["published_at"]) <= instants

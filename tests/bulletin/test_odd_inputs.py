"""Whatever comes in, reading, topics and signals give a result or a clear verdict, and a bulletin can be composed of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from veille import reading, signals, topics
from veille.bulletin import compose
from veille.mention import MENTIONS
from veille.period import week
from veille.store import Store
from veille.watch import Watch

pytestmark = pytest.mark.slow
PERIOD = week("2026-W47", "Europe/Paris")
SENTENCE = "Essai : le tramway est en panne ce matin, ligne {}"
ODD = {
    "one": [SENTENCE],
    "two": [SENTENCE, "Essai recrute"],
    "five": [SENTENCE.format(number) for number in range(5)],
    "fifty": [f"{SENTENCE.format(number)} et {number * 7} voyageurs attendent" for number in range(50)],
    "the same": [SENTENCE] * 30,
    "empty": [""] * 12,
    "spaces": [" \n\t "] * 6,
    "emojis": ["😡", "😡😡🔥", "👍", "🚲🔥", "🇫🇷", "❤️", "👩‍👩‍👧"],
    "unknown language": ["ქართული ენა არის", "မြန်မာဘာသာ", "ᐃᓄᒃᑎᑐᑦ ᐅᖃᐅᓯᖅ", "қазақ тілі", "አማርኛ ቋንቋ", "ᏣᎳᎩ"],
    "very long": ["Essai panne " * 8_400, *(SENTENCE.format(number) for number in range(5))],
    "control characters": ["Essai\x00 panne\x00", "Es\u200bsai\u200d retard\ufeff", "\u202eiassE", "\x1b[31mEssai", "\x07" * 9],
    "accents alone": ["\u0300" * 99, "a\u0300\u0301" * 99],
}  # fmt: skip


def tell(store: Store, texts: list[str]) -> None:
    """Store texts of one author, all of the same second."""
    frame = pd.DataFrame({"text": texts})
    frame["mention_id"] = [f"m{number:03d}" for number in range(len(texts))]
    frame["published_at"] = datetime(2026, 11, 17, 8, tzinfo=UTC)
    known = {"source": "essai", "source_type": "import", "kind": "post", "title": "", "author": "a1", "publisher": "un.example"}
    store.merge(MENTIONS, MENTIONS.check(frame.assign(**known, subjects=[["essai"]] * len(texts))))


@pytest.mark.parametrize("texts", ODD.values(), ids=ODD.keys())
def test_a_result_or_a_clear_verdict(watch: Watch, store: Store, texts: list[str]) -> None:
    tell(store, texts)
    as_of = PERIOD.end + timedelta(hours=7)
    reading.read(watch, store, as_of, PERIOD)
    found = topics.update(watch, store, as_of, PERIOD)
    stories = found.stories
    assert found.verdict.startswith("not enough data: ") if not stories else found.mentions == len(texts)
    if stories:
        assert found.fine["title"].is_unique
        assert found.fine["title"].str.len().between(1, 70).all()
    told = signals.detect(watch, store, as_of, PERIOD)
    assert told.signals["score"].between(0, 100).all()
    page = compose(watch, store, as_of, PERIOD, run_id="r1", language="fr")
    assert page.edition.week == "2026-W47"

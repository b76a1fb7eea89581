"""What was told before and after a public reply: equal spans, the reply's own words left out, no share of a few stories."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

import pandas as pd
import pytest

from tests.desk.conftest import CUTOFF
from veille.desk.answered import FEWEST_READ, LONGEST, Around, before_and_after
from veille.desk.wording import answered_words
from veille.errors import UsageError
from veille.language import Language
from veille.mention import MENTIONS
from veille.reading.tables import READINGS
from veille.signals import DETECTIONS, answer, journal
from veille.store import Store
from veille.watch import Watch

AT = CUTOFF + timedelta(hours=12)
HOUR = timedelta(hours=1)
OWN = "https://x.com/aquilonmobilites/status/18"
PUBLIC = frozenset({"aquilonmobilites"})
Tell = Callable[..., None]


@pytest.fixture
def tell(told: Store) -> Tell:
    """Return a function that stores one read story of the batteries at each of some times."""

    def tell(*moments: datetime, tone: str = "negative", title: str = "La batterie a pris feu", **columns: object) -> None:
        ids = [hashlib.sha256(f"{title}{tone}{moment}{columns}".encode()).hexdigest()[:32] for moment in moments]
        rows = [
            {
                "mention_id": one, "source": "presse", "source_type": "rss", "kind": "post", "title": title, "text": "",
                "url": f"https://forum.example/{one}", "published_at": at, "gathered_at": at, "subjects": ["aquilon"],
                **columns,
            }
            for one, at in zip(ids, moments, strict=True)
        ]  # fmt: skip
        told.merge(MENTIONS, MENTIONS.check(pd.DataFrame(rows)))
        seen = pd.DataFrame({"mention_id": ids, "story_id": ids, "text_hash": ids})
        seen = seen.assign(version="v", language="fr", language_probability=1.0, tone=tone, story_similarity=1.0)
        negative = {"negative": 0.95, "neutral": 0.05}.get(tone)
        seen = seen.assign(p_negative=negative, p_neutral=negative and 0.95 - negative, p_positive=negative and 0.05)
        told.merge(READINGS, READINGS.check(seen))

    return tell


def look(store: Store, cutoff: datetime) -> None:
    looked = {"cutoff": cutoff, "as_of": cutoff, "version": "v", "stories": 9, "tests": 2, "enough_data": True}
    store.merge(DETECTIONS, DETECTIONS.check(pd.DataFrame([looked])))


def around(watch: Watch, store: Store, after: timedelta = 6 * HOUR) -> Around:
    look(store, AT + after)
    return before_and_after(watch, store, "s1", AT, AT + after)


def test_both_spans_are_equal_and_the_reply_parts_them(demo: Watch, told: Store, tell: Tell) -> None:
    tell(AT - 6 * HOUR, AT - timedelta(seconds=1))
    tell(AT - 6 * HOUR - timedelta(seconds=1), title="Feu de batterie, trop tôt")
    tell(AT, AT + 6 * HOUR - timedelta(seconds=1), tone="neutral")
    tell(AT + 6 * HOUR, title="Feu de batterie, trop tard")
    found = around(demo, told)
    assert found.span == 6 * HOUR
    assert (found.before.stories, found.before.negative) == (2, 2)
    assert (found.after.stories, found.after.negative) == (2, 0)


def test_the_span_ends_where_was_looked_and_after_two_days(demo: Watch, told: Store) -> None:
    look(told, AT + 3 * HOUR)
    assert before_and_after(demo, told, "s1", AT, AT + 30 * HOUR).span == 3 * HOUR
    assert before_and_after(demo, told, "s1", AT, AT + 2 * HOUR).span == timedelta(0)
    assert around(demo, told, 10 * LONGEST).span == LONGEST
    assert before_and_after(demo, told, "s1", AT, AT - HOUR).span == timedelta(0)


def test_of_few_read_stories_no_share_is_told(demo: Watch, told: Store, tell: Tell) -> None:
    tell(*(AT - number * HOUR for number in range(1, FEWEST_READ + 1)))
    tell(*(AT + number * HOUR for number in range(FEWEST_READ - 1)), tone="neutral")
    tell(AT + 5 * HOUR, tone="not_read", title="Batterie, feu : langue inconnue")
    found = around(demo, told)
    assert (found.after.stories, found.after.read) == (FEWEST_READ, FEWEST_READ - 1)
    assert not found.enough
    said = answered_words(found, "Anne", OWN, "Europe/Paris", Language("en"), new=True)
    assert "Not enough yet" in said
    assert "%" not in said
    later = answered_words(around(demo, told, LONGEST), "Anne", OWN, "Europe/Paris", Language("en"), new=True)
    assert "Not enough to compare" in later


@pytest.mark.parametrize(("code", "not_why"), [("en", "“After” is not “because”"), ("fr", "ne veut pas dire")])
def test_enough_is_told_with_its_interval_and_without_a_cause(
    demo: Watch, told: Store, tell: Tell, code: str, not_why: str
) -> None:
    tell(*(AT - timedelta(minutes=30 * number) for number in range(1, 11)))
    tell(*(AT + timedelta(minutes=30 * number) for number in range(10)), tone="neutral")
    found = around(demo, told)
    assert found.enough
    for side in (found.before, found.after):
        assert 0 <= side.low <= side.share <= side.high <= 1
    assert found.before.low > found.after.high
    said = answered_words(found, "Anne", OWN, "Europe/Paris", Language(code), new=False)
    assert not_why in said
    assert said.count("%") == 6


@pytest.mark.parametrize("ill", range(5))
def test_one_more_ill_story_never_lowers_the_share(demo: Watch, told: Store, tell: Tell, ill: int) -> None:
    moments = [AT + timedelta(minutes=30 * number) for number in range(5)]
    tell(*moments, tone="neutral")
    tell(AT + timedelta(minutes=7), *(AT + timedelta(minutes=9 + 30 * number) for number in range(ill)))
    before = around(demo, told).after
    tell(AT + 4 * HOUR, title="Encore une batterie en feu")
    after = around(demo, told).after
    assert (after.share, after.high) >= (before.share, before.high)
    assert after.stories == before.stories + 1


def test_another_matter_the_reply_itself_and_old_stories_do_not_count(demo: Watch, told: Store, tell: Tell) -> None:
    answer(told, "s1", AT, "Anne", OWN, public=PUBLIC)
    tell(AT + HOUR, title="Batterie, feu : notre réponse", url=OWN)
    tell(AT + HOUR, title="Le tram reprend ses horaires")
    tell(AT + HOUR, title="Batterie en feu ailleurs", subjects=["autre"])
    assert around(demo, told).after.stories == 0
    tell(AT - 12 * HOUR)
    known = told.load(READINGS)
    tell(AT + HOUR, tone="neutral")
    readings = told.load(READINGS)
    copy = ~readings["mention_id"].isin(known["mention_id"])
    founder = known["mention_id"].iloc[-1]
    told.merge(READINGS, READINGS.check(readings.loc[copy].assign(story_id=founder)))
    assert around(demo, told).after.stories == 0


def test_an_unknown_signal_is_wrong_use(demo: Watch, told: Store) -> None:
    with pytest.raises(UsageError, match="no signal s9"):
        before_and_after(demo, told, "s9", AT, AT)
    with pytest.raises(UsageError, match="no signal s9"):
        answer(told, "s9", AT, "Anne", OWN)


def test_the_same_address_is_one_event(told: Store) -> None:
    first, new = answer(told, "s1", AT, "Anne", OWN, public=PUBLIC)
    again, still = answer(told, "s1", AT + HOUR, "Bruno", f" {OWN} ", public=PUBLIC)
    assert (new, still) == (True, False)
    assert first["event_id"].tolist() == again["event_id"].tolist()
    _, other = answer(told, "s2", AT, "Anne", OWN, public=PUBLIC)
    assert other
    assert (journal(told)["act"] == "answered").sum() == 2


def test_an_address_that_names_a_private_person_is_not_kept(told: Store) -> None:
    first, _ = answer(told, "s1", AT, "Anne", "https://x.com/jeandupont/status/18", public=PUBLIC)
    other, new = answer(told, "s1", AT, "Anne", "https://x.com/jeandupont/status/19", public=PUBLIC)
    _, again = answer(told, "s1", AT + HOUR, "Anne", "https://x.com/jeandupont/status/18", public=PUBLIC)
    assert (new, again) == (True, False)
    assert first["note"].iloc[0].startswith("https://x.com/@… [")
    assert first["note"].iloc[0] != other["note"].iloc[0]
    assert not journal(told)["note"].str.contains("dupont").any()


@pytest.mark.parametrize(
    "address",
    [
        "", "x.com/a", "ftp://x.com/a", "javascript:alert(1)", "https://", "https://[", "https://anne:secret@x.com/a",
        "https://x.com/a b", "https://x.com/\u202eb", "https://x.com/\x1b[2J", "https://x.com/<b>",
        "https://x.com/" + "a" * 2_000,
    ],
)  # fmt: skip
def test_what_is_no_address_of_the_web_is_told_in_one_sentence(told: Store, address: str) -> None:
    with pytest.raises(UsageError, match="that is no address of a reply"):
        answer(told, "s1", AT, "Anne", address)
    assert not (journal(told)["act"] == "answered").any()

"""No table can be forgotten: every column that may hold something of a mention says so, or says here why it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.tables import all_tables as documented
from veille.contract import Holds, Kind, Table
from veille.privacy.tables import all_tables

# Rows of these tables go with their mention, their text or their picture; whatever their other columns hold goes too.
_ROW_GOES = (Holds.MENTION, Holds.TEXT_HASH)
_SWEPT = ("media", "pictures", "picture_events")
# Ids of the watch and of this software, hashes that need more than a text, people of the organisation, and clocks.
_HARMLESS = {
    "activity": ("day", "subject", "topic_id"),
    "adaptations": ("adaptation_id", "version", "reason", "weights"),
    "alerts": ("alert_id", "signal_id", "person", "in_place_of"),
    "calendar": ("entry", "day", "title"),
    "carriers": ("signal_id", "version"),
    "clock": ("signal_id",),
    "deliveries": ("alert_id", "route", "detail", "message_id"),
    "detections": ("version",),
    "duties": ("signal_id", "version", "rule_id"),
    "erased": ("tombstone",),
    "journal": ("event_id", "by", "signal_id"),
    "outgoing": ("outgoing_id", "week", "run_id", "target", "said"),
    "removals": ("removal_id", "by", "place"),
    "reviews": ("event_id", "by", "week", "run_id", "items"),
    "signals": (
        *("signal_id", "version", "subject", "role", "topic_id", "level_reason", "gravity_category", "responsibility_cluster"),
        *("cluster_confirmed_by", "effects_ids", "effects", "leaked_term"),
    ),
    "sitreps": ("signal_id", "by", "statements", "said"),
    "source_health": ("source", "error"),
    "surges": ("subject", "topic_id", "version", "day"),
    # The centroid is a mean over stories.
    "topics": ("topic_id", "version", "inputs", "parent_id", "centroid"),
    "topic_events": ("event_id", "by", "topic_id", "others"),
}


@pytest.mark.parametrize("table", all_tables(), ids=lambda table: table.name)
def test_every_column_that_can_hold_words_is_declared(table: Table) -> None:
    if table.name in _SWEPT or any(column.holds in _ROW_GOES for column in table.columns):
        return
    words = (Kind.TEXT, Kind.TEXTS, Kind.VECTOR)
    open_ended = [column for column in table.columns if column.kind in words and not column.choices]
    unlisted = [
        column.name for column in open_ended if column.holds is None and column.name not in _HARMLESS.get(table.name, ())
    ]
    assert not unlisted, f"{table.name}: say what {unlisted} hold with `holds`, or that they hold nothing of a mention here"


@pytest.mark.parametrize("table", all_tables(), ids=lambda table: table.name)
def test_ids_of_mentions_and_pseudonyms_are_declared_by_name(table: Table) -> None:
    for column in table.columns:
        if column.name == "mention_id":
            assert column.holds is Holds.MENTION
        elif column.name in ("author", "carrier"):
            assert column.holds is Holds.AUTHOR
        elif column.name.endswith("evidence") or column.name == "representatives":
            assert column.holds is Holds.MENTIONS


def test_a_list_beside_mentions_stands_after_them() -> None:
    for table in all_tables():
        kinds = [column.holds for column in table.columns]
        for place, kind in enumerate(kinds):
            assert kind is not Holds.BESIDE or Holds.MENTIONS in kinds[:place]


def test_tables_are_looked_for_wherever_one_is_declared() -> None:
    package = Path(__file__).parents[2] / "veille"
    named = {path for path in package.rglob("*.py") if " = Table(\n" in path.read_text(encoding="utf-8")}
    elsewhere = {path.name for path in named if path.stem not in ("tables", "mention")}
    # These are made in memory and never written to a store.
    assert elsewhere == {"times.py", "activity.py", "questions.py"}
    assert [table.name for table in documented()] == [table.name for table in all_tables()]

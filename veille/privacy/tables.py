"""What the privacy room keeps: that something was removed, never what; and the list of all tables, from their declarations."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from enum import StrEnum
from functools import cache

import veille
from veille.contract import Column, Holds, Kind, Table


class Cause(StrEnum):
    """Why something was removed."""

    AUTHOR = "author"
    MENTION = "mention"
    SOURCE = "source"
    RETENTION = "retention"


REMOVALS = Table(
    name="removals",
    doc="One row an erasure or retention and place that it removed something from: how much, when and by whom; never what.",
    key=("removal_id", "place"),
    append_only=True,
    columns=(
        Column("removal_id", Kind.TEXT, "Id, the same for all places of one removal"),
        Column("at", Kind.TIME, "When"),
        Column("by", Kind.TEXT, "Who asked for it; `veille` for what its age removed"),
        Column("cause", Kind.TEXT, "Why", choices=tuple(Cause)),
        Column("place", Kind.TEXT, "The table, `editions`, `desk pages`, `rejects`, `replays` or `pictures`"),
        Column("removed", Kind.INTEGER, "Rows or files that went", low=0),
        Column("changed", Kind.INTEGER, "Rows or editions that something was taken out of", low=0),
    ),
)


@cache
def all_tables() -> tuple[Table, ...]:
    """Return every table that a room of this software declares, by name: one that is declared cannot be forgotten."""
    tables: dict[str, Table] = {}
    for module in pkgutil.walk_packages(veille.__path__, "veille."):
        if module.name.rsplit(".", 1)[-1] in ("tables", "mention"):
            members = vars(importlib.import_module(module.name)).values()
            tables |= {member.name: member for member in members if isinstance(member, Table)}
    return tuple(tables[name] for name in sorted(tables))


def holding(*holds: Holds) -> Iterator[tuple[Table, Column]]:
    """Yield each table and column that holds one of these things."""
    for table in all_tables():
        for column in table.columns:
            if column.holds in holds:
                yield table, column

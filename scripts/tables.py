"""Write docs/tables.md from the contracts of the tables; `--check` only compares."""

from __future__ import annotations

import sys
from pathlib import Path

from veille.contract import Column
from veille.privacy.tables import all_tables

FILE = Path(__file__).parent.parent / "docs" / "tables.md"


def tables_text() -> str:
    """Return docs/tables.md as it must be."""
    parts = [
        "# Tables",
        "",
        "What a watch remembers, in Delta tables below its `store`. Times are UTC in microseconds. Made by `scripts/tables.py`",
        "from the contracts that every load and save is checked against.",
    ]
    for table in all_tables():
        grows = " Rows are only ever added; an undo is a counter-event." if table.append_only else ""
        key = ", ".join(f"`{name}`" for name in table.key)
        parts += [
            "",
            f"## {table.name}",
            "",
            f"{table.doc} Key: {key}.{grows}",
            "",
            "| column | kind | meaning |",
            "|---|---|---|",
        ]
        parts += [f"| `{column.name}` | {_kind(column)} | {column.doc} |" for column in table.columns]
    return "\n".join(parts) + "\n"


def _kind(column: Column) -> str:
    kind = column.kind.value
    if column.choices:
        kind += ": " + ", ".join(f"`{choice}`" for choice in column.choices)
    if column.low is not None and column.high is not None:
        kind += f", {column.low:g} to {column.high:g}"
    return kind + (", may be missing" if column.nullable else "")


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(0 if FILE.read_text(encoding="utf-8") == tables_text() else "docs/tables.md is not what the contracts say")
    FILE.write_text(tables_text(), encoding="utf-8")

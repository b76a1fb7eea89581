"""How right the machine was on what people labelled, subject by subject: the honest measure on the watch's own mentions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

import pandas as pd

from veille import labels
from veille.bulletin.types import Checked
from veille.labels.words import SHOWN
from veille.language import Language

if TYPE_CHECKING:
    from veille.store import Store
    from veille.watch import Watch

ALL = "*"
# What leadership's figures rest on; the rest is the analyst's.
_ON_PAGE = ("negative", "relevant")
_INTERVALS = [f"{measure}{end}" for measure in ("precision", "recall") for end in ("", "_low", "_high")]


def build_checked(watch: Watch, store: Store, as_of: datetime, language: Language) -> tuple[Checked, ...]:
    """Return precision and recall of each reading of each subject that labels until a moment tell.

    All subjects together come last, and are left out where they are one subject's labels over again.
    """
    table = labels.figures(store, as_of)
    names = {subject.id: subject.name for subject in watch.subjects} | {ALL: language.say("all subjects")}
    table = table.loc[table["subject"].isin(list(names)) & table[["precision", "recall"]].notna().any(axis=1)]
    alone = table.loc[table["subject"] != ALL].groupby(["what", "value"]).filter(lambda rows: len(rows) == 1)
    again = pd.MultiIndex.from_frame(table[["what", "value", "labels"]]).isin(
        pd.MultiIndex.from_frame(alone[["what", "value", "labels"]])
    )
    table = table.loc[(table["subject"] != ALL) | ~again]
    table = table.assign(last=table["subject"] == ALL).sort_values(["last", "subject", "what", "value"], kind="stable")
    return tuple(
        Checked(
            subject=str(row["subject"]),
            name=names[str(row["subject"])],
            what=str(row["what"]),
            value=str(row["value"]),
            labels=int(row["labels"]),
            **{name: None if pd.isna(row[name]) else float(row[name]) for name in _INTERVALS},
        )
        for row in table.to_dict("records")
    )


def said_checked(items: Iterable[Checked], language: Language, *, every: bool = False) -> tuple[str, ...]:
    """Return one sentence an item: for the page of what is negative and what is relevant, for the annex of `every` reading."""
    return tuple(_sentence(item, language) for item in items if every or item.value in _ON_PAGE)


def _sentence(item: Checked, language: Language) -> str:
    right, found = language.say("nothing was read so"), language.say("nobody called anything so")
    if item.precision is not None and item.precision_low is not None and item.precision_high is not None:
        right = language.say(
            "{share} of what was read so is right ({low} to {high})",
            share=language.percent(item.precision),
            low=language.percent(item.precision_low),
            high=language.percent(item.precision_high),
        )
    if item.recall is not None and item.recall_low is not None and item.recall_high is not None:
        found = language.say(
            "{share} of what people call so was read so ({low} to {high})",
            share=language.percent(item.recall),
            low=language.percent(item.recall_low),
            high=language.percent(item.recall_high),
        )
    value = SHOWN[item.value][language.code] if item.value in SHOWN else item.value
    return language.say_many(
        "{name}, “{value}”: {right}; {found}; {count} label says so.",
        "{name}, “{value}”: {right}; {found}; {count} labels say so.",
        item.labels,
        name=item.name,
        value=value,
        right=right,
        found=found,
    )

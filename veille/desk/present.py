"""What is known at one moment of the signals of a watch: what brief and situation report both begin from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from veille.desk.situation import STALE, last_detection
from veille.language import Language
from veille.masking import mask, mask_terms
from veille.names import level_name, level_reasons
from veille.signals import DUTIES, SIGNALS, SignalKind, SignalStatus, few, journal, status
from veille.store import Store
from veille.typography import cut
from veille.watch import Watch
from veille.watch.presence import handled_level

_OPENS, _CLOSES = re.compile(r"[«„]\s*"), re.compile(r"\s*»")


@dataclass(frozen=True)
class Present:
    """What is known at one moment.

    Parameters
    ----------
    watch, store, as_of, language
        The watch, its memory, the moment, and the language of the sentences.
    terms
        Confidential terms.
    signals
        SIGNALS, the last row of each signal known at that moment, most serious first.
    events
        JOURNAL until that moment.
    states
        Result of `status` of it.
    looked_at
        Cut-off of the last detection known then, None where there is none.
    """

    watch: Watch
    store: Store
    as_of: datetime
    language: Language
    terms: tuple[str, ...]
    signals: pd.DataFrame
    events: pd.DataFrame
    states: pd.DataFrame
    looked_at: datetime | None

    @classmethod
    def of(cls, watch: Watch, store: Store, as_of: datetime, language: Language, terms: tuple[str, ...]) -> Present:
        """Look at the store as of a moment."""
        moment = pd.Timestamp(as_of)
        rows = store.load(SIGNALS, where=[("as_of", "<=", moment), ("cutoff", "<=", moment)])
        rows = rows.sort_values("cutoff", kind="stable").drop_duplicates("signal_id", keep="last")
        rows = rows.assign(handled=[handled_level(watch, int(row.level), row.role) for row in few.rows(rows)])
        rows = rows.sort_values(["handled", "score", "signal_id"], ascending=[False, False, True], ignore_index=True)
        events = journal(store, as_of)
        return cls(watch, store, as_of, language, terms, rows, events, status(events), last_detection(store, as_of))

    @property
    def today(self) -> date:
        """The local day."""
        return self.as_of.astimezone(ZoneInfo(self.watch.timezone)).date()

    @property
    def open(self) -> pd.DataFrame:
        """Signals that are not closed and were seen in the last eight days of detection."""
        closed = self.states.index[self.states["status"] == SignalStatus.CLOSED]
        rows = self.signals.loc[~self.signals["signal_id"].isin(closed)]
        if self.looked_at is None:
            return rows
        return rows.loc[rows["cutoff"] >= pd.Timestamp(self.looked_at) - STALE].reset_index(drop=True)

    def hide(self, text: str) -> str:
        """Return a stranger's text without what no output shows."""
        return mask(text, self.terms)

    def own(self, text: str) -> str:
        """Return the organisation's own text without confidential terms."""
        return mask_terms(text, self.terms)

    def title(self, row: Any) -> str:
        """Return the title of a signal as it may be printed: a leak is never named by the words that leaked."""
        if row.kind == SignalKind.LEAK:
            return self.language.say("Confidential terms are quoted in public")
        return self.hide(row.title)

    def quoted(self, row: Any, length: int) -> str:
        """Return the title of a signal cut to be quoted: its own marks of quotation become inner ones."""
        return inner(cut(self.title(row), length))

    def when(self, moment: datetime | pd.Timestamp) -> str:
        """Return a local day and hour, the year left out where it is this one."""
        instant = moment.to_pydatetime() if isinstance(moment, pd.Timestamp) else moment
        return self.language.moment(instant, self.watch.timezone, year=self.today.year)

    def level_words(self, level: int) -> str:
        """Return a level in words."""
        return self.language.say("Level {level}, {name}", level=level, name=level_name(level, self.language))

    def reason(self, row: Any) -> str:
        """Return the rule that gave a signal its level, in words."""
        return level_reasons(self.language).get(row.level_reason, "")

    def counted(self, row: Any) -> str:
        """Return how many stories and publishers tell a signal."""
        say_many = self.language.say_many
        return self.language.say(
            "{stories}, {publishers}",
            stories=say_many("{count} story", "{count} stories", int(row.stories)),
            publishers=say_many("{count} publisher", "{count} publishers", int(row.publishers)),
        )

    def duties(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return the DUTIES of these signals at their last detection, those in force and due first."""
        mine = self.store.load(DUTIES, where=[("as_of", "<=", pd.Timestamp(self.as_of))])
        mine = mine.merge(rows[["signal_id", "cutoff"]], on=["signal_id", "cutoff"])
        mine = mine.loc[mine["rule_id"].isin([rule.id for rule in self.watch.rules])]
        return mine.sort_values(
            ["in_force", "due_at", "rule_id"], ascending=[False, True, True], na_position="last", ignore_index=True
        )


def inner(text: str) -> str:
    """Return a text that is quoted itself: its own marks become inner ones."""
    return _CLOSES.sub("”", _OPENS.sub("“", text))

"""What is kept beside a signal: its reason words, its carriers, whether accounts post the same at once, its duties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import pandas as pd

from veille.folding import words_of
from veille.pseudonym import pseudonym
from veille.signals.affairs import Lexis
from veille.signals.carriers import CARRIERS_KEPT, carriers, shares, voices
from veille.signals.coordination import coincidence, shared_things, usual_strength
from veille.signals.delays import delay_of, due_at
from veille.signals.material import Material
from veille.signals.reasons import reason_words
from veille.signals.rules import in_force, saying, triggered
from veille.signals.tables import CARRIERS, DUTIES
from veille.signals.thresholds import Thresholds
from veille.store import Store
from veille.watch import Role, Watch


@dataclass(frozen=True)
class Setting:
    """What the details of all signals of one detection are compared with.

    Parameters
    ----------
    watch, store, material, lexis, thresholds, as_of
        As the detection has them.
    known_duties
        Rows of DUTIES of earlier cut-offs: when a trigger was first seen.
    """

    watch: Watch
    store: Store
    material: Material
    lexis: Lexis
    thresholds: Thresholds
    as_of: datetime
    known_duties: pd.DataFrame

    @cached_property
    def official_authors(self) -> frozenset[str]:
        """Pseudonyms of the institutions and elected people that may be named."""
        handles = self.watch.privacy.public_authors
        return frozenset(pseudonym(self.store.key, handle) for handle in handles) if handles else frozenset()

    @cached_property
    def press_hosts(self) -> frozenset[str]:
        """Hosts of the press that the watch reads, and of the publishers named as national."""
        told = self.material.told
        press = told.loc[told["press"], "publisher"].dropna().unique()
        urls = self.material.mentions.loc[self.material.mentions["kind"].isin(["article", "transcript"]), "url"].dropna()
        hosts = urls.str.extract(r"^https?://(?:www\.)?([^/:?#]+)", expand=False).dropna().unique()
        named = [str(name).removeprefix("www.") for name in [*press, *self.thresholds.national_publishers]]
        return frozenset(name.lower() for name in [*hosts, *named])

    @cached_property
    def _spoken(self) -> pd.DataFrame:
        return shared_things(self.material.told.drop_duplicates("mention_id"), self.press_hosts)

    @cached_property
    def _before(self) -> pd.DataFrame:
        return self._spoken.loc[self._spoken["published_at"] < pd.Timestamp(self.material.start)]

    @cached_property
    def _past_days(self) -> int:
        days, tested = self.material.grid.days, self.material.tested_days
        return int((days < days[tested[0]]).sum()) if tested else 0

    @cached_property
    def _usual(self) -> tuple[float, float]:
        return usual_strength(self._before, self._past_days, self.watch.timezone)

    def words(self, members: pd.DataFrame, subject: str) -> list[str]:
        """Return the reason words of a signal, against all else said of its subject."""
        known = self.watch.subject(subject)
        names = {word.lstrip("@#") for text in (known.name, subject, self.watch.organisation) for word in words_of(text)}
        return reason_words(self.lexis.of(subject), members.drop_duplicates("story_id"), frozenset(names))

    def together(self, members: pd.DataFrame) -> dict[str, object]:
        """Return the columns of SIGNALS that say whether accounts post the same at once."""
        since = members["published_at"].min()
        mine = self._spoken.loc[self._spoken["mention_id"].isin(members["mention_id"])]
        recent = mine.loc[mine["published_at"] >= pd.Timestamp(self.material.start)]
        past = self._before.loc[self._before["published_at"] < since]
        found = coincidence(recent, past, self._usual, self._past_days, self.thresholds.evidence_max)
        return {
            "coordination": str(found.grade),
            "coordinated_accounts": found.accounts,
            "coordination_strength": found.strength,
            "coordination_usual": found.usual,
            "coordination_evidence": list(found.evidence),
        }

    def carried(self, members: pd.DataFrame, subject: str, *, known: bool) -> tuple[dict[str, object], pd.DataFrame]:
        """Return the columns of SIGNALS that say who carries a signal, and its carriers."""
        told = self.material.told
        before = told.loc[(told["subject"] == subject) & (told["published_at"] < members["published_at"].min())]
        mine = voices(members, self.official_authors, self.thresholds.national_publishers)
        found = carriers(
            mine, voices(before, self.official_authors, self.thresholds.national_publishers), known=known and len(before) > 0
        )
        return dict(shares(mine, found)), found

    def duties(self, signal_id: str, members: pd.DataFrame, subject: str) -> list[dict[str, object]]:
        """Return the rows of DUTIES of one signal; what is said of others starts no duty of the organisation."""
        if self.watch.subject(subject).role is not Role.SELF or not self.watch.rules:
            return []
        today = (self.material.cutoff - timedelta(microseconds=1)).astimezone(ZoneInfo(self.watch.timezone)).date()
        text = members["title"].fillna("") + ".\n" + members["text"].fillna("")
        rows: list[dict[str, object]] = []
        for rule in self.watch.rules:
            mine = saying(members, triggered(text, rule, *self._names))
            if mine.empty:
                continue
            holds, delay = in_force(rule, today), delay_of(rule.duty)
            known_at = self._known_at(signal_id, rule.id)
            due = (
                due_at(delay, known_at, self.watch.hours.office, self.watch.timezone, self.watch.hours.holidays)
                if holds
                else None
            )
            once = mine.drop_duplicates("story_id")
            rows.append(
                {
                    "signal_id": signal_id,
                    "rule_id": rule.id,
                    "in_force": holds,
                    "known_at": known_at,
                    "at_once": delay.at_once,
                    "delay_minutes": delay.minutes,
                    "due_at": due,
                    "stories": len(once),
                    "evidence": [str(mention) for mention in once["mention_id"].head(self.thresholds.evidence_max)],
                }
            )
        return rows

    @cached_property
    def _names(self) -> tuple[list[str], list[str]]:
        own = [subject for subject in self.watch.subjects if subject.role is Role.SELF]
        others = [subject for subject in self.watch.subjects if subject.role is Role.COMPETITOR]
        mine = [self.watch.organisation, *(name for subject in own for name in (subject.name, subject.id))]
        return mine, [name for subject in others for name in (subject.name, subject.id)]

    def _known_at(self, signal_id: str, rule_id: str) -> datetime:
        """Return when a trigger was first seen by the machine: the organisation may have known before, not after."""
        mine = self.known_duties.loc[
            (self.known_duties["signal_id"] == signal_id) & (self.known_duties["rule_id"] == rule_id), "known_at"
        ]
        first: datetime = mine.min().to_pydatetime() if len(mine) else self.material.cutoff
        return min(first, self.material.cutoff)


def stamped(rows: Sequence[dict[str, object]], setting: Setting) -> pd.DataFrame:
    """Return rows of DUTIES of this detection."""
    if not rows:
        return DUTIES.empty()
    frame = pd.DataFrame(rows).assign(cutoff=setting.material.cutoff, as_of=setting.as_of, version=setting.thresholds.version)
    return DUTIES.check(frame)


def carrier_rows(found: dict[str, pd.DataFrame], setting: Setting) -> pd.DataFrame:
    """Return rows of CARRIERS of this detection, the most telling of each signal."""
    parts = [frame.head(CARRIERS_KEPT).assign(signal_id=signal_id) for signal_id, frame in found.items() if len(frame)]
    if not parts:
        return CARRIERS.empty()
    frame = pd.concat(parts, ignore_index=True).assign(
        cutoff=setting.material.cutoff, as_of=setting.as_of, version=setting.thresholds.version
    )
    return CARRIERS.check(frame)

"""Signals as the bulletin shows them: the detection's row, the journal's acts, and who must act by when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pandas as pd

from veille.bulletin.beside import carried_of, duties_of, evidence_of, together_of
from veille.bulletin.figures import history, story_table
from veille.bulletin.material import Material, records
from veille.bulletin.since import shown_before, since_last
from veille.bulletin.types import Signal, SignalEffect
from veille.language import Language
from veille.names import level_reasons, people_names, posing_names
from veille.period import Period, local_midnight
from veille.signals.journal import status
from veille.signals.tables import Act, SignalKind, SignalStatus
from veille.watch.openings import of_level, office

if TYPE_CHECKING:
    from veille.watch import Watch

PARTS = ("gravity", "responsibility", "velocity", "reach", "loaded_words")


def statuses(journal: pd.DataFrame) -> dict[str, str]:
    """Return where each signal of the journal stands."""
    return {str(signal_id): str(stands) for signal_id, stands in status(journal)["status"].items()}


def first_act(journal: pd.DataFrame, signal_id: str, act: Act) -> datetime | None:
    """Return when something was first done about a signal, None where it never was."""
    times = journal.loc[(journal["signal_id"] == signal_id) & (journal["act"] == act.value), "at"]
    return times.min().to_pydatetime() if len(times) else None


def level_of(watch: Watch, signals: pd.DataFrame, journal: pd.DataFrame) -> int:
    """Return the level of the week, 0 to 4: the highest among signals that are not closed and not a competitor's.

    A watch of nothing but competitors is about them: their level is its own.
    """
    about_others = all(subject.role == "competitor" for subject in watch.subjects)
    own = signals if about_others else signals[signals["role"] != "competitor"]
    closed = own["signal_id"].map(statuses(journal)).eq(SignalStatus.CLOSED.value)
    levels = own.loc[~closed, "level"]
    return int(levels.max()) if len(levels) else 0


def next_working_day(watch: Watch, as_of: datetime) -> datetime:
    """Return the close of the first working day after a moment, by the office hours and public holidays of the watch."""
    zone = ZoneInfo(watch.timezone)
    tomorrow = local_midnight(as_of.astimezone(zone).date() + timedelta(days=1), watch.timezone)
    day = office(watch).opens(tomorrow).astimezone(zone).date()
    return datetime.combine(day, watch.hours.office.span.end, zone)


def published_at(watch: Watch, as_of: datetime, period: Period) -> datetime:
    """Return when the bulletin of a period is read at the earliest: its set hour of the week after, or `as_of` if later."""
    hour = watch.delivery.publish_at
    day = period.last + timedelta(days=hour.day)
    return max(as_of, datetime.combine(day, hour.time, ZoneInfo(watch.timezone)).astimezone(UTC))


def due_of(watch: Watch, level: int, sent_at: datetime | None, read_at: datetime) -> datetime | None:
    """Return by when a signal must be decided, from its sending or else from the bulletin; None below level 3."""
    step = watch.escalation.get(level)
    if level < 3 or step is None or step.decide_within is None:
        return None
    return of_level(watch, level).after(sent_at or read_at, step.decide_within)


def titles_of_effects(watch: Watch) -> dict[str, str]:
    """Return the title of every objective, decision and red line by its id."""
    return {item.id: item.title for item in watch.strategy.items}


def build_signals(watch: Watch, material: Material, mask: Callable[[str], str], language: Language) -> tuple[Signal, ...]:
    """Return the signals of the cut-off, most serious first: level, then score, then id."""
    titles = titles_of_effects(watch)
    reasons = level_reasons(language)
    read_at = published_at(watch, material.as_of, material.period)
    stands = statuses(material.journal)
    names = {subject.id: subject.name or subject.id for subject in watch.subjects}
    ordered = material.signals.sort_values(["level", "score", "signal_id"], ascending=[False, False, True])
    result = []
    for row in records(ordered):
        sent_at = first_act(material.journal, row.signal_id, Act.SENT)
        stories = _past(material, row)
        step = watch.escalation.get(int(row.level))
        shown = shown_before(material, row.signal_id)
        since = since_last(material, row, shown, language)
        result.append(
            Signal(
                signal_id=row.signal_id,
                subject=row.subject,
                subject_name=names.get(row.subject, row.subject),
                role=row.role,
                topic_id=row.topic_id if isinstance(row.topic_id, str) else None,
                title=_title(row, mask, language),
                kind=SignalKind(row.kind).value,
                level=int(row.level),
                level_reason=reasons.get(row.level_reason, mask(row.level_reason)),
                score=round(row.score, 1),
                score_low=round(row.score_low, 1),
                score_high=round(row.score_high, 1),
                parts={part: _real(getattr(row, f"part_{part}"), 3) for part in PARTS},
                effects=tuple(
                    SignalEffect(id=effect_id, effect=effect, title=titles.get(effect_id, ""))
                    for effect_id, effect in zip(row.effects_ids, row.effects, strict=True)
                ),
                first_seen=row.first_seen.to_pydatetime(),
                detected_at=row.detected_at.to_pydatetime(),
                sent_at=sent_at,
                acknowledged_at=first_act(material.journal, row.signal_id, Act.ACKNOWLEDGED),
                # A competitor's crisis is his to decide.
                due=None if row.role == "competitor" else due_of(watch, int(row.level), sent_at, read_at),
                status=stands.get(row.signal_id, SignalStatus.OPEN.value),
                owner=people_names(watch, step.to, language) if step else "",
                window_days=int(row.window_days),
                p_value=_real(row.p_value, 9),
                expected_stories=_real(row.expected_stories, 1),
                stories=int(row.stories),
                negative_stories=int(row.negative_stories),
                publishers=int(row.publishers),
                authors=int(row.authors),
                mentions=int(row.mentions),
                press_pickup_at=None if pd.isna(row.press_pickup_at) else row.press_pickup_at.to_pydatetime(),
                short_history=bool(row.short_history),
                new=bool(row.detected_at > material.period.start),
                history=history(stories, material.known_weeks, "negative") if stories is not None else (),
                words=tuple(mask(word) for word in row.words),
                cluster=row.responsibility_cluster if isinstance(row.responsibility_cluster, str) else None,
                cluster_confirmed=isinstance(row.cluster_confirmed_by, str),
                carried=carried_of(row),
                together=together_of(row),
                duties=duties_of(watch, material, row.signal_id, mask),
                since=since.told,
                unchanged=since.unchanged,
                evidence=evidence_of(material, row, shown),
            )
        )
    return tuple(result)


def _title(row: Any, mask: Callable[[str], str], language: Language) -> str:
    """Return what a signal is called: a leak never by the words that leaked, an impostor by what it does."""
    if row.kind == SignalKind.LEAK:
        return language.say("Confidential terms are quoted in public")
    return posing_names(language).get(row.posing) or mask(row.title)


def _past(material: Material, row: Any) -> pd.DataFrame | None:
    """Return the stories a signal is compared with: its topic's, its subject's where the whole changed, none for a leak."""
    if isinstance(row.topic_id, str):
        return material.stories_of(row.topic_id)
    if row.kind in (SignalKind.NEGATIVE_EMERGENCE.value, SignalKind.WEAK.value):
        return story_table(material.of_subjects(frozenset([row.subject])))
    return None


def _real(value: float, digits: int) -> float | None:
    return None if pd.isna(value) else round(float(value), digits)

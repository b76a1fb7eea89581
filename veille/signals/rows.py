"""What a detection writes: the rows of SIGNALS, SURGES and JOURNAL of one cut-off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from veille.masking import mask_terms, mask_words
from veille.signals import assemble, continuity, few, naming
from veille.signals.candidates import Candidate
from veille.signals.counts import WHOLE
from veille.signals.details import Setting, carrier_rows, stamped
from veille.signals.journal import MACHINE, confirmed_clusters, event, status
from veille.signals.levels import assign_levels
from veille.signals.material import Material
from veille.signals.score import crisogenic
from veille.signals.tables import CARRIERS, DUTIES, JOURNAL, SIGNALS, SURGES, Act, SignalKind, SignalStatus
from veille.signals.thresholds import Thresholds
from veille.watch import Watch, confidential_terms

_OLD_CRISIS_DAYS = 28


@dataclass(frozen=True)
class Found:
    """The rows that candidates make: SIGNALS, most serious first, CARRIERS and DUTIES."""

    signals: pd.DataFrame
    carriers: pd.DataFrame
    duties: pd.DataFrame


def signal_rows(
    setting: Setting,
    told: pd.DataFrame,
    candidates: Sequence[Candidate],
    earlier: pd.DataFrame,
    past_events: pd.DataFrame,
) -> Found:
    """Return the rows that the candidates make.

    Parameters
    ----------
    setting
        What is watched, what was looked at, what was known, and the settings.
    told
        Mentions the candidates rest on, those of leaks and impostors included.
    candidates
        Identified candidates.
    earlier
        Rows of SIGNALS of earlier cut-offs.
    past_events
        The journal until then.
    """
    watch, material, thresholds = setting.watch, setting.material, setting.thresholds
    members = assemble.members_of(candidates, told)
    candidates = list(candidates)
    if not candidates or members.empty:
        return Found(SIGNALS.empty(), CARRIERS.empty(), DUTIES.empty())
    places = pd.RangeIndex(len(candidates))
    recent_p = pd.Series([candidate.recent_p for candidate in candidates], index=places, dtype="float64")
    repeated = pd.Series([_repeated(candidate, earlier, material.cutoff) for candidate in candidates], index=places)
    confirmed = confirmed_clusters(past_events).reindex([str(candidate.signal_id) for candidate in candidates])
    confirmed.index = places
    parts = assemble.parts_of(members, recent_p, repeated, thresholds, confirmed["cluster"])
    first = continuity.first_times(earlier, past_events)
    # Of another matter too no signal is named by a confidential term that its stories hold.
    terms = confidential_terms(watch)
    described = [
        _described(watch, candidate, members.loc[members["candidate"] == place], told, material, first, thresholds)
        for place, candidate in enumerate(candidates)
    ]
    frame = pd.DataFrame(described, index=places).join(parts)
    proposed = pd.Series(assemble.cluster_of(parts["part_responsibility"]), index=places, dtype="object")
    frame["responsibility_cluster"] = confirmed["cluster"].where(confirmed["cluster"].notna(), proposed)
    frame["cluster_confirmed_by"], frame["crisis_history"] = confirmed["by"], repeated
    frame, carried, duties = _detailed(setting, frame, members)
    if terms:
        frame["title"] = [mask_terms(title, terms) for title in frame["title"]]
        frame["words"] = [mask_words(words, terms) for words in frame["words"]]
    frame = frame.join(crisogenic(frame, watch.detection.score_weights.model_dump()))
    frame = frame.join(assign_levels(frame, thresholds))
    frame["cutoff"], frame["as_of"], frame["version"] = material.cutoff, setting.as_of, thresholds.version
    frame = frame.sort_values(["level", "score", "signal_id"], ascending=[False, False, True], kind="stable")
    signals = SIGNALS.check(frame[[name for name in SIGNALS.column_names if name in frame.columns]])
    return Found(signals, carrier_rows(carried, setting), stamped(duties, setting))


def _detailed(
    setting: Setting, frame: pd.DataFrame, members: pd.DataFrame
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame], list[dict[str, object]]]:
    """Return the signals with the columns of what is kept beside them, their carriers by signal, and their duties."""
    columns: list[dict[str, object]] = []
    carried: dict[str, pd.DataFrame] = {}
    duties: list[dict[str, object]] = []
    for place, row in zip(frame.index, few.rows(frame), strict=True):
        mine = members.loc[members["candidate"] == place]
        leak = row.kind == SignalKind.LEAK
        shared, carried[row.signal_id] = setting.carried(mine, row.subject, known=not row.short_history)
        # A leak is never told by the words that leaked.
        words = [] if leak else setting.words(mine, row.subject)
        columns.append({"words": words, **setting.together(mine), **shared})
        duties += setting.duties(row.signal_id, mine, row.subject)
    return frame.join(pd.DataFrame(columns, index=frame.index)), carried, duties


def _described(
    watch: Watch,
    candidate: Candidate,
    members: pd.DataFrame,
    told: pd.DataFrame,
    material: Material,
    first: pd.DataFrame,
    thresholds: Thresholds,
) -> dict[str, object]:
    evidence = naming.evidence_of(members, thresholds.evidence_max, naming.names(watch.subject(candidate.subject)), candidate)
    signal_id = str(candidate.signal_id)
    known = signal_id in first.index
    first_seen = members["published_at"].min()
    # Everything said of a subject is no story that the press could take up.
    untold = candidate.topic_id == WHOLE and not candidate.words and len(material.topics) > 0
    taken_up = candidate.kind not in (SignalKind.LEAK, SignalKind.IMPOSTOR) and not untold
    pickup = assemble.pickup_at(members, thresholds) if taken_up else None
    return {
        "signal_id": signal_id,
        "subject": candidate.subject,
        "role": str(watch.subject(candidate.subject).role),
        "topic_id": candidate.topic_id or None,
        "kind": str(candidate.kind),
        "title": naming.title_of(watch, candidate, members, evidence, material),
        "gravity_category": candidate.category,
        "window_days": candidate.window_days,
        "p_value": candidate.p_value,
        "expected_stories": candidate.expected,
        **assemble.counts_of(candidate, told, members, material.start),
        "press_pickup_at": pickup,
        "short_history": assemble.short_history(members, material.first_of_source, thresholds.short_history_days),
        "first_seen": min(first.loc[signal_id, "first_seen"], first_seen) if known else first_seen,
        "detected_at": first.loc[signal_id, "detected_at"] if known else material.cutoff,
        "effects_ids": [item for item, _ in candidate.effects],
        "effects": [effect for _, effect in candidate.effects],
        "relevance": candidate.relevance,
        "evidence": evidence,
        "unusual": candidate.kind is SignalKind.NEGATIVE_EMERGENCE and not candidate.carried,
        "carried": candidate.carried,
        "quiet": candidate.carried and (candidate.recent_p is None or candidate.recent_p > thresholds.unusual_p),
        "red_line": candidate.red_line,
        "posing": candidate.posing,
        "leaked_term": candidate.leaked_term,
        "untold": untold and candidate.kind is SignalKind.NEGATIVE_EMERGENCE,
    }


def _repeated(candidate: Candidate, earlier: pd.DataFrame, cutoff: datetime) -> bool:
    """Whether the subject had another crisis before: SCCT raises responsibility by the history of crises."""
    old = earlier.loc[
        (earlier["subject"] == candidate.subject)
        & (earlier["signal_id"] != candidate.signal_id)
        & (earlier["level"] >= 3)
        & (earlier["detected_at"] < pd.Timestamp(cutoff - timedelta(days=_OLD_CRISIS_DAYS)))
    ]
    return len(old) > 0


def surge_rows(material: Material, surges: pd.DataFrame, as_of: datetime, thresholds: Thresholds) -> pd.DataFrame:
    """Return the rows of SURGES that the discovered windows make."""
    if surges.empty:
        return SURGES.empty()
    told = material.told
    evidence = []
    for row in few.rows(surges):
        since = row.day - pd.Timedelta(days=int(row.window_days) - 1)
        mine = told.loc[(told["subject"] == row.subject) & told["day"].between(since, row.day)]
        mine = mine if row.topic_id == WHOLE else mine.loc[mine["topic_id"] == row.topic_id]
        evidence.append(
            [str(mention) for mention in mine.drop_duplicates("story_id")["mention_id"].head(thresholds.evidence_max)]
        )
    return SURGES.check(
        pd.DataFrame(
            {
                "subject": surges["subject"],
                "topic_id": surges["topic_id"],
                "cutoff": material.cutoff,
                "as_of": as_of,
                "version": thresholds.version,
                "window_days": surges["window_days"],
                "day": surges["day"].dt.strftime("%Y-%m-%d"),
                "stories": surges["told"].astype(int),
                "expected_stories": surges["expected_stories"],
                "p_value": surges["p_value_stories"],
                "negative_share": np.clip(surges["share"], 0.0, 1.0),
                "negative_share_low": surges["share_low"],
                "negative_share_high": surges["share_high"],
            }
        ).assign(evidence=pd.Series(evidence, index=surges.index, dtype="object"))
    )


def journal_rows(
    signals: pd.DataFrame,
    earlier: pd.DataFrame,
    past_events: pd.DataFrame,
    published_at: pd.Series,
    cutoff: datetime,
    thresholds: Thresholds,
) -> pd.DataFrame:
    """Return what the machine did: signals opened, reopened by a second wave, updated where they changed.

    A signal that people closed stays closed while the same stories go on: it is reopened after quiet, at a higher level than it
    was closed at, or where most of what it rests on was published since.

    Parameters
    ----------
    signals, earlier
        Rows of SIGNALS of this cut-off, and of earlier ones.
    past_events
        The journal until now.
    published_at
        Publication of each mention, by mention id.
    """
    before = continuity.latest(earlier).set_index("signal_id")
    closed = _closings(past_events)
    rows = []
    for row in few.rows(signals):
        if row.signal_id not in before.index:
            rows.append(event(row.signal_id, cutoff, MACHINE, Act.OPENED, row.level, row.level_reason))
            continue
        last = before.loc[row.signal_id]
        quiet = pd.Timestamp(cutoff) - last["cutoff"] > pd.Timedelta(days=thresholds.reopen_after_days)
        shut = closed.loc[row.signal_id] if row.signal_id in closed.index else None
        if quiet or (shut is not None and _second_wave(row, shut, published_at, thresholds)):
            rows.append(event(row.signal_id, cutoff, MACHINE, Act.REOPENED, row.level, row.level_reason))
        elif shut is None and (row.level != last["level"] or set(row.evidence) != set(last["evidence"])):
            rows.append(event(row.signal_id, cutoff, MACHINE, Act.UPDATED, row.level, row.level_reason))
    return JOURNAL.check(pd.DataFrame(rows)) if rows else JOURNAL.empty()


def _closings(past_events: pd.DataFrame) -> pd.DataFrame:
    """Return the event that closed each signal that is closed now, by signal id."""
    states = status(past_events)
    shut = past_events.loc[past_events["act"] == Act.CLOSED].drop_duplicates("signal_id", keep="last").set_index("signal_id")
    return shut.loc[shut.index.isin(states.index[states["status"] == SignalStatus.CLOSED])]


def _second_wave(row: Any, shut: pd.Series, published_at: pd.Series, thresholds: Thresholds) -> bool:
    since = published_at.reindex(list(row.evidence)) >= shut["at"]
    higher = not pd.isna(shut["level"]) and row.level > shut["level"]
    return bool(higher or (since.sum() >= thresholds.min_stories and since.mean() > 0.5))

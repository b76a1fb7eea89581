"""The one verb that finds signals: editions, alerts and replay all call it, so that what is proven is what runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from veille.period import Period
from veille.signals import assemble, continuity, emergence, few
from veille.signals.candidates import Candidate, from_windows, one_per_affair
from veille.signals.confidential import leaks
from veille.signals.counts import MEASURES, WHOLE
from veille.signals.journal import MACHINE, event, journal, status
from veille.signals.levels import assign_levels
from veille.signals.material import Material, load_material
from veille.signals.score import crisogenic
from veille.signals.strategic import strategic
from veille.signals.tables import JOURNAL, SIGNALS, SURGES, Act, SignalKind, SignalStatus
from veille.signals.thresholds import Thresholds
from veille.signals.weak import weak_windows
from veille.store import Store
from veille.watch import Watch

_OLD_CRISIS_DAYS = 28


@dataclass(frozen=True)
class DetectionResult:
    """What a detection found.

    Parameters
    ----------
    cutoff
        Publications before this instant were looked at.
    signals, surges, events
        The rows of this cut-off: SIGNALS (most serious first), SURGES and the machine's JOURNAL.
    tests
        Every test: unit, measure, window, day, count, expected, p-value; for the analyst.
    verdict
        Empty, or why nothing can be said: "not enough data: …".
    """

    cutoff: datetime
    signals: pd.DataFrame
    surges: pd.DataFrame
    events: pd.DataFrame
    tests: pd.DataFrame
    verdict: str = ""

    @property
    def opened(self) -> int:
        """Signals seen for the first time."""
        return int((self.events["act"] == Act.OPENED).sum())

    @property
    def reopened(self) -> int:
        """Earlier signals whose second wave this is."""
        return int((self.events["act"] == Act.REOPENED).sum())

    @property
    def level(self) -> int:
        """Highest level, 0 where there is no signal."""
        return int(self.signals["level"].max()) if len(self.signals) else 0

    @property
    def alarms(self) -> pd.DataFrame:
        """Signals of level 2 and above."""
        return self.signals.loc[self.signals["level"] >= 2].reset_index(drop=True)

    @property
    def tested(self) -> int:
        """Tests made."""
        return len(self.tests)


def detect(watch: Watch, store: Store, as_of: datetime, period: Period) -> DetectionResult:
    """Find what changes for the worse in a period, and write SIGNALS, SURGES and JOURNAL of its cut-off.

    Parameters
    ----------
    watch, store
        The watch and its memory; its mentions must have been read, and its topics updated for the same cut-off.
    as_of
        What was known at this instant.
    period
        Local days whose ends are tested.

    Notes
    -----
    Rows of the same cut-off are replaced; only earlier cut-offs and what people did until `as_of` are remembered.
    """
    thresholds = Thresholds.of(watch.detection)
    material = load_material(watch, store, as_of, period, thresholds)
    earlier = store.load(SIGNALS, where=[("cutoff", "<", pd.Timestamp(material.cutoff))])
    past_events = journal(store, as_of)
    past_events = past_events.loc[(past_events["at"] < pd.Timestamp(material.cutoff)) | (past_events["by"] != MACHINE)]
    enough = len(material.stories) >= thresholds.min_mentions and len(material.tested_days) > 0
    tests = emergence.run_tests(material.grid, material.exposure, material.tested_days if enough else [], thresholds)
    candidates, surges = _found(material, tests, thresholds) if enough else ([], pd.DataFrame())
    candidates = [*strategic(watch, store, material, candidates, thresholds), *leaks(watch, material)]
    told = leaks_told(watch, material, candidates)
    story_of = told.drop_duplicates("mention_id").set_index("mention_id")["story_id"]
    candidates = continuity.identify(candidates, earlier, story_of, material.cutoff)
    candidates += _carried(material, candidates, earlier, past_events, tests, thresholds)
    rows = _rows(watch, material, told, candidates, earlier, as_of, thresholds)
    signals = SIGNALS.check(rows) if len(rows) else SIGNALS.empty()
    surge_rows = _surge_rows(material, surges, as_of, thresholds)
    events = _events(signals, earlier, past_events, material.cutoff, thresholds)
    store.replace(SIGNALS, signals, column="cutoff", value=pd.Timestamp(material.cutoff))
    store.replace(SURGES, surge_rows, column="cutoff", value=pd.Timestamp(material.cutoff))
    if len(events):
        store.merge(JOURNAL, events)
    verdict = "" if enough else f"not enough data: {len(material.stories)} stories, {thresholds.min_mentions} are needed"
    return DetectionResult(material.cutoff, signals, surge_rows, events, tests, verdict)


def _found(material: Material, tests: pd.DataFrame, thresholds: Thresholds) -> tuple[list[Candidate], pd.DataFrame]:
    verdicts = emergence.unit_days(tests, thresholds.fdr_level)
    chosen = emergence.windows(material.grid, tests, verdicts, thresholds)
    emergent = from_windows(
        emergence.best_windows(chosen, "emergence", "p_value"), SignalKind.NEGATIVE_EMERGENCE, material.stories
    )
    emergent = [candidate for candidate in emergent if _voices(material, candidate, thresholds)]
    emergent = one_per_affair(emergent, thresholds)
    slow = weak_windows(material.grid, tests, material.exposure, material.tested_days, thresholds)
    weak = from_windows(slow, SignalKind.WEAK, material.stories)
    loud = {candidate.subject for candidate in emergent}
    weak = one_per_affair([candidate for candidate in weak if candidate.subject not in loud], thresholds)
    taken = [candidate.stories for candidate in emergent]
    weak = [
        candidate
        for candidate in weak
        if all(len(candidate.stories & stories) * 2 < len(candidate.stories) for stories in taken)
    ]
    weak = sorted(weak, key=lambda candidate: (candidate.p_value or 0.0, candidate.subject))[: thresholds.weak_max]
    surges = emergence.best_windows(chosen, "surge", "p_value_stories")
    return [*emergent, *weak], surges.loc[~surges["subject"].isin(loud)] if len(surges) else surges


def _voices(material: Material, candidate: Candidate, thresholds: Thresholds) -> bool:
    """Enough publishers or authors: the smaller of the minimum and the publishers active in the past."""
    active = material.told["publisher"].nunique()
    needed = min(thresholds.min_voices, max(1, active))
    told = material.told
    mine = told.loc[(told["subject"] == candidate.subject) & told["story_id"].isin(list(candidate.stories))]
    return bool(max(mine["publisher"].nunique(), mine["author"].nunique()) >= needed)


def leaks_told(watch: Watch, material: Material, candidates: Sequence[Candidate]) -> pd.DataFrame:
    """Return what was told with the leaking mentions that no query matched, under the subject their signal has."""
    leaking = [candidate for candidate in candidates if candidate.kind is SignalKind.LEAK]
    known = set(zip(material.told["subject"], material.told["mention_id"], strict=True))
    parts = [material.told]
    for candidate in leaking:
        stray = material.mentions.loc[material.mentions["mention_id"].isin(list(candidate.stories))]
        stray = stray.loc[[(candidate.subject, mention) not in known for mention in stray["mention_id"]]]
        if len(stray):
            parts.append(_as_told(stray, candidate.subject, material, watch.timezone))
    return pd.concat(parts, ignore_index=True) if len(parts) > 1 else material.told


def _as_told(mentions: pd.DataFrame, subject: str, material: Material, timezone: str) -> pd.DataFrame:
    columns = [name for name in material.told.columns if name in mentions.columns]
    frame = mentions[columns].assign(subject=subject, topic_id=WHOLE, story_id=mentions["mention_id"], bad=1.0, grave=0.0)
    frame["press"] = mentions["kind"] == "article"
    frame["day"] = frame["published_at"].dt.tz_convert(timezone).dt.tz_localize(None).dt.normalize()
    return frame.reindex(columns=material.told.columns)


def _carried(
    material: Material,
    candidates: list[Candidate],
    earlier: pd.DataFrame,
    events: pd.DataFrame,
    tests: pd.DataFrame,
    thresholds: Thresholds,
) -> list[Candidate]:
    states = status(events)
    closed = set(states.index[states["status"] == SignalStatus.CLOSED])
    going_on = continuity.carried(earlier, candidates, material.told, closed, material.start, thresholds.reopen_after_days)
    if not going_on or tests.empty:
        return going_on
    last = tests.loc[(tests["day"] == tests["day"].max()) & tests["measure"].isin(MEASURES)]
    best = (
        last.sort_values("p_value", kind="stable").drop_duplicates(["subject", "topic_id"]).set_index(["subject", "topic_id"])
    )
    result = []
    for candidate in going_on:
        unit = (candidate.subject, candidate.topic_id)
        if unit in best.index:
            row = best.loc[unit]
            candidate = replace(  # noqa: PLW2901 - the candidate with its window
                candidate, p_value=float(row["p_value"]), expected=float(row["expected"]), window_days=int(row["window_days"])
            )
        result.append(candidate)
    return result


def _rows(
    watch: Watch,
    material: Material,
    told: pd.DataFrame,
    candidates: Sequence[Candidate],
    earlier: pd.DataFrame,
    as_of: datetime,
    thresholds: Thresholds,
) -> pd.DataFrame:
    members = assemble.members_of(candidates, told)
    candidates = list(candidates)
    if not candidates or members.empty:
        return pd.DataFrame()
    places = pd.RangeIndex(len(candidates))
    p_values = pd.Series([candidate.p_value for candidate in candidates], index=places, dtype="float64")
    repeated = pd.Series([_repeated(candidate, earlier, material.cutoff) for candidate in candidates], index=places)
    parts = assemble.parts_of(members, p_values, repeated, thresholds)
    first = continuity.latest(earlier).set_index("signal_id")[["first_seen", "detected_at"]]
    described = [
        _described(watch, candidate, members.loc[members["candidate"] == place], told, material, first, thresholds)
        for place, candidate in enumerate(candidates)
    ]
    frame = pd.DataFrame(described, index=places).join(parts)
    frame["responsibility_cluster"] = assemble.cluster_of(parts["part_responsibility"])
    frame = frame.join(crisogenic(frame, watch.detection.score_weights.model_dump()))
    frame = frame.join(assign_levels(frame, thresholds))
    frame["cutoff"], frame["as_of"], frame["version"] = material.cutoff, as_of, thresholds.version
    frame = frame.sort_values(["level", "score", "signal_id"], ascending=[False, False, True], kind="stable")
    return frame[[name for name in SIGNALS.column_names if name in frame.columns]]


def _described(
    watch: Watch,
    candidate: Candidate,
    members: pd.DataFrame,
    told: pd.DataFrame,
    material: Material,
    first: pd.DataFrame,
    thresholds: Thresholds,
) -> dict[str, object]:
    evidence = assemble.evidence_of(members, thresholds.evidence_max)
    known = candidate.signal_id in first.index
    first_seen = members["published_at"].min()
    pickup = None if candidate.kind is SignalKind.LEAK else assemble.pickup_at(members, thresholds)
    return {
        "signal_id": candidate.signal_id,
        "subject": candidate.subject,
        "role": str(watch.subject(candidate.subject).role),
        "topic_id": candidate.topic_id or None,
        "kind": str(candidate.kind),
        "title": _title(watch, candidate, members, evidence, material),
        "gravity_category": candidate.category,
        "window_days": candidate.window_days,
        "p_value": candidate.p_value,
        "expected_stories": candidate.expected,
        **assemble.counts_of(candidate, told, members, material.start),
        "press_pickup_at": pickup,
        "short_history": assemble.short_history(members, material.first_of_source, thresholds.short_history_days),
        "first_seen": min(first.loc[candidate.signal_id, "first_seen"], first_seen) if known else first_seen,
        "detected_at": first.loc[candidate.signal_id, "detected_at"] if known else material.cutoff,
        "effects_ids": [item for item, _ in candidate.effects],
        "effects": [effect for _, effect in candidate.effects],
        "relevance": candidate.relevance,
        "evidence": evidence,
        "unusual": candidate.kind is SignalKind.NEGATIVE_EMERGENCE and not candidate.carried,
        "carried": candidate.carried,
        "red_line": candidate.red_line,
    }


_LEAK_TITLES = {"fr": "Terme confidentiel vu en public", "en": "Confidential term seen in public"}


def _title(watch: Watch, candidate: Candidate, members: pd.DataFrame, evidence: list[str], material: Material) -> str:
    if candidate.kind is SignalKind.LEAK:
        return _LEAK_TITLES.get(watch.languages[0], _LEAK_TITLES["en"])
    if candidate.topic_id in material.topics.index:
        return str(material.topics.loc[candidate.topic_id, "title"])
    best = members.loc[members["mention_id"] == evidence[0]].iloc[0]
    return assemble.headline(str(best["title"] or ""), str(best["text"] or ""))


def _repeated(candidate: Candidate, earlier: pd.DataFrame, cutoff: datetime) -> bool:
    """Whether the subject had another crisis before: SCCT raises responsibility by the history of crises."""
    old = earlier.loc[
        (earlier["subject"] == candidate.subject)
        & (earlier["signal_id"] != candidate.signal_id)
        & (earlier["level"] >= 3)
        & (earlier["detected_at"] < pd.Timestamp(cutoff - timedelta(days=_OLD_CRISIS_DAYS)))
    ]
    return len(old) > 0


def _surge_rows(material: Material, surges: pd.DataFrame, as_of: datetime, thresholds: Thresholds) -> pd.DataFrame:
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
        ).assign(evidence=evidence)
    )


def _events(
    signals: pd.DataFrame, earlier: pd.DataFrame, past_events: pd.DataFrame, cutoff: datetime, thresholds: Thresholds
) -> pd.DataFrame:
    before = continuity.latest(earlier).set_index("signal_id")
    states = status(past_events)
    rows = []
    for row in few.rows(signals):
        if row.signal_id not in before.index:
            rows.append(event(row.signal_id, cutoff, MACHINE, Act.OPENED, row.level, row.level_reason))
            continue
        last = before.loc[row.signal_id]
        quiet = pd.Timestamp(cutoff) - last["cutoff"] > pd.Timedelta(days=thresholds.reopen_after_days)
        closed = row.signal_id in states.index and states.loc[row.signal_id, "status"] == SignalStatus.CLOSED
        if quiet or closed:
            rows.append(event(row.signal_id, cutoff, MACHINE, Act.REOPENED, row.level, row.level_reason))
        elif row.level != last["level"] or set(row.evidence) != set(last["evidence"]):
            rows.append(event(row.signal_id, cutoff, MACHINE, Act.UPDATED, row.level, row.level_reason))
    return JOURNAL.check(pd.DataFrame(rows)) if rows else JOURNAL.empty()

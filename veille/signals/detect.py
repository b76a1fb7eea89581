"""The one verb that finds signals: editions, alerts and replay all call it, so that what is proven is what runs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

import pandas as pd

from veille.period import Period
from veille.signals import continuity, emergence
from veille.signals.affairs import Lexis
from veille.signals.bursts import bursts
from veille.signals.candidates import Candidate, from_windows, one_per_affair, with_bursts
from veille.signals.confidential import leaks, told_with_strays
from veille.signals.counts import MEASURES, WHOLE
from veille.signals.details import Setting
from veille.signals.impostors import impostors
from veille.signals.journal import MACHINE, journal, status
from veille.signals.material import Material, load_material
from veille.signals.reports import grave_reports
from veille.signals.rows import journal_rows, signal_rows, surge_rows
from veille.signals.strategic import strategic
from veille.signals.tables import (
    CARRIERS,
    DETECTIONS,
    DUTIES,
    JOURNAL,
    SIGNALS,
    SURGES,
    Act,
    SignalKind,
    SignalStatus,
)
from veille.signals.thresholds import Thresholds
from veille.signals.waves import second_waves
from veille.signals.weak import grave_windows, slow_affairs
from veille.signals.young import FEWEST_PAST_DAYS
from veille.store import Store
from veille.watch import BUILT_IN, Watch


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
    warnings
        What makes the result less sure, one sentence each: readings or topics that are missing or old.
    carriers, duties
        The rows of CARRIERS and DUTIES of this cut-off: who carries each signal, and the rules it triggers.
    """

    cutoff: datetime
    signals: pd.DataFrame
    surges: pd.DataFrame
    events: pd.DataFrame
    tests: pd.DataFrame
    verdict: str = ""
    warnings: tuple[str, ...] = ()
    carriers: pd.DataFrame = field(default_factory=CARRIERS.empty)
    duties: pd.DataFrame = field(default_factory=DUTIES.empty)

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
    # Of a model of tone that the watch names the error is not known: it is assumed, not that of the built-in one.
    thresholds = Thresholds.of(watch.detection, watch.languages if watch.tone.model == BUILT_IN else ())
    material = load_material(watch, store, as_of, period, thresholds)
    earlier = store.load(SIGNALS, where=[("cutoff", "<", pd.Timestamp(material.cutoff)), ("as_of", "<=", pd.Timestamp(as_of))])
    past_events = journal(store, as_of)
    past_events = past_events.loc[(past_events["at"] < pd.Timestamp(material.cutoff)) | (past_events["by"] != MACHINE)]
    enough = len(material.stories) >= thresholds.min_mentions and len(material.tested_days) > 0
    tests = emergence.run_tests(material.grid, material.exposure, material.tested_days if enough else [], thresholds)
    # In the first days of a watch there is no habit that anything could be above.
    habit = len(tests) > 0
    lexis = Lexis(material.told, material.stories)
    candidates, surges = _found(material, lexis, tests, earlier, thresholds) if enough and habit else ([], pd.DataFrame())
    candidates = strategic(watch, store, material, lexis, tests, candidates, thresholds)
    candidates += [*leaks(watch, store.key, material), *impostors(watch, store.key, material)]
    told = told_with_strays(watch, material, candidates)
    story_of = told.drop_duplicates("mention_id").set_index("mention_id")["story_id"]
    candidates = continuity.identify(candidates, earlier, story_of, material.cutoff)
    states = status(past_events)
    closed = set(states.index[states["status"] == SignalStatus.CLOSED])
    again = second_waves(earlier, candidates, material.told, lexis, closed, material.start, thresholds)
    candidates += [candidate for candidate in again if _voices(material, candidate, thresholds)]
    candidates += _carried(material, lexis, candidates, earlier, closed, tests, thresholds)
    duties = store.load(DUTIES, where=[("cutoff", "<", pd.Timestamp(material.cutoff)), ("as_of", "<=", pd.Timestamp(as_of))])
    setting = Setting(watch, store, material, lexis, thresholds, as_of, duties)
    found = signal_rows(setting, told, candidates, earlier, past_events)
    signals = found.signals
    surge_frame = surge_rows(material, surges, as_of, thresholds)
    published_at = material.mentions.set_index("mention_id")["published_at"]
    events = journal_rows(signals, earlier, past_events, published_at, material.cutoff, thresholds)
    store.replace(SIGNALS, signals, column="cutoff", value=pd.Timestamp(material.cutoff))
    store.replace(CARRIERS, found.carriers, column="cutoff", value=pd.Timestamp(material.cutoff))
    store.replace(DUTIES, found.duties, column="cutoff", value=pd.Timestamp(material.cutoff))
    store.replace(SURGES, surge_frame, column="cutoff", value=pd.Timestamp(material.cutoff))
    if len(events):
        store.merge(JOURNAL, events)
    looked = {"cutoff": [material.cutoff], "as_of": [as_of], "version": [thresholds.version]}
    counted = {"stories": [len(material.stories)], "tests": [len(tests)], "enough_data": [enough and habit]}
    store.replace(
        DETECTIONS, DETECTIONS.check(pd.DataFrame({**looked, **counted})), column="cutoff", value=pd.Timestamp(material.cutoff)
    )
    lacking = f"{len(material.stories)} stories, {thresholds.min_mentions} are needed"
    if enough:
        lacking = f"{len(material.grid.days)} days of past, {FEWEST_PAST_DAYS + 2} are needed"
    verdict = "" if enough and habit else f"not enough data: {lacking}"
    return DetectionResult(
        material.cutoff, signals, surge_frame, events, tests, verdict, material.warnings, found.carriers, found.duties
    )


def _found(
    material: Material, lexis: Lexis, tests: pd.DataFrame, earlier: pd.DataFrame, thresholds: Thresholds
) -> tuple[list[Candidate], pd.DataFrame]:
    verdicts = emergence.unit_days(tests, thresholds.fdr_level)
    chosen = emergence.windows(material.grid, tests, verdicts, thresholds)
    emergent = from_windows(
        emergence.best_windows(chosen, "emergence", "p_value"), SignalKind.NEGATIVE_EMERGENCE, material.stories
    )
    now = set(material.stories.loc[material.stories["published_at"] >= pd.Timestamp(material.start), "story_id"])
    emergent = [candidate for candidate in emergent if candidate.stories & now and _voices(material, candidate, thresholds)]
    emergent = one_per_affair(emergent, lexis, thresholds)
    emergent = _bursts(material, lexis, emergent, now, thresholds)
    loud = {candidate.subject for candidate in emergent}
    # What is still said of a crisis is not a new weak signal: its own signal goes on.
    since = pd.Timestamp(material.cutoff) - pd.Timedelta(days=thresholds.baseline_days)
    known = earlier.loc[(earlier["kind"] == SignalKind.NEGATIVE_EMERGENCE) & (earlier["cutoff"] >= since), "subject"]
    few = from_windows(grave_windows(material.grid, tests, thresholds), SignalKind.WEAK, material.stories)
    weak = [candidate for candidate in few if candidate.subject not in loud | set(known)]
    apart = frozenset().union(*(candidate.stories for candidate in emergent))
    for subject in sorted(set(material.stories["subject"])):
        weak += slow_affairs(lexis.of(subject), subject, material.grid, thresholds, apart)
    weak += _reports(material, loud | set(known), thresholds)
    weak = [candidate for candidate in weak if candidate.stories & now]
    weak = _apart(with_bursts([], weak), emergent)[: thresholds.weak_max]
    surges = emergence.best_windows(chosen, "surge", "p_value_stories")
    return [*emergent, *weak], _not_ill(surges, material, emergent)


def _reports(material: Material, known: set[str], thresholds: Thresholds) -> list[Candidate]:
    """Return the weak candidates of one grave report each, of subjects of whose crisis nobody speaks yet."""
    found = grave_reports(material.grid, material.exposure, material.tested_days, thresholds)
    reports = material.stories.loc[material.stories["reported"] > 0]
    topic = reports.drop_duplicates("story_id").set_index("story_id")["topic_id"]
    new = [one for one in from_windows(found, SignalKind.WEAK, reports) if one.subject not in known]
    return [replace(one, topic_id=str(topic[min(one.stories)])) for one in new]


def _bursts(material: Material, lexis: Lexis, known: list[Candidate], now: set[str], thresholds: Thresholds) -> list[Candidate]:
    """Return what is known with the affairs that only their words show, of subjects whose rise is not told whole already."""
    whole = {candidate.subject for candidate in known if candidate.topic_id == WHOLE and not candidate.words}
    spoken = {subject: lexis.of(subject) for subject in sorted(set(material.stories["subject"]) - whole)}
    apart = frozenset().union(*(candidate.stories for candidate in known))
    found = bursts(spoken, material.grid.days, material.exposure, material.tested_days, apart, thresholds)
    result = [candidate for candidate in found if candidate.stories & now and _voices(material, candidate, thresholds)]
    return with_bursts(known, result)


def _not_ill(surges: pd.DataFrame, material: Material, emergent: list[Candidate]) -> pd.DataFrame:
    """Return the surges that are not another look at an emergence."""
    if surges.empty:
        return surges
    loud = {candidate.subject for candidate in emergent}
    ill = {(candidate.subject, story) for candidate in emergent for story in candidate.stories}
    stories = material.stories.loc[material.stories["published_at"] >= pd.Timestamp(material.start)]
    in_ill = pd.Series([key in ill for key in zip(stories["subject"], stories["story_id"], strict=True)], index=stories.index)
    shares = in_ill.groupby([stories["subject"], stories["topic_id"]]).mean()
    keys = pd.MultiIndex.from_frame(surges[["subject", "topic_id"]])
    mostly = shares.reindex(keys).fillna(0.0).to_numpy() > 0.5
    whole = (surges["topic_id"] == WHOLE).to_numpy() & surges["subject"].isin(loud).to_numpy()
    return surges.loc[~mostly & ~whole].reset_index(drop=True)


def _apart(weak: list[Candidate], emergent: list[Candidate]) -> list[Candidate]:
    """Return the weak candidates that are not another look at an emergence."""
    return [one for one in weak if all(2 * len(one.stories & other.stories) < len(one.stories) for other in emergent)]


def _voices(material: Material, candidate: Candidate, thresholds: Thresholds) -> bool:
    """Enough publishers or authors: the smaller of the minimum and the publishers active in the past."""
    active = material.told["publisher"].nunique()
    needed = min(thresholds.min_voices, max(1, active))
    told = material.told
    mine = told.loc[(told["subject"] == candidate.subject) & told["story_id"].isin(list(candidate.stories))]
    return bool(max(mine["publisher"].nunique(), mine["author"].nunique()) >= needed)


def _carried(
    material: Material,
    lexis: Lexis,
    candidates: list[Candidate],
    earlier: pd.DataFrame,
    closed: set[str],
    tests: pd.DataFrame,
    thresholds: Thresholds,
) -> list[Candidate]:
    going_on = continuity.carried(
        earlier, candidates, material.told, lexis, closed, material.start, material.cutoff, thresholds
    )
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
            candidate = replace(
                candidate,
                p_value=float(row["p_value"]),
                recent_p=float(row["p_value"]),
                expected=float(row["expected"]),
                window_days=int(row["window_days"]),
            )
        # A subject that is back to its habit is no affair that goes on.
        if candidate.topic_id != WHOLE or (candidate.p_value or 0.0) <= thresholds.unusual_p:
            result.append(candidate)
    return result

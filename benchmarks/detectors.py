"""What simpler detectors find on the same articles, in one table with what `veille replay` found.

    python benchmarks/detectors.py --watch watch.yml --truth events.csv --replay replay.json
    python benchmarks/detectors.py … --verdicts        # each false episode of the replay with its articles, to be judged

Days and truth are those of the replay, and all are scored by its code. The simple ones count articles, not stories, subject by
subject, and see nothing later than the day: the alarms of a day are the same whatever comes after. A column `items` of the
truth (articles of an event) parts the crises that counts can find from those they cannot.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from veille.mention import MENTIONS
from veille.reading import READINGS, Tone
from veille.replay import Event, EventKind, read_truth, score
from veille.signals import surprise
from veille.signals.cues import read_cues
from veille.store import Store
from veille.watch import Watch, load_watch

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Alarm = tuple[str, date]

PAST_DAYS, DISCOUNT, P_VALUE, MIN_ARTICLES = 56, 0.6, 0.001, 3
# One article of past in twenty days: .05 a day, believed in before anything was seen.
PRIOR = surprise.GammaPrior(shape=1.0, days=20.0)
# Floor of the standard deviation for sparse counts, as Burkom advises (R package surveillance, earsC).
C2_FLOOR = 0.5


@dataclass(frozen=True)
class Counts:
    """Articles of each subject and day.

    Parameters
    ----------
    subjects, days
        Ids, and local days from the first stored one on.
    articles, negative, loaded
        All, those that the model of tone calls negative, and those with a loaded word; shape (subjects, days).
    """

    subjects: Sequence[str]
    days: pd.DatetimeIndex
    articles: Floats
    negative: Floats
    loaded: Floats


def counted(watch: Watch, store: Store, last: date) -> Counts:
    """Count what is stored up to a day; the tone is that of the model as it is, uncorrected."""
    frame = store.load(MENTIONS, ["mention_id", "published_at", "title", "text", "subjects"])
    frame = frame.loc[frame["published_at"].notna() & frame["subjects"].map(len).gt(0)]
    frame = frame.merge(store.load(READINGS, ["mention_id", "language", "tone"]), on="mention_id", how="left")
    frame = frame.join(read_cues(frame["title"], frame["text"], frame["language"])["loaded"])
    frame["day"] = frame["published_at"].dt.tz_convert(watch.timezone).dt.tz_localize(None).dt.normalize()
    days = pd.date_range(frame["day"].min(), pd.Timestamp(last), freq="D")
    frame = frame.loc[frame["day"] <= days[-1]].explode("subjects")
    subjects = [subject.id for subject in watch.subjects]
    places = (pd.Index(subjects).get_indexer(pd.Index(frame["subjects"])), days.get_indexer(pd.DatetimeIndex(frame["day"])))

    def laid(weights: pd.Series) -> Floats:
        table = np.zeros((len(subjects), len(days)))
        np.add.at(table, places, weights.to_numpy(dtype=np.float64))
        return table

    negative = (frame["tone"] == Tone.NEGATIVE.value).astype(float)
    return Counts(subjects, days, laid(negative * 0 + 1), laid(negative), laid(frame["loaded"].fillna(0.0)))


def windowed(counts: Floats, length: int) -> Floats:
    """Return the sum of the `length` days that end on each day; days before the first count nothing."""
    total = np.pad(np.cumsum(counts, axis=1), ((0, 0), (length, 0)))
    return np.asarray(total[:, length:] - total[:, :-length], dtype=np.float64)


def gamma_poisson(bad: Floats, articles: Floats, lengths: Sequence[int], least_share: float = 0.0) -> Flags:
    """Return on which days a window of 3 articles or more is unlikely (p < .001) given the 56 days before it.

    Parameters
    ----------
    bad, articles
        Articles that tell of something bad, and all, shape (subjects, days).
    lengths
        Of the windows, in days.
    least_share
        Share of the window's articles that must be bad, exclusive.
    """
    flagged = np.zeros(bad.shape, dtype=bool)
    for length in lengths:
        window, whole = windowed(bad, length), windowed(articles, length)
        past = np.zeros(bad.shape)
        past[:, length:] = windowed(bad, PAST_DAYS)[:, :-length]
        known = np.clip(np.arange(bad.shape[1]) + 1.0 - length, 0, PAST_DAYS)
        p_values, _ = surprise.tail(window, length, past, known, PRIOR, discount=DISCOUNT)
        share = np.divide(window, whole, out=np.zeros(bad.shape), where=whole > 0)
        flagged |= (p_values < P_VALUE) & (window >= MIN_ARTICLES) & (share > least_share)
    return flagged


def huginn(counts: Floats) -> Flags:
    """Return on which days Huginn's PeakDetectorAgent reports: yesterday above mean + 3 sd of the fortnight, today below it.

    As its code does: no guard on a deviation of zero, the last two days are no part of the mean, two days between peaks.
    """
    flagged = np.zeros(counts.shape, dtype=bool)
    for subject, row in enumerate(counts):
        peak = -np.inf
        for day in range(4, len(row)):
            past = row[max(0, day - 13) : day - 1]
            if peak < day - 2 and row[day] < row[day - 1] and row[day - 1] > past.mean() + 3 * past.std():
                peak, flagged[subject, day] = day - 1, True
    return flagged


def ears_c2(counts: Floats) -> Flags:
    """Return on which days EARS C2 alarms: 3.09 deviations above the mean of seven days, two days lying between."""
    flagged = np.zeros(counts.shape, dtype=bool)
    for day in range(9, counts.shape[1]):
        past = counts[:, day - 9 : day - 2]
        flagged[:, day] = counts[:, day] - past.mean(axis=1) > 3.09 * np.maximum(past.std(axis=1, ddof=1), C2_FLOOR)
    return flagged


DETECTORS: dict[str, Callable[[Counts], Flags]] = {
    "gamma-Poisson, 3 days, negative tone": lambda seen: gamma_poisson(seen.negative, seen.articles, (3,)),
    "gamma-Poisson, 1, 3, 7 days, loaded words": lambda seen: gamma_poisson(seen.loaded, seen.articles, (1, 3, 7), 0.6),
    "Huginn, all articles": lambda seen: huginn(seen.articles),
    "Huginn, loaded words": lambda seen: huginn(seen.loaded),
    "EARS C2, all articles": lambda seen: ears_c2(seen.articles),
    "EARS C2, loaded words": lambda seen: ears_c2(seen.loaded),
}


def told(flags: Flags, seen: Counts, first: date) -> list[Alarm]:
    """Return the flagged days of each subject from the first day of the period on."""
    subjects, days = np.nonzero(flags & (seen.days >= pd.Timestamp(first)))
    dates = [day.date() for day in seen.days]
    return [(seen.subjects[subject], dates[day]) for subject, day in zip(subjects.tolist(), days.tolist(), strict=True)]


def runs(alarms: Sequence[Alarm]) -> list[Alarm]:
    """Return the first day of each run of alarms of a subject; between runs lie as many days as between false episodes."""
    ordered = sorted(alarms)
    gap = timedelta(days=score.EPISODE_DAYS)
    return [
        alarm
        for place, alarm in enumerate(ordered)
        if place == 0 or ordered[place - 1][0] != alarm[0] or alarm[1] - ordered[place - 1][1] >= gap
    ]


@dataclass(frozen=True)
class Period:
    """What all are held against.

    Parameters
    ----------
    first, last
        Local days.
    truth
        Labelled events.
    findable
        Ids of those with enough articles for counts to find them.
    """

    first: date
    last: date
    truth: Sequence[Event]
    findable: frozenset[str]

    @property
    def middle(self) -> date:
        """First day of the second half: the first of a month."""
        return (self.first + (self.last - self.first) / 2 + timedelta(days=15)).replace(day=1)

    def row(self, alarms: Sequence[Alarm], subjects: int, loud: int | None = None) -> dict[str, Any]:
        """Return what alarms are worth, as a row of the table.

        Parameters
        ----------
        alarms
            Subject and day.
        subjects
            How many are watched.
        loud
            Alarms of level 3 and more; None for a detector without levels, whose runs all ring.
        """
        found = score.Scores(
            score.found(alarms, self.truth), score.false_episodes(alarms, self.truth), self.first, self.last, subjects
        )
        mine = [one for one in found.crises if one.event.event_id in self.findable]
        quiet = [one for one in found.events if one.event.kind is EventKind.NOT_CRISIS]
        lags = sorted(one.lag_days for one in mine if one.lag_days is not None)
        begun = [alarms[episode[0]][1] for episode in found.false_episodes]
        weeks = ((self.last - self.first).days + 1) / 7
        row: dict[str, Any] = {
            f"found of {len(mine)}": sum(one.detected for one in mine),
            "lags in days": ", ".join(map(str, lags)),
            "median": "" if not lags else f"{np.median(lags):g}",
            f"found of all {len(found.crises)}": sum(one.detected for one in found.crises),
            "spike that is no crisis": "alarmed" if any(one.detected for one in quiet) else "quiet",
            "false episodes": found.false_alarms,
            "alarms a week": f"{(len(runs(alarms)) if loud is None else len(alarms)) / weeks:.2f}",
            "of level 3 and more": "" if loud is None else f"{loud / weeks:.2f}",
        }
        for name, later in (("before", False), ("from", True)):
            part = [one for one in found.crises if (one.event.onset >= self.middle) is later]
            false = sum((day >= self.middle) is later for day in begun)
            row[f"{name} {self.middle:%d %B}: found, false"] = f"{sum(one.detected for one in part)} of {len(part)}, {false}"
        return row


def table(seen: Counts, period: Period, replayed: dict[str, Any]) -> pd.DataFrame:
    """Return one row a detector, the replay last."""
    rows = {
        name: period.row(told(detector(seen), seen, period.first), len(seen.subjects)) for name, detector in DETECTORS.items()
    }
    alarms = [(alarm["subject"], date.fromisoformat(alarm["at"])) for alarm in replayed["alarms"]]
    rows["veille replay"] = period.row(alarms, len(seen.subjects), sum(alarm["level"] >= 3 for alarm in replayed["alarms"]))
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("detector").reset_index()


def markdown(frame: pd.DataFrame) -> str:
    """Return a frame as a table of Markdown."""
    lines = [frame.columns.tolist(), ["---"] * frame.shape[1], *frame.astype(str).to_numpy().tolist()]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def verdicts(store: Store, replayed: dict[str, Any]) -> str:
    """Return each false episode with its articles, for a reader's eyes only: press text is not to be kept."""
    known = store.load(MENTIONS, ["mention_id", "published_at", "title", "url"]).sort_values("published_at")
    lines = []
    for alarm in replayed["alarms"]:
        if alarm.get("false_episode") is None:
            continue
        place = f"{alarm['subject']}, {alarm['at']}, level {alarm['level']}, {alarm['kind']}"
        lines.append(f"\nfalse episode {alarm['false_episode']}: {place}")
        articles = known.loc[known["mention_id"].isin(alarm["evidence"])].astype(str)
        lines += ["  " + "  ".join(row) for row in articles.to_numpy().tolist()]
    return "\n".join(lines)


def main() -> None:
    """Print one table of Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--watch", type=Path, required=True, help="the watch that was replayed")
    parser.add_argument("--truth", type=Path, required=True, help="labelled events")
    parser.add_argument("--replay", type=Path, required=True, help="what `veille replay --out FILE.json` wrote")
    parser.add_argument("--least-items", type=int, default=5, help="articles from which counts can find an event")
    parser.add_argument("--verdicts", action="store_true")
    options = parser.parse_args()
    watch = load_watch(options.watch)
    store = Store(watch)
    replayed = json.loads(options.replay.read_text("utf-8"))
    if options.verdicts:
        print(verdicts(store, replayed))
        return
    labelled = pd.read_csv(options.truth)
    items = labelled["items"] if "items" in labelled else pd.Series(options.least_items, labelled.index)
    findable = frozenset(labelled.loc[items >= options.least_items, "event_id"])
    period = Period(
        date.fromisoformat(replayed["from"]), date.fromisoformat(replayed["to"]), read_truth(options.truth, watch), findable
    )
    print(markdown(table(counted(watch, store, period.last), period, replayed)))


if __name__ == "__main__":
    main()

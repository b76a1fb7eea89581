"""Make the calibration that ships with veille: which probability words hold, and what the thresholds are worth.

    python training/growth.py relive NAME WATCH FIRST LAST WORK [--truth FILE] [--weekly]
    python training/growth.py calibrate WORK MADE_ON

`relive` re-lives a watch whose mentions were imported (`veille import`) and keeps in WORK how much was said of what, and what
the alarms are worth; no texts. `--weekly` brings topics up to date at the end of each seventh day only, as weekly editions do,
and detects nothing. `calibrate` learns growth and writes `veille/replay/calibration.json`. The shipped one is made of

- `press-companies`: `press-fr-2022h1` (18 feeds of one newspaper) with its 26 companies and their labelled events, 1 January to
  30 June 2022, day by day;
- `press-matters`: the same set with the sixteen matters of public interest of `training/matters.yml`, week by week from
  2 January to 26 June 2022: of companies too few topics are spoken of to learn from;
- `demonstration`: the demonstration of this repository with its labelled events, 14 September to 22 November 2026.

Growth is learned from `press-matters` from January to March, and measured on what is after March of both press sets and on all
of the demonstration, at the ends of weeks. The rule by which a word holds (`veille.replay.reliability.measure`) was set before
it was measured.
"""

# ruff: noqa: T201  a script speaks to the person who runs it
from __future__ import annotations

import argparse
import json
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from veille.replay import Tested, days, learn, outcomes, read_truth, replay
from veille.replay.activity import activity
from veille.replay.calibration import SHIPPED, Calibration, outlook_of, span, worth
from veille.replay.reliability import measure, parted, pooled
from veille.replay.scratch import Scratch
from veille.store import Store
from veille.watch import load_watch

LEARNT, SPLIT = "press-matters", date(2022, 4, 1)
SETS = ("press-companies", "press-matters", "demonstration")
SUNDAY = 7


def relive(name: str, watch_file: Path, first: date, last: date, work: Path, truth: Path | None, *, weekly: bool) -> None:
    """Keep what was said of what, and what the alarms are worth."""
    watch = load_watch(watch_file)
    store = Store(watch)
    work.mkdir(parents=True, exist_ok=True)
    if weekly:
        scratch = Scratch(watch, store, work / f"{name}.sqlite")
        needed = days.prepare(watch, scratch, last)
        spoken = []
        for number in range(0, (last - first).days + 1, 7):
            day = first + timedelta(days=number)
            days.said(watch, scratch, day, needed)
            spoken.append(activity(watch, scratch, day))
            print(day, len(spoken[-1]))
        pd.concat(spoken).to_parquet(work / f"{name}.parquet")
        return
    found = replay(watch, store, first, last, truth=read_truth(truth, watch) if truth else (), progress=print)
    found.activity.to_parquet(work / f"{name}.parquet")
    (work / f"{name}.json").write_text(worth(name, found).model_dump_json(), encoding="utf-8")
    settings = watch.detection.model_dump(mode="json")
    (work / f"{name}.settings.json").write_text(json.dumps(settings), encoding="utf-8")


def cases(work: Path, name: str) -> pd.DataFrame:
    """Return the outcomes of the topics of a set at the ends of weeks."""
    spoken = pd.read_parquet(work / f"{name}.parquet")
    rows = outcomes(spoken, date.fromisoformat(spoken["day"].max()))
    return rows.loc[pd.to_datetime(rows["day"]).dt.isocalendar().day == SUNDAY]


def calibrate(work: Path, made_on: date) -> None:
    """Learn, measure, print and write."""
    rows = {name: cases(work, name) for name in SETS}
    learnt, _ = parted(rows[LEARNT], SPLIT)
    growth = learn(learnt)
    measured = {name: rows[name].loc[pd.to_datetime(rows[name]["day"]).dt.date >= SPLIT] for name in SETS}
    for name, part in (("learned from", learnt), *measured.items()):
        print(name, len(part), part["unit"].nunique())
        print(measure(growth, part).round(3).to_string())
    together = pooled(list(measured.values()))
    print("together")
    print(measure(growth, together).round(3).to_string())
    outlook = outlook_of(growth, (span(LEARNT, learnt),), tuple(span(name, part) for name, part in measured.items()), together)
    settings = [json.loads((work / f"{name}.settings.json").read_text()) for name in SETS if name != LEARNT]
    if any(one != settings[0] for one in settings):
        raise SystemExit("the sets were re-lived with other settings of detection: relive them again")
    replays = [Tested.model_validate_json((work / f"{name}.json").read_text()) for name in SETS if name != LEARNT]
    result = Calibration(
        made_on=made_on,
        own=False,
        thresholds=settings[0],
        replays=tuple(replays),
        outlook=outlook,
    )
    SHIPPED.write_text(result.text(), encoding="utf-8")
    print(SHIPPED, "most stories:", outlook.most_stories, growth)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("relive")
    one.add_argument("name", choices=SETS)
    one.add_argument("watch", type=Path)
    one.add_argument("first", type=date.fromisoformat)
    one.add_argument("last", type=date.fromisoformat)
    one.add_argument("work", type=Path)
    one.add_argument("--truth", type=Path)
    one.add_argument("--weekly", action="store_true")
    two = commands.add_parser("calibrate")
    two.add_argument("work", type=Path)
    two.add_argument("made_on", type=date.fromisoformat)
    given = parser.parse_args()
    if given.command == "relive":
        relive(given.name, given.watch, given.first, given.last, given.work, given.truth, weekly=given.weekly)
    else:
        calibrate(given.work, given.made_on)

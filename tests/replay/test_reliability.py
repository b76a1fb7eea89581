"""Whether a probability may be said: learned on one part of time, measured on the other."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from veille.replay import Relived, calibrate, outlook, reliability
from veille.replay.reliability import HORIZON_DAYS, LEAST_SIGNALS, Calibration
from veille.store import Store
from veille.watch import Watch

START = date(2022, 1, 1)


def rows(days: int = 100, signals: int = 60, seed: int = 1) -> pd.DataFrame:
    """Return signals that grow as often as their momentum says."""
    random = np.random.default_rng(seed)
    number = days * 30
    momentum = random.integers(0, 8, number) / 7
    frame = pd.DataFrame({"momentum_ratio": momentum, "grew": random.random(number) < 0.1 + 0.8 * momentum})
    frame["day"] = [(START + timedelta(days=int(day))).isoformat() for day in np.repeat(np.arange(days), 30)]
    return frame.assign(signal_id=[f"s{name}" for name in random.integers(0, signals, number)])


def test_what_is_learned_holds_on_the_days_after() -> None:
    table = reliability(rows(), START + timedelta(days=60))
    told = table.loc[table["quantifiable"]]
    assert len(told) >= 3
    assert (told["predicted_ratio"] - told["observed_ratio"]).abs().max() < 0.1
    assert table["rows"].sum() == 40 * 30


def test_the_last_week_before_the_split_teaches_nothing() -> None:
    frame, split = rows(), START + timedelta(days=60)
    week = pd.to_datetime(frame["day"]).between(
        pd.Timestamp(split) - pd.Timedelta(days=HORIZON_DAYS), pd.Timestamp(split), "left"
    )
    turned = frame.assign(grew=frame["grew"].where(~week, ~frame["grew"].astype(bool)))
    pd.testing.assert_frame_equal(reliability(frame, split), reliability(turned, split))


def test_few_signals_are_not_quantifiable() -> None:
    few = rows(signals=LEAST_SIGNALS - 1)
    told = reliability(few, START + timedelta(days=60))
    assert not told["quantifiable"].any()
    assert told["rows"].iloc[-1] == told["rows"].sum()
    assert np.isnan(calibrate(few).of(np.array([0.5]))).all()
    assert np.isnan(calibrate(few.head(0)).of(np.array([0.5]))).all()


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans(), st.integers(0, 60)), min_size=1, max_size=200))
def test_the_probability_never_falls_and_stays_between_the_ends(given_rows: list[tuple[float, bool, int]]) -> None:
    frame = pd.DataFrame(given_rows, columns=["momentum_ratio", "grew", "signal_id"])
    learned = calibrate(frame)
    sure = Calibration(learned.low, learned.probability, np.full(len(learned.low), LEAST_SIGNALS))
    told = sure.of(np.linspace(0, 1, 101))
    assert (np.diff(told) >= 0).all()
    assert ((told >= 0) & (told <= 1)).all()


def test_growth_is_told_of_whole_horizons_only(relived: tuple[Watch, Store, Relived]) -> None:
    found = relived[2]
    assert outlook(found).empty
    # The same days, spread over a longer time: the later activity is what the horizon sees.
    signals = pd.DataFrame({"signal_id": ["s"], "subject": ["a"], "topic_id": ["t"], "level": [2]})
    signals["cutoff"] = pd.to_datetime(["2022-01-02"], utc=True)
    spoken = pd.DataFrame({"day": ["2022-01-01", "2022-01-08"], "subject": "a", "topic_id": "t", "stories_7d": [3, 4]})
    spoken = spoken.assign(stories_3d=[2, 1], cutoff=pd.to_datetime(["2022-01-02", "2022-01-09"], utc=True))
    period = type(found.period)(date(2022, 1, 1), date(2022, 1, 8), "UTC")
    told = outlook(Relived(found.watch, period, signals, found.journal, spoken))
    assert told[["stories_7d", "next_7d", "grew"]].to_numpy().tolist() == [[3, 4, True]]
    shorter = type(found.period)(date(2022, 1, 1), date(2022, 1, 7), "UTC")
    assert outlook(Relived(found.watch, shorter, signals, found.journal, spoken)).empty
    silent = outlook(Relived(found.watch, period, signals, found.journal, spoken.head(1)))
    assert silent[["next_7d", "grew"]].to_numpy().tolist() == [[0, False]]
    every = outlook(Relived(found.watch, period, signals.head(0), found.journal, spoken), every_topic=True)
    assert every[["signal_id", "stories_7d", "next_7d", "grew"]].to_numpy().tolist() == [["a/t", 3, 4, True]]

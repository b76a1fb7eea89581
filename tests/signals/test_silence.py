"""What falls silent is told, and what was always rare is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from veille import signals
from veille.language import Language
from veille.period import Period
from veille.signals import silence, surprise
from veille.store import Store
from veille.watch import Watch

EVEN = np.ones(95)


def volumes(seed: int, rate: float, units: int = 6) -> np.ndarray:
    chance = np.random.default_rng(seed)
    return chance.poisson(rate * chance.gamma(3, 1 / 3, (units, 95))).astype(float)


def fallen(daily: np.ndarray, exposure: np.ndarray = EVEN) -> list[bool]:
    return silence.fallen(daily, exposure, 1, 56)["fallen"].tolist()


@given(count=st.integers(0, 80), past=st.integers(0, 400))
def test_fewer_are_more_surprising_downwards_and_more_past_makes_it_so(count: int, past: int) -> None:
    prior = surprise.GammaPrior(1.0, 20.0)

    def one(count: int, past: int) -> float:
        return float(surprise.lower_tail(np.array([count]), 7, np.array([past]), 56, prior, 2.0)[0][0])

    assert one(count, past) <= one(count + 1, past) + 1e-12
    assert one(count, past + 1) <= one(count, past) + 1e-12
    assert one(10**6, past) == pytest.approx(1.0)


def test_source_that_stops_is_found_and_the_others_are_not() -> None:
    daily = volumes(1, 10)
    daily[2, -7:] = 0
    assert fallen(daily) == [False, False, True, False, False, False]


def test_volume_far_below_its_habit_is_found_and_a_rare_one_says_nothing() -> None:
    daily = volumes(2, 20)
    daily[0, -7:] = 1
    daily[1] = 0
    daily[1, [10, 40]] = 1
    assert fallen(daily)[:2] == [True, False]


def test_days_without_exposure_are_no_silence_and_neither_is_what_was_low_for_weeks() -> None:
    daily = volumes(3, 10)
    daily[:, -7:] = 0
    known = EVEN.copy()
    known[-7:] = 0
    assert not any(fallen(daily, known)), "an outage is told elsewhere"
    faded = volumes(4, 10)
    faded[0, 40:] = 0
    assert not fallen(faded)[0]


def test_of_a_short_past_nothing_is_said() -> None:
    assert not any(silence.fallen(np.zeros((3, 20)), np.ones(20), 1, 56)["fallen"])
    assert silence.fallen(np.zeros((0, 95)), EVEN, 1, 56).empty


def test_quiet_half_years_seldom_call_a_source_silent() -> None:
    chance = np.random.default_rng(5)
    told = 0
    for run in range(26):
        daily = volumes(100 + run, float(chance.choice([0.3, 3.0, 30.0])), units=20)
        told += sum(fallen(daily))
    assert told <= 1


def test_sentence_says_what_how_much_and_that_it_is_not_quiet() -> None:
    daily = volumes(1, 10)
    daily[2, -7:] = 0
    named = pd.DataFrame({"kind": "source", "name": list("abcdef")})
    (sentence,) = silence.silences(named, daily, EVEN, 1, 56, Language("en"))
    assert sentence.startswith("Source c: nothing was heard in the last week, about ")
    assert "not quiet" in sentence
    daily[2, -1] = 1
    named.loc[2, ["kind", "name"]] = ["subject", "{name} & Cie"]
    (sentence,) = silence.silences(named, daily, EVEN, 1, 56, Language("fr"))
    assert (
        sentence.replace("\u202f", " ")
        .replace("\xa0", " ")
        .startswith("Sujet {name} & Cie : 1 mention a été reçue ces sept derniers jours, environ ")
    )
    assert sentence.endswith("ce n’est pas le calme")


def test_detection_says_that_a_source_has_stopped(watch: Watch, store: Store, tell: Callable[..., None]) -> None:
    tell([f"Essai ouvre l’agence {number}" for number in range(80 * 6)], datetime(2021, 10, 1, tzinfo=UTC), hours=4)
    days = Period(date(2021, 12, 20), date(2021, 12, 26), "Europe/Paris")
    warnings = signals.detect(watch, store, days.end, days).warnings
    said = [sentence.replace("\u202f", " ").replace("\xa0", " ") for sentence in warnings if "calme" in sentence]
    # In the language of the watch, under the names its readers know; a warning makes the exit code of the command 3.
    assert [sentence.split(" ces sept")[0] for sentence in said] == [
        "Source presse : rien n’a été reçu",
        "Sujet Essai : rien n’a été reçu",
    ]
    before = Period(date(2021, 12, 6), date(2021, 12, 12), "Europe/Paris")
    assert not any("calme" in sentence for sentence in signals.detect(watch, store, before.end, before).warnings)


def test_a_topic_or_a_competitor_that_is_spoken_of_less_calls_nobody(
    watch: Watch, store: Store, tell: Callable[..., None], sort: Callable[..., None]
) -> None:
    start, days = datetime(2021, 10, 1, tzinfo=UTC), Period(date(2021, 12, 20), date(2021, 12, 26), "Europe/Paris")
    tell([f"Essai ouvre l’agence {number}" for number in range(87 * 6)], start, hours=4)
    tell([f"Essai en grève, jour {number}" for number in range(80 * 2)], start, hours=12)
    tell([f"Rivale lance la ligne {number}" for number in range(80 * 2)], start, hours=12, subject="rivale")
    sort(days.end, {"Essai en grève": "tgreve", "Essai ouvre": "touvre", "Rivale": "trivale"})
    found = signals.detect(watch, store, days.end, days)
    assert not any("calme" in sentence for sentence in found.warnings)


def test_a_day_that_has_just_begun_is_no_silence_and_hides_no_burst(
    watch: Watch, store: Store, tell: Callable[..., None]
) -> None:
    tell([f"Essai ouvre l’agence {number}" for number in range(85 * 2)], datetime(2021, 10, 1, 6, tzinfo=UTC), hours=12)
    today = Period(date(2021, 12, 25), date(2021, 12, 25), "Europe/Paris")
    morning = datetime(2021, 12, 25, 7, tzinfo=UTC)
    calm = signals.detect(watch, store, morning, today)
    assert calm.level == 0
    assert not any("calme" in sentence for sentence in calm.warnings)
    first = calm.tests.loc[(calm.tests["window_days"] == 1) & (calm.tests["measure"] == "stories"), "expected"].max()
    late = signals.detect(watch, store, today.end, today).tests
    whole = late.loc[(late["window_days"] == 1) & (late["measure"] == "stories"), "expected"].max()
    assert first < whole

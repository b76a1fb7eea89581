"""When people speak: the hours of commuters, the week, the seasons, and volumes far from Poisson."""

from __future__ import annotations

import math
import random
from datetime import date, datetime, time, timedelta

from builder.corpus import PARIS

FIRST_DAY = date(2026, 7, 20)
LAST_DAY = date(2026, 11, 22)
_WEEKDAYS = (1.12, 1.08, 1.05, 1.1, 1.05, 0.62, 0.5)
_COMMUTER = (2, 1, 1, 1, 2, 10, 34, 60, 58, 34, 24, 24, 34, 28, 22, 26, 40, 58, 60, 44, 32, 26, 18, 8)
_LEISURE = (4, 2, 1, 1, 1, 3, 6, 12, 22, 34, 42, 44, 42, 40, 40, 40, 40, 40, 38, 34, 32, 30, 20, 10)
_PRESS = (0, 0, 0, 0, 2, 14, 40, 44, 40, 38, 36, 36, 34, 28, 26, 28, 34, 42, 44, 32, 18, 10, 6, 2)


def days() -> list[date]:
    """Return every day of the demonstration, local."""
    return [FIRST_DAY + timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days + 1)]


def poisson(rng: random.Random, mean: float) -> int:
    """Return a Poisson draw (Knuth); means here stay far below 50."""
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count


def volume(rng: random.Random, mean: float, day: date) -> int:
    """Return how many mentions a theme gives on a day: gamma-Poisson, so that some days run away."""
    return poisson(rng, mean * _WEEKDAYS[day.weekday()] * rng.gammavariate(1.3, 1 / 1.3))


def moment(rng: random.Random, day: date, *, press: bool = False) -> datetime:
    """Return a local time of the day."""
    weights = _PRESS if press else _LEISURE if day.weekday() >= 5 else _COMMUTER
    hour = rng.choices(range(24), weights)[0]
    return datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)), PARIS)


def within(rng: random.Random, start: datetime, end: datetime) -> datetime:
    """Return a time of a window, rather early in it, never in the small hours when the window has others."""
    found = start
    for _ in range(12):
        found = start + (end - start) * rng.betavariate(1.0, 1.35)
        if not 1 <= found.hour <= 5:
            break
    return found.replace(microsecond=0)


def season(theme: str, day: date) -> float:
    """Return how strong a theme is on a day: 1 is its habit."""
    week = day.isocalendar().week
    summer = 0.62 if week <= 34 else 1.0
    shapes = {
        "temperature": max(0.0, (36 - week) / 4),
        "chauffage": max(0.0, (week - 41) / 3),
        "rentree": {34: 1.2, 35: 3.2, 36: 4.4, 37: 2.2, 38: 1.2, 39: 0.7, 40: 0.5}.get(week, 0.12),
        "scolaire": {35: 1.6, 36: 2.2, 37: 1.6, 43: 0.4, 44: 0.3}.get(week, 0.0 if week < 34 else 1.0),
        "greve": {37: 1.2, 38: 2.0}.get(week, 0.5),
        "travaux": 1.7 if week <= 35 else 0.8 if week <= 42 else 0.6,
        "affluence": 0.3 if week <= 35 else 1.0 + (week - 36) * 0.04,
        "appli": 0.7 + 0.035 * (week - 30),
        "velos": 1.35 if week <= 38 else max(0.75, 1.3 - (week - 38) * 0.07),
        "gares": 2.2 if week in (41, 42) else 0.8,
        "tarifs": 1.7 if week in (35, 36) else 1.0,
        "sport": 0.4 if week <= 35 else 1.1,
        "anglais": 1.7 if week <= 35 else 0.8,
        "q-tarif": 2.0 if week in (35, 36, 37) else 0.8 + 0.02 * (week - 30),
        "q-rembours": 0.6 + 0.05 * (week - 30),
        "securite": 0.8 + 0.03 * (week - 30),
    }
    shape = shapes.get(theme, 1.0)
    if theme == "velos" and day >= date(2026, 11, 19):
        return 0.25
    return shape if theme in ("temperature", "rentree", "travaux", "anglais", "velos") else shape * summer

"""The delay a duty sets, read from its words: “within 72 h”, « sans délai », « sous quinze jours ouvrés ».

What a rule asks for is written for people; only its delay is read, and where none is found none is invented.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from veille.folding import fold_text
from veille.watch import OfficeHours, public_holidays

_NUMBERS = {
    word: number
    for number, words in {
        1: "un une one a an", 2: "deux two", 3: "trois three", 4: "quatre four", 5: "cinq five", 6: "six", 7: "sept seven",
        8: "huit eight", 10: "dix ten", 12: "douze twelve", 14: "quatorze fourteen", 15: "quinze fifteen",
        24: "vingt-quatre twenty-four", 30: "trente thirty", 48: "quarante-huit forty-eight",
        72: "soixante-douze seventy-two",
    }.items()
    for word in words.split()
}  # fmt: skip
_UNITS = {"minute": 1, "min": 1, "h": 60, "heure": 60, "hour": 60, "jour": 1440, "day": 1440, "semaine": 10080, "week": 10080}
_MONTHS = ("mois", "month")
_WORKING = r"(?:ouvres?|ouvrables?|working|business)"
_AMOUNT = rf"\d+|{'|'.join(sorted(map(re.escape, _NUMBERS), key=len, reverse=True))}"
# "24 h/24" and "7 jours sur 7" are opening hours; "30 days' notice" of what is past is not told apart.
_DELAY = re.compile(
    rf"\b(?P<amount>{_AMOUNT})[ -]*(?P<before>{_WORKING} )?"
    r"(?P<unit>minutes?|min|heures?|hours?|h|jours?|days?|semaines?|weeks?|mois|months?)\b"
    rf"(?! ?(?:/|sur) ?\d)(?: (?P<after>{_WORKING}))?"
)
_AT_ONCE = re.compile(
    r"\b(?:sans (?:aucun )?(?:delai|retard|attendre|tarder)|sans delai injustifie|immediate(?:ment|ly)|aussitot|au plus vite|"
    r"des que possible|dans les meilleurs delais|dans les plus brefs delais|without (?:undue |any )?delay|at once|forthwith|"
    r"promptly|as soon as possible)\b"
)


@dataclass(frozen=True, slots=True)
class Delay:
    """How long a duty leaves.

    Parameters
    ----------
    minutes
        The shortest delay in its words, None where none is a number.
    at_once
        Whether it must be done without delay; with `minutes`, that is the last moment.
    working_days
        Whether only working days count.
    """

    minutes: int | None = None
    at_once: bool = False
    working_days: bool = False


def delay_of(duty: str | None) -> Delay:
    """Return the delay that the words of a duty set, in French or English; nothing where they set none."""
    words = fold_text(duty or "")
    found = [(_minutes(match), bool(match["before"] or match["after"])) for match in _DELAY.finditer(words)]
    minutes, working = min(found, default=(None, False), key=lambda one: one[0] or 0)
    return Delay(minutes, _AT_ONCE.search(words) is not None, working)


def _minutes(match: re.Match[str]) -> int:
    amount = match["amount"]
    number = int(amount) if amount.isdigit() else _NUMBERS[amount]
    unit = match["unit"]
    return number * (30 * 1440 if unit.startswith(_MONTHS) else _UNITS[unit.removesuffix("s")])


def due_at(
    delay: Delay, known_at: datetime, office: OfficeHours, timezone: str, holidays: str | None = None
) -> datetime | None:
    """Return by when a duty must be done; None where its delay is no number.

    Parameters
    ----------
    delay
        Result of `delay_of`.
    known_at
        When the organisation knew of it at the latest.
    office, timezone
        Working days are those of the office; they begin the day after, and the last one ends at midnight.
    holidays
        Country whose public holidays are no working days, ISO 3166; None for none.
    """
    if delay.minutes is None:
        return None
    if not delay.working_days or not office.days:
        return known_at + timedelta(minutes=delay.minutes)
    zone = ZoneInfo(timezone)
    day, left = known_at.astimezone(zone).date(), max(1, delay.minutes // 1440)
    while left:
        day += timedelta(days=1)
        left -= day.isoweekday() in office.days and day not in public_holidays(holidays, day.year)
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), zone)

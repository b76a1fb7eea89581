"""The words of a page in one language: translated sentences, numbers and dates.

Catalogues are kept as `.po` text only and compiled in memory when they are first asked for, so that no generated
binary can disagree with its source.
"""

from __future__ import annotations

import gettext
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from veille.errors import UsageError
from veille.typography import typeset

LOCALE_FOLDER = Path(__file__).parent / "locale"
_LOCALES = {"fr": "fr_FR", "en": "en_GB"}


@cache
def _catalogue(code: str) -> gettext.GNUTranslations:
    with (LOCALE_FOLDER / code / "LC_MESSAGES" / "veille.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the reports.

    Parameters
    ----------
    code
        ISO 639-1 code, `fr` or `en`.

    Raises
    ------
    UsageError
        There is no catalogue of that language.
    """

    code: str

    def __post_init__(self) -> None:
        if self.code not in _LOCALES:
            raise UsageError(f"no bulletin can be written in {self.code!r}", f"languages: {', '.join(_LOCALES)}")

    @property
    def locale(self) -> str:
        """Name of the locale that numbers and dates follow."""
        return _LOCALES[self.code]

    def say(self, message: str, **values: object) -> str:
        """Return the translated sentence; values are put in as they are, never typeset nor read as a pattern."""
        return typeset(_catalogue(self.code).gettext(message), self.code).format_map(values)

    def say_many(self, one: str, many: str, count: int, **values: object) -> str:
        """Return the translated sentence in the grammatical number of `count`, which it may name as `{count}`."""
        chosen = _catalogue(self.code).ngettext(one, many, count)
        return typeset(chosen, self.code).format_map({"count": self.number(count), **values})

    def number(self, value: float, digits: int = 0) -> str:
        """Return a number with at most `digits` decimals."""
        pattern = "#,##0" + ("." + "#" * digits if digits else "")
        return format_decimal(value, format=pattern, locale=self.locale)

    def percent(self, ratio: float, digits: int = 0) -> str:
        """Return a ratio of 1 as per cent."""
        pattern = {"fr": "#,##0{}\u202f%", "en": "#,##0{}%"}[self.code].format("." + "0" * digits if digits else "")
        return format_percent(ratio, format=pattern, locale=self.locale)

    def signed(self, value: float, digits: int = 0) -> str:
        """Return a number with its sign, the minus a true one; zero has none."""
        text = self.number(abs(value), digits)
        if text == self.number(0):
            return text
        return ("+" if value > 0 else "−") + text

    def day(self, day: date, pattern: str = "d MMMM y") -> str:
        """Return a day; the first of a French month is `1er`."""
        text = format_date(day, pattern, locale=self.locale)
        return text.replace("1 ", "1er ", 1) if self.code == "fr" and day.day == 1 and text.startswith("1 ") else text

    def days(self, first: date, last: date) -> str:
        """Return an interval of days, saying the month and the year once where they are the same."""
        pattern = "d MMMM y" if first.year != last.year else "d MMMM" if first.month != last.month else "d"
        start = "1er" if (pattern, first.day, self.code) == ("d", 1, "fr") else self.day(first, pattern)
        return self.say("{first} to {last}", first=start, last=self.day(last))

    def moment(self, instant: datetime, timezone: str, *, weekday: bool = False, year: int | None = None) -> str:
        """Return a local day and hour; the year is left out where the reader knows it, `year`, and beside a weekday."""
        local = instant.astimezone(ZoneInfo(timezone))
        day = self.day(local.date(), "EEEE d MMMM" if weekday else "d MMMM" if local.year == year else "d MMMM y")
        return self.say("{day} at {hour}", day=day, hour=format_time(local, "HH:mm", locale=self.locale))

    def cutoff(self, instant: datetime, timezone: str) -> str:
        """Return the local day and hour before which publications were read; midnight is the end of the day before."""
        local = instant.astimezone(ZoneInfo(timezone))
        if (local.hour, local.minute) != (0, 0):
            return self.moment(instant, timezone)
        return self.say("{day} at {hour}", day=self.day(local.date() - timedelta(days=1)), hour="24:00")

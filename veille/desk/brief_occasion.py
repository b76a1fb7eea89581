"""The occasion that a brief is for: its day, where the words name one, and the words that say what it is about."""

from __future__ import annotations

import re
from datetime import date

from veille.folding import fold_text

_MONTHS = {
    1: "janv(?:ier)?|jan(?:uary)?", 2: "fevr?(?:ier)?|feb(?:ruary)?", 3: "mars|mar(?:ch)?", 4: "avr(?:il)?|apr(?:il)?",
    5: "mai|may", 6: "juin|june?", 7: "juil(?:let)?|july?", 8: "aout|aug(?:ust)?", 9: "sept?(?:embre|ember)?",
    10: "oct(?:obre|ober)?", 11: "nov(?:embre|ember)?", 12: "dec(?:embre|ember)?",
}  # fmt: skip
_NAMES = "|".join(f"(?P<m{number}>{names})" for number, names in _MONTHS.items())
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_WRITTEN = re.compile(rf"\b(?P<day>\d{{1,2}})(?:er|st|nd|rd|th)?\s+(?:{_NAMES})\b\.?(?:\s+(?P<year>\d{{4}}))?")
_ENGLISH = re.compile(rf"\b(?:{_NAMES})\b\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<year>\d{{4}}))?")
_FIGURES = re.compile(r"\b(?P<day>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>\d{4}))?\b")
# What says where one speaks, not about what.
_PLACES = re.compile(
    r"\b(?:plateau|studio|set|interview|entretien|conference|presse|press|matinale|journal|jt|tele(?:vision)?|tv|radio|direct|live|"
    r"debat|debate|audition|hearing|reunion|meeting|point|pour|for|du|de|des|le|la|les|au|aux|sur|on|about|the|at)\b"
)


def occasion_day(occasion: str, today: date) -> date | None:
    """Return the day that an occasion names, without a year the one nearest to `today`; None where it names none.

    Parameters
    ----------
    occasion
        Such as « plateau 18 nov. », "studio, 18 November" or "2026-11-18".
    today
        The local day.
    """
    folded = fold_text(occasion)
    found = _ISO.search(folded)
    if found:
        return _day(int(found[1]), int(found[2]), int(found[3]))
    for pattern in (_WRITTEN, _ENGLISH, _FIGURES):
        match = pattern.search(folded)
        if match:
            groups = match.groupdict()
            month = int(groups.get("month") or next(number for number in _MONTHS if groups.get(f"m{number}")))
            years = [int(groups["year"])] if groups.get("year") else [today.year - 1, today.year, today.year + 1]
            days = [day for year in years if (day := _day(year, month, int(groups["day"])))]
            return min(days, key=lambda day: abs((day - today).days), default=None)
    return None


def occasion_matter(occasion: str) -> str:
    """Return the words of an occasion that say what it is about, folded; empty where they only say when and where."""
    folded = fold_text(occasion)
    for pattern in (_ISO, _WRITTEN, _ENGLISH, _FIGURES, _PLACES):
        folded = pattern.sub(" ", folded)
    return " ".join(re.findall(r"\w+", folded))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None

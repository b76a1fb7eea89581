"""Public holidays of a country: days on which no delay of the office runs."""

from __future__ import annotations

from datetime import date
from functools import cache


@cache
def public_holidays(country: str | None, year: int) -> frozenset[date]:
    """Return the public holidays of a country in a year.

    Parameters
    ----------
    country
        ISO 3166 code, as `hours.holidays` of watch.yml has it; None has none.
    year
        Calendar year.
    """
    if country is None:
        return frozenset()
    # Late: a watch that names no country needs no holidays.
    from holidays import country_holidays

    return frozenset(country_holidays(country, years=year))

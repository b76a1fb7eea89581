"""The stories of a window as what holds them together besides their clusters: words, directions and days."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from veille.topics.cluster import Labels, unit
from veille.topics.telling import Words

Reals = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

RECENT_DAYS = 7
"""Days before the cut-off in which words may burst; an affair's own words are those of its first so many days."""

# Least cosine of a story with the mean of some others that it may join, of vectors without what all stories share.
_NEAR = 0.25
# Words need dates; which day is day 0 does not matter.
_ORIGIN = pd.Timestamp("2000-01-01")


@dataclass(frozen=True)
class About:
    """The stories of a window.

    Parameters
    ----------
    units
        Unit vectors, shape (stories, d).
    texts
        What each story says.
    day
        Whole days from the cut-off to each story's publication: -1 for the last 24 hours, -2 for those before.
    """

    units: Reals
    texts: pd.Series
    day: Labels

    @cached_property
    def words(self) -> Words:
        """The stories as sets of stems; their ids are their positions."""
        dates = _ORIGIN + pd.to_timedelta(self.day, unit="D")
        frame = pd.DataFrame({"day": dates, "topic_id": ""}, index=pd.Index(np.arange(len(self.day)), name="story"))
        return Words.of(frame, self.texts)

    @cached_property
    def directions(self) -> Reals:
        """Unit vectors without what all stories share, shape (stories, d)."""
        return unit(self.units - self.units.mean(axis=0)) if len(self.units) else self.units

    @property
    def recent(self) -> Flags:
        """Whether a story is of the recent days."""
        flags: Flags = self.day >= -RECENT_DAYS
        return flags

    @property
    def since(self) -> pd.Timestamp:
        """The first recent day, as `words` has it."""
        return _ORIGIN - pd.Timedelta(days=RECENT_DAYS)

    def near(self, members: Flags, among: Flags) -> Flags:
        """Return which of some stories lie in the direction of others."""
        centre = unit(self.directions[members].mean(axis=0)[None])[0]
        flags = among.copy()
        flags[among] = np.round(self.directions[among] @ centre, 6) >= _NEAR
        return flags

    def cohesion(self, members: Flags) -> float:
        """Return the mean cosine between two of some stories, at least two."""
        count, total = int(members.sum()), self.directions[members].sum(axis=0)
        return float((total @ total - count) / (count * (count - 1)))

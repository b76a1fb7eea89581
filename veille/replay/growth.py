"""The probability of growth: that more stories are told of something in the next 7 days than in the last 7.

Stories of the next week are taken as gamma-Poisson (negative binomial), as everywhere in detection: mentions come in bursts.
Their mean is a little that comes anyway, a share of the stories of the last three days, and a share of the four days before,
never larger: what is fresh lasts longer. So the probability never falls as more of what was said is fresh.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

HORIZON_DAYS = 7
_BOUND = 12.0


@dataclass(frozen=True)
class Growth:
    """What is expected of the next 7 days.

    Parameters
    ----------
    anyway
        Stories that come whatever was said.
    fresh_ratio, older_ratio
        Stories that come for each of the last 3 days, and for each of the 4 days before; the first is the larger.
    size
        Shape of the gamma distribution: the smaller, the more it bursts.
    """

    anyway: float
    fresh_ratio: float
    older_ratio: float
    size: float

    def expected(self, stories_7d: ArrayLike, stories_3d: ArrayLike) -> NDArray[np.float64]:
        """Return the mean number of stories of the next 7 days, shape of the input."""
        fresh = np.asarray(stories_3d, dtype=np.float64)
        older = np.asarray(stories_7d, dtype=np.float64) - fresh
        return np.asarray(self.anyway + self.fresh_ratio * fresh + self.older_ratio * older)

    def probability(self, stories_7d: ArrayLike, stories_3d: ArrayLike) -> NDArray[np.float64]:
        """Return the probability that the next 7 days hold more stories than the last 7, shape of the input.

        Parameters
        ----------
        stories_7d, stories_3d
            Stories of the last 7 days, and how many of them are of the last 3.
        """
        from scipy.stats import nbinom

        mean = self.expected(stories_7d, stories_3d)
        return np.asarray(nbinom.sf(np.asarray(stories_7d), self.size, self.size / (self.size + mean)))


def learn(rows: pd.DataFrame) -> Growth:
    """Learn from what came: the most likely parameters, by gamma-Poisson likelihood of the number that came.

    Parameters
    ----------
    rows
        `stories_7d`, `stories_3d`, `next_7d`; at least one.
    """
    from scipy.optimize import minimize
    from scipy.stats import nbinom

    week, fresh, came = (rows[name].to_numpy(dtype=np.float64) for name in ("stories_7d", "stories_3d", "next_7d"))

    def loss(free: NDArray[np.float64]) -> float:
        growth = _of(free)
        mean = growth.expected(week, fresh)
        return -float(np.mean(nbinom.logpmf(came, growth.size, growth.size / (growth.size + mean))))

    start = np.log([0.5, 0.1, 0.3, 1.0])
    found = minimize(loss, start, method="L-BFGS-B", bounds=[(-_BOUND, _BOUND / 2)] * 4)
    best = _of(found.x)
    return Growth(round(best.anyway, 4), round(best.fresh_ratio, 4), round(best.older_ratio, 4), round(best.size, 4))


def _of(free: NDArray[np.float64]) -> Growth:
    """Return the parameters of four logarithms: what comes anyway, what is fresh beyond what is older, older, and size."""
    anyway, beyond, older, size = (float(value) for value in np.exp(free))
    return Growth(anyway, older + beyond, older, size)

"""The rows of a small frame, one by one: signals, windows and events are few and each depends on the ones before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd


def rows(frame: pd.DataFrame) -> Iterator[Any]:
    """Return the rows as named tuples; never used on mentions."""
    return frame.itertuples(index=False)

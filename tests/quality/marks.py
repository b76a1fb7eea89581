"""Which floors run with every test, and which on the slow target: public data is large, and lies beside few checkouts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent


def marked(measures: dict[str, tuple[Path, Any]]) -> Iterable[Any]:
    """Return the names of measures as parameters of a test; those on data that veille does not own are slow."""
    public = (pytest.mark.shared_data, pytest.mark.slow)
    return [pytest.param(name, marks=() if HERE in measures[name][0].parents else public) for name in sorted(measures)]

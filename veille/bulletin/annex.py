"""The analyst's annex: interactive figures and the executed notebooks, without their code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from veille.period import Period

if TYPE_CHECKING:
    from veille.store import Store
    from veille.watch import Watch


def annex(watch: Watch, store: Store, as_of: datetime, period: Period, executed_notebooks: Sequence[Path] = ()) -> str:
    """Return the annex of an edition as one HTML page."""
    return "<!DOCTYPE html><title>annex</title>"

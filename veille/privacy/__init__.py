"""Retention and erasure: what must go leaves every table, file and edition that holds something of it."""

from veille.privacy.tables import REMOVALS, Cause
from veille.privacy.verbs import Removed, erase, retain

__all__ = ["REMOVALS", "Cause", "Removed", "erase", "retain"]

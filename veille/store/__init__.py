"""The memory of a watch: Delta tables, small state and locks, with contracts checked on every load and save."""

from veille.store.lock import RunKind, lock
from veille.store.merge import Merged
from veille.store.state import State
from veille.store.store import Store

__all__ = ["Merged", "RunKind", "State", "Store", "lock"]

"""Look over a watch: what would make the next run fail, or fall silent, is found before it does, with what to do about it."""

from veille.doctor.check import Check
from veille.doctor.examine import examine, repair

__all__ = ["Check", "examine", "repair"]

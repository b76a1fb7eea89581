"""What one check of the doctor says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Parameters
    ----------
    name
        What.
    ok
        Whether nothing needs a person.
    found
        What was found, in a few words.
    mend
        What to do; empty where nothing is.
    """

    name: str
    ok: bool
    found: str = ""
    mend: str = ""

"""A mistake of ours that shows at one source: it must not stop the others, and must not pass for the source's failure."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from pathlib import Path

_PACKAGE = Path(__file__).parent.parent
_CAUGHT = Path(__file__).with_name("pull.py")


@dataclass(frozen=True, slots=True)
class Defect:
    """A programming error that ended the gathering of one source.

    Parameters
    ----------
    source
        Id of the source.
    error
        What was raised; its message is not told, it may quote what the source said.
    """

    source: str
    error: Exception

    @property
    def sentence(self) -> str:
        """What it is and where, without what the source said."""
        frames = traceback.extract_tb(self.error.__traceback__)
        # The frames that caught it say nothing.
        ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_PACKAGE) and Path(frame.filename) != _CAUGHT]
        place = next(iter(reversed(ours or frames)), None)
        where = f" at {Path(place.filename).name}:{place.lineno}" if place else ""
        return f"a defect of veille: {type(self.error).__name__}{where}"

"""A mistake of ours that shows at one source: it must not stop the others, and must not pass for the source's failure."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from pathlib import Path

_PACKAGE = Path(__file__).parent.parent


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
        ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_PACKAGE)]
        # The first frame is the one that caught it.
        place = ours[-1] if len(ours) > 1 else frames[-1] if frames else None
        where = f" at {Path(place.filename).name}:{place.lineno}" if place else ""
        return f"a defect of veille: {type(self.error).__name__}{where}"

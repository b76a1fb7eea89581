"""Read the hand-written texts: one text a line, so that a writer sees the text and nothing else.

A line is `code text`. The code is a letter, a tone (`-`, `0`, `+`) and, for events, `xN` (how many mentions it gives)
and `#tag` (a name under which truth.yml lists them). Letters: `p` post, `m` a further clause, `c` comment, `r` review,
`a` article of one outlet, `w` dispatch of the agency copied by several, `n` national article, `o` opening, `t` ending,
`b` press background, `f` ending of a forum comment. `Title // text` gives a title. `= name` starts a theme, `@ from to`
sets the window of what follows, `#` is a comment.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
_LINE = re.compile(r"^([a-z])([-0+])(?:x(\d+))?(?:#([\w-]+))? (.+)$")


@dataclass(frozen=True, slots=True)
class Line:
    """One hand-written text with what the builder must know of it."""

    theme: str
    letter: str
    tone: str
    count: int
    tag: str
    text: str
    start: datetime | None
    end: datetime | None


class Lines(list[Line]):
    """The lines of one theme, by letter and tone."""

    def __init__(self) -> None:
        super().__init__()
        self._picked: dict[tuple[str, str | None], list[Line]] = {}

    def pick(self, letter: str, tone: str | None = None) -> list[Line]:
        """Return the lines of a letter, and of a tone when one is given; called once the theme is read."""
        key = (letter, tone)
        if key not in self._picked:
            self._picked[key] = [line for line in self if line.letter == letter and tone in (None, line.tone)]
        return self._picked[key]


def load(folder: Path) -> dict[str, Lines]:
    """Return the lines of every theme, in the order of the files' names and of the lines."""
    themes: dict[str, Lines] = {}
    for path in sorted(folder.glob("*.txt")):
        theme, start, end = path.stem, None, None
        for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not raw.strip() or raw.startswith("# "):
                continue
            if raw.startswith("= "):
                theme, start, end = raw[2:].strip(), None, None
            elif raw.startswith("@ "):
                start, end = (datetime.fromisoformat(t).replace(tzinfo=PARIS) for t in raw[2:].split())
            else:
                match = _LINE.match(raw)
                if not match:
                    raise ValueError(f"{path.name}:{number}: no code at the start of the line")
                letter, tone, count, tag, text = match.groups()
                line = Line(theme, letter, tone, int(count or 1), tag or "", text, start, end)
                themes.setdefault(theme, Lines()).append(line)
    return themes

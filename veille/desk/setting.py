"""What every check of a draft is given: the draft, its vectors, the day, and how findings are made."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from veille.desk.draft import Draft, Place
from veille.desk.types import Check, Finding, Verdict
from veille.language import Language
from veille.masking import CONFIDENTIAL, spellings
from veille.reading import Embedder
from veille.watch import Watch

_EXCERPT = 120


@dataclass(frozen=True)
class Setting:
    """One draft and what it is held against.

    Parameters
    ----------
    watch, today, language
        The watch, the local day, and the language of the findings.
    draft
        What is looked at.
    embedder, vectors
        The model, and the unit vector of each sentence, shape (sentences, d).
    secrets
        Where confidential terms stand.
    """

    watch: Watch
    today: date
    language: Language
    draft: Draft
    embedder: Embedder
    vectors: NDArray[np.float32]
    secrets: tuple[Place, ...]

    def found(
        self,
        check: Check,
        verdict: Verdict,
        reason: str,
        do: str,
        place: Place | None = None,
        *,
        item: str = "",
        ask: Iterable[str | None] = (),
    ) -> Finding:
        """Return a finding on a place of the draft, or on the whole."""
        start, end = (place.start, place.end) if place else (0, 0)
        owners = tuple(one for one in ask if one)
        return Finding(check, verdict, reason, do, start, end, self._excerpt(start, end), item, owners)

    def _excerpt(self, start: int, end: int) -> str:
        """Return what stands at a place; a confidential term that the place cuts in two is hidden whole."""
        parts, done = [], start
        for secret in sorted(self.secrets, key=lambda one: one.start):
            if secret.start < end and start < secret.end:
                parts += [self.draft.text[done : max(done, secret.start)], CONFIDENTIAL]
                done = max(done, secret.end)
        text = re.sub(r"\s+", " ", "".join([*parts, self.draft.text[done:end]])).strip()
        return text if len(text) <= _EXCERPT else text[: _EXCERPT - 1].rsplit(" ", 1)[0] + "…"


def secrets(draft: Draft, terms: tuple[str, ...]) -> tuple[Place, ...]:
    """Return where a draft holds a confidential term, in every spelling that is masked, overlapping ones joined."""
    patterns = spellings(terms)
    found = sorted(draft.places(re.compile("|".join(patterns))), key=lambda one: one.start) if patterns else []
    joined: list[Place] = []
    for place in found:
        if joined and place.start < joined[-1].end:
            joined[-1] = Place(joined[-1].start, max(joined[-1].end, place.end))
        else:
            joined.append(place)
    return tuple(joined)

"""Word lists of the signals room: what is alleged, who is held responsible, what an utterance announces.

Patterns run on `plain` text (folded, every sign a space), so that a stem is a prefix between word bounds. They are
evaluated by RE2, whose time is linear in the text whatever a stranger wrote in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from ruamel.yaml import YAML

from veille.folding import fold

LANGUAGES = ("fr", "en")
"""Languages the lists were written for; in others nothing can be told."""

# "aucun blessé", "no deaths": what is denied is not alleged.
_DENIED = r"\b(?:aucun|aucune|sans|pas de|ni|no|without|zero) \w+"
_NOTHING = r"[^\s\S]"


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of allegation.

    Parameters
    ----------
    name
        Its code (`persons`, `legal`…).
    weight
        How grave it is by itself, 0..1.
    strong, medium
        Patterns of words that say it plainly, and of words that need company.
    """

    name: str
    weight: float
    strong: str
    medium: str


def plain(text: pd.Series) -> pa.Array:
    """Return text folded (no accents, lower case), every sign turned into a space, what is denied left out."""
    folded = pa.array(fold(text.fillna("")), pa.string())
    folded = folded.combine_chunks() if isinstance(folded, pa.ChunkedArray) else folded
    spaced = pc.replace_substring_regex(folded, pattern=r"[^0-9a-z]+", replacement=" ")
    return pc.replace_substring_regex(spaced, pattern=_DENIED, replacement=" ")


def pattern(phrases: Iterable[str]) -> str:
    """Return one RE2 pattern between word bounds of phrases in plain writing, `*` for any ending."""
    parts = sorted({re.escape(str(phrase).strip()).replace(r"\*", r"\w*").replace(r"\ ", " ") for phrase in phrases})
    return rf"\b(?:{'|'.join(parts)})\b" if parts else _NOTHING


def found(text: pa.Array, wanted: str) -> NDArray[np.bool_]:
    """Return which texts hold the pattern, shape (texts,)."""
    if len(text) == 0:
        return np.zeros(0, dtype=bool)
    return np.asarray(pc.match_substring_regex(text, pattern=wanted).to_numpy(zero_copy_only=False), dtype=bool)


@cache
def gravity() -> tuple[Category, ...]:
    """Return the categories of what may be alleged, gravest first."""
    categories = [
        Category(name, float(entry["weight"]), pattern(entry["strong"]), pattern(entry["medium"]))
        for name, entry in _load("gravity").items()
    ]
    return tuple(sorted(categories, key=lambda category: (-category.weight, category.name)))


@cache
def loaded() -> str:
    """Return the pattern of words that carry blame or alarm by themselves."""
    return pattern(_load("loaded")["loaded"])


@cache
def responsibility() -> tuple[tuple[str, float, str], ...]:
    """Return (cluster, weight, pattern) of each SCCT cluster, least responsible first."""
    clusters = [(name, float(entry["weight"]), pattern(entry["cues"])) for name, entry in _load("responsibility").items()]
    return tuple(sorted(clusters, key=lambda cluster: cluster[1]))


@cache
def effect(name: str) -> str:
    """Return the pattern of cues of one effect class."""
    return pattern(_load("effects")[name])


@cache
def _load(name: str) -> dict[str, Any]:
    text = files(__package__).joinpath(f"{name}.yml").read_text(encoding="utf-8")
    content: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    return content

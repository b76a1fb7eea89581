"""A text parted into what it says of each subject that it names."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from veille.reading.terms import Terms, words_text

# More is never looked at: who compares does it in few words.
_CHARACTERS = 1000
_TURNS = (
    "mais", "alors que", "alors qu'", "tandis que", "tandis qu'", "pourtant", "cependant", "en revanche", "par contre",
    "contrairement", "heureusement", "heureusement que", "seul", "tandis", "ça change", "but", "whereas", "while", "although",
    "however", "unlike", "compared to", "yet", "though", "thank god", "only",
)  # fmt: skip
_SPLIT = re.compile(
    r"(?<=[.!?…;:,\n])\s+|\n+|\s+[-–—]\s+|\s+(?=(?:" + "|".join(re.escape(turn) for turn in _TURNS) + r")\b)",
    re.IGNORECASE,
)
# What is left of a segment without its names must say something, or it goes with what follows.
_LEAST_WORDS = 1


def clauses(text: pd.Series, subjects: dict[str, Terms]) -> pd.DataFrame:
    """Return what each text says of each subject.

    Parameters
    ----------
    text
        Texts as published, each naming at least two of the subjects.
    subjects
        What names each subject, by its id.

    Returns
    -------
    pandas.DataFrame
        One row a text and subject named in it: `row` (position of the text), `subject`, `said` (its clauses, joined), `own`
        (whether some of the text is not about it).

    Notes
    -----
    Texts are cut at punctuation and at words that turn (`mais`, `whereas`). A piece of names only goes with the next; a piece
    that names nobody with the last one named, at the beginning with the first. A piece that names several is about each.
    """
    pieces = text.str.slice(0, _CHARACTERS).map(lambda item: [part for part in _SPLIT.split(item) if part and part.strip()])
    flat = pd.DataFrame({"row": np.repeat(np.arange(len(text)), pieces.map(len)), "said": pieces.explode().dropna().to_numpy()})
    if flat.empty:
        return pd.DataFrame({"row": [], "subject": [], "said": [], "own": []})
    words = words_text(flat["said"])
    every = Terms(tuple(part for names in subjects.values() for part in names.alternatives))
    bare = every.blanked(words).str.replace(r"(?<= )_(?= )", "", regex=True).str.split().map(len)
    # A thin piece is glued to the next one of its text, the last one to the one before.
    thin = (bare < _LEAST_WORDS).to_numpy()
    last = (flat["row"] != flat["row"].shift(-1)).to_numpy()
    starts = ~np.r_[False, thin[:-1] & ~last[:-1]] & ~(thin & last & ~np.r_[True, last[:-1]])
    starts |= np.r_[True, last[:-1]]
    flat["clause"] = np.cumsum(starts)
    flat = flat.groupby("clause", as_index=False).agg(row=("row", "first"), said=("said", " ".join))
    words = words_text(flat["said"])
    named = pd.DataFrame({subject: names.holds(words) for subject, names in subjects.items()})
    nobody = ~named.any(axis=1)
    carried = named.where(~nobody).groupby(flat["row"]).ffill()
    carried = carried.groupby(flat["row"]).bfill().fillna(value=False).astype(bool)
    long = carried.assign(row=flat["row"], said=flat["said"]).melt(["row", "said"], var_name="subject", value_name="about")
    total = flat.groupby("row").size()
    told = long.loc[long["about"]].groupby(["row", "subject"]).agg(said=("said", " ".join), clauses=("said", "size"))
    told = told.reset_index()
    return told.assign(own=told["clauses"] < told["row"].map(total)).drop(columns="clauses")

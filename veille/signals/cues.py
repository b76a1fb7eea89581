"""What the words of a mention allege: gravity and its category, responsibility, loaded words.

Cues are read from words alone, so they are cheap, explainable and known to err; a person confirms what they propose.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from veille.signals import lexicon

# A word that says it plainly weighs its whole category; words that need company, half of it and three quarters of it.
_STRONG, _MEDIUM, _MEDIUM_TWICE = 1.0, 0.45, 0.7

COLUMNS = ("gravity", "gravity_category", "responsibility", "responsibility_cluster", "loaded")


def read_cues(title: pd.Series, text: pd.Series, language: pd.Series) -> pd.DataFrame:
    """Return the cues of each mention.

    Parameters
    ----------
    title, text
        As published; either may be empty.
    language
        ISO 639-1 code; where the lists do not cover it, gravity, responsibility and loaded are missing, not zero.

    Returns
    -------
    DataFrame
        On the index of `title`: `gravity` (0..1), `gravity_category` (None where nothing is alleged), `responsibility`
        (0, ½ or 1, missing without a cue), `responsibility_cluster`, `loaded` (0 or 1).
    """
    words = lexicon.plain(title.fillna("") + " . " + text.fillna(""))
    head = lexicon.plain(title.fillna(""))
    rows = len(title)
    gravity = np.zeros(rows)
    category = np.full(rows, None, dtype=object)
    for kind in lexicon.gravity():
        strong, medium = lexicon.found(words, kind.strong), lexicon.found(words, kind.medium)
        prominent = medium & lexicon.found(head, kind.medium)
        weight = np.select([strong, prominent, medium], [_STRONG, _MEDIUM_TWICE, _MEDIUM], 0.0) * kind.weight
        better = weight > gravity
        gravity[better] = weight[better]
        category[better] = kind.name
    responsibility = np.full(rows, np.nan)
    cluster = np.full(rows, None, dtype=object)
    for name, weight_of_cluster, cues in lexicon.responsibility():
        seen = lexicon.found(words, cues)
        responsibility[seen] = weight_of_cluster
        cluster[seen] = name
    loaded = lexicon.found(words, lexicon.loaded()).astype(np.float64)
    # A text whose language cannot be told is read all the same: most are short and in a language of the watch.
    covered = language.fillna("und").isin([*lexicon.LANGUAGES, "und"]).to_numpy(dtype=bool)
    frame = pd.DataFrame(
        {
            "gravity": np.where(covered, gravity, np.nan),
            "gravity_category": category,
            "responsibility": np.where(covered, responsibility, np.nan),
            "responsibility_cluster": cluster,
            "loaded": np.where(covered, loaded, np.nan),
        },
        index=title.index,
    )
    frame.loc[~covered, ["gravity_category", "responsibility_cluster"]] = None
    return frame

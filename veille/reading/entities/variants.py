"""One name for what is written in many ways: "Macron", "M. Macron" and "Emmanuel Macron"; "SNCF" and "la SNCF"."""

from __future__ import annotations

import numpy as np
import pandas as pd

from veille.folding import fold
from veille.reading.entities.tables import EntityKind

# A surname alone is the person who is most often named in full with it, where nobody else is nearly as often.
_DOMINANT_RATIO = 0.6


def merged(found: pd.DataFrame) -> pd.DataFrame:
    """Return the names with one canonical form and one kind for all ways of writing them.

    Parameters
    ----------
    found
        `kind`, `canonical`, `own`: one row a naming.

    Returns
    -------
    pandas.DataFrame
        The same rows and columns; a name of watch.yml decides form and kind, else the most frequent ones do.
    """
    if found.empty:
        return found
    key = fold(found["canonical"].astype("object")).str.replace(r"[^\w+]+", " ", regex=True).str.strip()
    frame = found.assign(key=key.to_numpy())
    frame["key"] = _in_full(frame)
    ranked = frame.groupby(["key", "canonical", "kind", "own"], as_index=False).size()
    forms = ranked.assign(words=ranked["canonical"].str.count(r"\s")).sort_values(
        ["own", "words", "size", "canonical"], ascending=[False, False, False, True], kind="stable"
    )
    # Of a person the full name; of the rest the most frequent spelling.
    spelled = ranked.groupby(["key", "canonical"], as_index=False).agg(size=("size", "sum"), own=("own", "max"))
    spelled = spelled.sort_values(["own", "size", "canonical"], ascending=[False, False, True], kind="stable").drop_duplicates(
        "key"
    )
    voted = ranked.groupby(["key", "kind"], as_index=False).agg(size=("size", "sum"), own=("own", "max"))
    voted = voted.sort_values(["own", "size", "kind"], ascending=[False, False, True], kind="stable").drop_duplicates("key")
    kind = frame["key"].map(voted.set_index("key")["kind"])
    person = (kind == EntityKind.PERSON.value).to_numpy()
    full = frame["key"].map(forms.drop_duplicates("key").set_index("key")["canonical"])
    form = np.where(person, full, frame["key"].map(spelled.set_index("key")["canonical"]))
    return frame.assign(kind=kind, canonical=form).drop(columns="key")


def _in_full(frame: pd.DataFrame) -> pd.Series:
    """Return the keys, a surname alone replaced by the full name of the one person who is named with it."""
    people = frame.loc[(frame["kind"] == EntityKind.PERSON.value) & frame["key"].str.contains(" "), "key"].value_counts()
    if people.empty:
        return frame["key"]
    named = pd.DataFrame({"full": people.index, "count": people.to_numpy()})
    named["surname"] = named["full"].str.rsplit(" ", n=1).str[-1]
    named["ratio"] = named["count"] / named.groupby("surname")["count"].transform("sum")
    sole = named[named["ratio"] >= _DOMINANT_RATIO].sort_values(["count", "full"], ascending=[False, True])
    of_surname = sole.drop_duplicates("surname").set_index("surname")["full"]
    # A place or a company of that name is not the person.
    alone = ~frame["own"].astype(bool) & (frame["kind"] == EntityKind.PERSON.value)
    return frame["key"].where(~alone, frame["key"].map(of_surname).fillna(frame["key"]))

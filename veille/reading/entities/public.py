"""Which names may leave the store: a program cannot tell a minister from a passenger, two newspapers that print a name can."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from veille.mention import MentionKind
from veille.reading.entities.find import named
from veille.reading.entities.tables import EntityKind

if TYPE_CHECKING:
    from veille.store import Store
    from veille.watch import Watch

# One newspaper may be mistaken about a person; two have decided that the name is public.
FEWEST_PUBLISHERS = 2
_PRESS = (MentionKind.ARTICLE.value, MentionKind.TRANSCRIPT.value)


def public(watch: Watch, store: Store, mentions: pd.DataFrame) -> pd.DataFrame:
    """Return who is named in mentions and may be told: organisations, places, and persons whom the press made public.

    Parameters
    ----------
    mentions
        Every mention that counts, with `mention_id`, `published_at`, `publisher` and `kind`; one without publication makes
        nobody public.

    Returns
    -------
    pandas.DataFrame
        `mention_id`, `kind`, `name`, `own`, as `named`, without a person whom fewer than two publishers of the press name in
        the local week of the mention and watch.yml does not.
    """
    who = named(watch, store, mentions["mention_id"])
    if who.empty:
        return who
    days = mentions["published_at"].dt.tz_convert(watch.timezone).dt.isocalendar()
    facts = mentions[["mention_id", "publisher"]].assign(
        week=days["year"] * 100 + days["week"], press=mentions["kind"].isin(_PRESS)
    )
    told = who.merge(facts, on="mention_id")
    printed = told[told["press"]].groupby(["name", "week"])["publisher"].nunique().rename("publishers")
    told = told.merge(printed.reset_index(), on=["name", "week"], how="left")
    person = told["kind"] == EntityKind.PERSON.value
    allowed = ~person | told["own"].astype(bool) | (told["publishers"].fillna(0) >= FEWEST_PUBLISHERS)
    return told.loc[allowed, who.columns.to_list()].reset_index(drop=True)

"""Who carries a signal: press and national press, official voices, accounts; and which of them are new to its subject.

An affair grows by voices that had not spoken of it before and that many listen to; what the same few say again stays
among them.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import pandas as pd

CARRIERS_KEPT = 20
"""Carriers kept of one signal: the new ones that bring reach first, then those who carry most."""


class Voice(StrEnum):
    """What sort of voice carries a signal, the most heard first."""

    NATIONAL_PRESS = "national_press"
    PRESS = "press"
    OFFICIAL = "official"
    ACCOUNT = "account"


# Hosts that only public bodies may use, and how they are written in several countries.
_OFFICIAL_HOST = (
    r"(?:^|\.)(?:gouv\.[a-z]{2,3}|gov(?:\.[a-z]{2})?|gob\.[a-z]{2}|europa\.eu|mil|int|parliament\.uk|assemblee-nationale\.fr|"
    r"senat\.fr|conseil-etat\.fr|admin\.ch|bund\.de)$"
)
_COUNTERS = ("views", "author_followers")


def voices(told: pd.DataFrame, official_authors: frozenset[str], national: tuple[str, ...]) -> pd.DataFrame:
    """Return the mentions that somebody carries, with `carrier` and `voice`.

    Parameters
    ----------
    told
        `publisher`, `author` (pseudonym), `press`; press is carried by its title, a post by its account, and by its site
        where no account is known.
    official_authors
        Pseudonyms of institutions and elected people.
    national
        Publishers of national reach.
    """
    publisher, author = told["publisher"].astype("object"), told["author"].astype("object")
    press = told["press"].to_numpy(dtype=bool)
    by_title = press | author.isna().to_numpy()
    carrier = publisher.where(by_title & publisher.notna(), author.where(author.notna(), publisher))
    public = publisher.fillna("").astype("str").str.lower().str.contains(_OFFICIAL_HOST).to_numpy(dtype=bool)
    public = public | author.isin(list(official_authors)).to_numpy(dtype=bool)
    voice = np.select(
        [press & publisher.isin(list(national)).to_numpy(dtype=bool), public, press],
        [str(Voice.NATIONAL_PRESS), str(Voice.OFFICIAL), str(Voice.PRESS)],
        str(Voice.ACCOUNT),
    )
    frame = told.assign(carrier=carrier, voice=pd.Series(voice, index=told.index, dtype="str"))
    return frame.loc[frame["carrier"].notna()]


def carriers(members: pd.DataFrame, past: pd.DataFrame, *, known: bool) -> pd.DataFrame:
    """Return one row a carrier of one signal: new ones that bring reach first, then those who carry most.

    Parameters
    ----------
    members, past
        Results of `voices`: the mentions of the signal, and those of its subject before it began, in the past baseline.
    known
        Whether there is past enough to say who is new; else `new` is missing.

    Returns
    -------
    DataFrame
        `carrier`, `voice`, `new`, `stories`, `share_ratio` (of the signal's stories), `reach` (most views or followers seen,
        missing where no source tells), `first_at`, `evidence` (mention ids, one a story).
    """
    names = ["carrier", "voice", "new", "stories", "share_ratio", "reach", "first_at", "evidence"]
    if members.empty:
        return pd.DataFrame({name: [] for name in names})
    ordered = members.sort_values(["published_at", "mention_id"], kind="stable")
    seen = ordered[list(_COUNTERS)].astype(float).max(axis=1, skipna=True)
    grouped = ordered.assign(seen=seen).groupby("carrier", sort=True)
    result = grouped.agg(
        voice=("voice", "first"),
        stories=("story_id", "nunique"),
        reach=("seen", "max"),
        first_at=("published_at", "first"),
    ).reset_index()
    result["share_ratio"] = result["stories"] / ordered["story_id"].nunique()
    fresh = ~result["carrier"].isin(set(past["carrier"]))
    result["new"] = fresh if known else None
    once = ordered.drop_duplicates(["carrier", "story_id"])
    evidence = once.groupby("carrier")["mention_id"].agg(lambda ids: [str(mention) for mention in ids[:3]])
    result["evidence"] = result["carrier"].map(evidence)
    heard = result["reach"].fillna(0.0) + 1e9 * (result["voice"] == str(Voice.NATIONAL_PRESS))
    rank = pd.DataFrame({"old": ~(fresh & known & _brings_reach(result)), "heard": -heard, "stories": -result["stories"]})
    order = rank.assign(carrier=result["carrier"]).sort_values(["old", "stories", "heard", "carrier"], kind="stable").index
    return result.loc[order, names].reset_index(drop=True)


def _brings_reach(found: pd.DataFrame) -> pd.Series:
    """Whether a carrier is heard beyond its own circle: press and official voices, and the most heard quarter of accounts."""
    accounts = found.loc[(found["voice"] == str(Voice.ACCOUNT)) & found["reach"].notna(), "reach"]
    edge = float(accounts.quantile(0.75)) if len(accounts) else np.inf
    return (found["voice"] != str(Voice.ACCOUNT)) | ((found["reach"] >= edge) & (found["reach"] > 0))


def shares(members: pd.DataFrame, found: pd.DataFrame) -> dict[str, float | int | None]:
    """Return the shares of a signal's stories that each sort of voice carries, and its new relays.

    Parameters
    ----------
    members
        Result of `voices`.
    found
        Result of `carriers` of the same.

    Returns
    -------
    dict
        `press_ratio`, `national_ratio`, `official_ratio` (0..1, a story may have several voices), `new_relays` (new carriers
        that bring reach; missing where nobody can say who is new).
    """
    stories = members["story_id"].nunique()

    def ratio(*kinds: Voice) -> float:
        mine = members.loc[members["voice"].isin([str(kind) for kind in kinds]), "story_id"].nunique()
        return float(mine / stories) if stories else 0.0

    told = bool(len(found)) and bool(found["new"].notna().all())
    return {
        "press_ratio": ratio(Voice.PRESS, Voice.NATIONAL_PRESS),
        "national_ratio": ratio(Voice.NATIONAL_PRESS),
        "official_ratio": ratio(Voice.OFFICIAL),
        "new_relays": int((found["new"].astype(bool) & _brings_reach(found)).sum()) if told else None,
    }

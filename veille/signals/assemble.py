"""From candidates to rows of SIGNALS: counts, parts and press pick-up, all from the stories they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import pandas as pd

from veille.signals.candidates import Candidate
from veille.signals.counts import WHOLE
from veille.signals.score import reach, velocity
from veille.signals.tables import SignalKind
from veille.signals.thresholds import Thresholds

_GRAVEST_STORIES, _GRAVEST_RATIO = 3, 0.1
_COUNTERS = ("views", "shares", "likes", "author_followers")
HISTORY_WEIGHT = 0.25
CLUSTER_WEIGHTS = {"victim": 0.0, "accident": 0.5, "preventable": 1.0}
CLUSTERS = ((0.25, "victim"), (0.75, "accident"), (1.01, "preventable"))


def members_of(candidates: Sequence[Candidate], told: pd.DataFrame) -> pd.DataFrame:
    """Return one row a candidate and mention it rests on: column `candidate` is its place in the sequence."""
    keys = [
        pd.DataFrame({"candidate": number, "subject": candidate.subject, "story_id": sorted(candidate.stories)})
        for number, candidate in enumerate(candidates)
    ]
    if not keys:
        return told.iloc[:0].assign(candidate=pd.Series(dtype=int))
    members = pd.concat(keys, ignore_index=True).merge(told, on=["subject", "story_id"], how="inner")
    return members.sort_values(["candidate", "published_at", "mention_id"], kind="stable", ignore_index=True)


def parts_of(
    members: pd.DataFrame,
    p_values: pd.Series,
    repeated: pd.Series,
    thresholds: Thresholds,
    confirmed: pd.Series | None = None,
) -> pd.DataFrame:
    """Return the parts of the crisogenic score of each candidate, on its place.

    Parameters
    ----------
    members
        Result of `members_of`.
    p_values
        Tail probability of each candidate, missing where nothing was counted.
    repeated
        Whether the subject had an earlier crisis (SCCT: crisis history raises responsibility).
    confirmed
        SCCT cluster that a person confirmed of each candidate, in place of what the words propose; missing where nobody did.
    """
    by_story = members.groupby(["candidate", "story_id"]).agg(
        gravity=("gravity", "max"), responsibility=("responsibility", "max"), loaded=("loaded", "max")
    )
    grouped = by_story.groupby("candidate")
    # Of three stories the mean, of hundreds that of a tenth: in much talk something grave is always said.
    rank = by_story["gravity"].groupby("candidate").rank(method="first", ascending=False)
    least = np.maximum(_GRAVEST_STORIES, np.ceil(_GRAVEST_RATIO * by_story["gravity"].groupby("candidate").transform("count")))
    gravest = by_story.loc[rank <= least, "gravity"]
    responsibility = grouped["responsibility"].mean()
    if confirmed is not None:
        known = confirmed.map(CLUSTER_WEIGHTS).astype(float).reindex(responsibility.index)
        responsibility = known.where(known.notna(), responsibility)
    history = HISTORY_WEIGHT * repeated.reindex(responsibility.index).fillna(value=False).astype(float)
    press = members.loc[members["press"] & members["publisher"].notna()]
    titles = press.groupby("candidate")["publisher"].nunique()
    national = press.loc[press["publisher"].isin(thresholds.national_publishers)].groupby("candidate")["publisher"].nunique()
    return pd.DataFrame(
        {
            "part_gravity": gravest.groupby("candidate").mean(),
            "part_responsibility": (responsibility + history).clip(0.0, 1.0),
            "part_velocity": velocity(p_values.astype(float)).where(p_values.notna()),
            "part_reach": reach(
                titles.reindex(p_values.index).fillna(0),
                national.reindex(p_values.index).fillna(0),
                _audience(members).reindex(p_values.index),
                pickup_publishers=thresholds.pickup_publishers,
            ),
            "part_loaded_words": grouped["loaded"].mean(),
        },
        index=p_values.index,
    )


def _audience(members: pd.DataFrame) -> pd.Series:
    """People who may have seen it: views where they are known, else followers; shares and likes as a least number."""
    values = members[list(_COUNTERS)].astype(float)
    seen = values.max(axis=1, skipna=True)
    return seen.groupby(members["candidate"]).sum(min_count=1)


def cluster_of(responsibility: pd.Series) -> list[str | None]:
    """Return the SCCT cluster that each responsibility is nearest to; None where it is not known."""
    return [
        None if pd.isna(value) else next(name for edge, name in CLUSTERS if value < edge)
        for value in responsibility.astype(float)
    ]


def pickup_at(told: pd.DataFrame, thresholds: Thresholds) -> datetime | None:
    """Return when the press took one signal up, None where it did not.

    A story born outside the press is taken up by its first article; one born in the press by its third title, or by
    the first national one where it was not born in one.

    Parameters
    ----------
    told
        Its mentions in order of publication.
    """
    press = told.loc[told["press"] & told["publisher"].notna()]
    if press.empty:
        return None
    if not bool(told["press"].iloc[0]):
        return _moment(press["published_at"].iloc[0])
    firsts = press.drop_duplicates("publisher")
    moments = list(firsts["published_at"].iloc[thresholds.pickup_publishers - 1 : thresholds.pickup_publishers])
    national = firsts["publisher"].isin(thresholds.national_publishers)
    if not national.iloc[0] and national.any():
        moments.append(firsts.loc[national, "published_at"].iloc[0])
    return _moment(min(moments)) if moments else None


def _moment(value: pd.Timestamp) -> datetime:
    return value.to_pydatetime()


def counts_of(candidate: Candidate, told: pd.DataFrame, members: pd.DataFrame, start: datetime) -> dict[str, int]:
    """Return the counts of one candidate in the period: its own stories, or those of the whole subject; bad ones, voices."""
    whole = candidate.topic_id == WHOLE and candidate.kind not in (SignalKind.LEAK, SignalKind.IMPOSTOR) and not candidate.words
    unit = told.loc[told["subject"] == candidate.subject] if whole else members
    unit = unit.loc[unit["published_at"] >= pd.Timestamp(start)]
    return {
        "stories": int(unit["story_id"].nunique()),
        "negative_stories": int(unit.loc[unit["bad"] > 0, "story_id"].nunique()),
        "publishers": int(unit["publisher"].nunique()),
        "authors": int(unit["author"].nunique()),
        "mentions": int(unit["mention_id"].nunique()),
    }


def short_history(members: pd.DataFrame, first_of_source: pd.Series, days: int) -> bool:
    """Return whether most stories of one signal come from sources with less past than the detection asks for."""
    born = members["source"].map(first_of_source)
    age = (members["published_at"] - born).dt.total_seconds() / 86_400
    return bool(np.mean(age.to_numpy(dtype=np.float64) < days) > 0.5) if len(members) else True

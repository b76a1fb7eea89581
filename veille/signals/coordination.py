"""Coordinated posting: accounts that post the same rare link or the same words within minutes of each other.

What is seen is a coincidence, never an intent: a campaign, a share button, an agency and a bot look alike from outside.
So it is graded against how often this watch sees such coincidences anyway, and told with its accounts and its mentions.

Two accounts that post the same thing within a short window, and rare things weighing more, are the traces of
coordination of Pacheco et al. (2021), "Uncovering coordinated networks on social media", ICWSM 15; links shared
unusually quickly are those of Giglietto et al. (2020), "It takes a village to manipulate the media", Information,
Communication & Society 23(6), and of their CooRnet. Both compare with what is usual in the data at hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from veille.folding import fold
from veille.mention import MentionKind, canonical_url

WINDOW_MINUTES = 30
"""Accounts that post the same within this time coincide; Pacheco et al. use half an hour for texts."""

FEWEST_ACCOUNTS, MARKED_ACCOUNTS = 3, 5
FEWEST_WORDS, FULL_WORDS = 5, 15
POSSIBLE_SPREADS, MARKED_SPREADS = 3.0, 6.0
FEWEST_PAST_DAYS = 14

# The median absolute deviation of a normal distribution, in standard deviations.
_MAD = 1.4826
_LINK = r"https?://[^\s<>\"'\)\]]+"
_NOT_WORDS = r"https?://\S+|[@#]\S+|[^\s\p{L}\p{N}]"
_SPOKEN = (MentionKind.POST, MentionKind.COMMENT, MentionKind.REVIEW)
_COLUMNS = ["key", "form", "host", "words", "mention_id", "author", "published_at"]


class Coordination(StrEnum):
    """How far accounts post the same within minutes, against what this watch sees anyway."""

    NONE = "none"
    POSSIBLE = "possible"
    MARKED = "marked"


@dataclass(frozen=True)
class Coincidence:
    """What a signal's posts show of it.

    Parameters
    ----------
    grade
        Against the habit of the watch; without enough past never above `possible`.
    accounts
        Distinct accounts of the densest window.
    strength, usual
        Accounts beyond the first, weighed by rarity; and what the watch sees on a usual day, missing without past.
    evidence
        Mention ids of that window, the first first.
    """

    grade: Coordination = Coordination.NONE
    accounts: int = 0
    strength: float = 0.0
    usual: float | None = None
    evidence: tuple[str, ...] = ()


def shared_things(posts: pd.DataFrame, press_hosts: frozenset[str] = frozenset()) -> pd.DataFrame:
    """Return one row a post and thing it holds that others may post too: each link, and its words.

    Parameters
    ----------
    posts
        `mention_id`, `author`, `published_at`, `kind`, `title`, `text`, `story_id`. Reposts say openly whom they copy,
        articles and posts without known author cannot be counted by account: they are left out.
    press_hosts
        Hosts of the press: a news link that many pass on is news, and so are the words of a headline.

    Returns
    -------
    DataFrame
        `key`, `form` (`link` or `words`), `host`, `words` (how many, 0 for a link), `mention_id`, `author`, `published_at`.
    """
    headline = set(posts.loc[~posts["kind"].isin([*_SPOKEN, MentionKind.REPOST]), "story_id"])
    spoken = posts.loc[posts["kind"].isin(_SPOKEN) & posts["author"].notna() & posts["published_at"].notna()]
    if spoken.empty:
        return spoken.assign(key="", form="", host="", words=0)[_COLUMNS]
    text = spoken["title"].fillna("") + " " + spoken["text"].fillna("")
    links = spoken.assign(link=text.str.findall(_LINK)).explode("link").dropna(subset=["link"])
    address = {link: canonical_url(link.rstrip(".,;:!?…")) for link in links["link"].unique()}
    links = links.assign(key=links["link"].map(address), form="link", words=0).dropna(subset=["key"])
    links = links.assign(host=links["key"].astype("str").str.extract(r"^https?://(?:www\.)?([^/:?#]+)", expand=False))
    links = links.loc[~links["host"].isin(press_hosts)]
    said = _words(text)
    length = pd.Series(pc.fill_null(pc.list_value_length(pc.split_pattern(said, " ")), 0).to_numpy(), index=spoken.index)
    words = spoken.assign(key=spoken["story_id"], form="words", host="", words=length)
    words = words.loc[(words["words"] >= FEWEST_WORDS) & ~words["story_id"].isin(headline)]
    both = pd.concat([links[_COLUMNS], words[_COLUMNS]], ignore_index=True)
    return both.drop_duplicates(["key", "form", "author", "published_at"], ignore_index=True)


def _words(text: pd.Series) -> pa.Array:
    bare = pc.replace_substring_regex(pa.array(fold(text), pa.string()), pattern=_NOT_WORDS, replacement=" ")
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(bare, pattern=r"\s+", replacement=" "))


def rarity(things: pd.DataFrame, past: pd.DataFrame) -> NDArray[np.float64]:
    """Return how rare each row's thing was before, 0 (everybody posts it) to 1 (nobody did), shape (rows,).

    A link is as common as its page or its site, whichever is passed on more; few words are said alike by chance.

    Parameters
    ----------
    things, past
        Results of `shared_things`: what is weighed, and what was posted before.
    """
    accounts = max(1, past["author"].nunique())
    by_key = past.groupby("key")["author"].nunique()
    by_host = past.loc[past["host"] != ""].groupby("host")["author"].nunique()
    passed_on = [
        things[name].map(known).fillna(0.0).to_numpy(np.float64) for name, known in (("key", by_key), ("host", by_host))
    ]
    before = np.maximum(*passed_on)
    return _weight(things, before, accounts)


def _rarity_when_new(past: pd.DataFrame) -> NDArray[np.float64]:
    """Return how rare each thing of the past was when it was new: beside the rest of its site, never beside itself."""
    by_key = past["key"].map(past.groupby("key")["author"].nunique())
    by_host = past["host"].map(past.loc[past["host"] != ""].groupby("host")["author"].nunique()).fillna(0.0)
    before = np.maximum((by_host - by_key).to_numpy(np.float64), 0.0)
    return _weight(past, before, max(1, past["author"].nunique()))


def _weight(things: pd.DataFrame, before: NDArray[np.float64], accounts: int) -> NDArray[np.float64]:
    common = np.log1p(before) / np.log1p(accounts)
    length = np.where(things["form"] == "words", things["words"].to_numpy(np.float64) / FULL_WORDS, 1.0)
    return np.asarray(np.clip(1.0 - common, 0.0, 1.0) * np.clip(length, 0.0, 1.0), dtype=np.float64)


def accounts_within(things: pd.DataFrame, minutes: float = WINDOW_MINUTES) -> NDArray[np.int64]:
    """Return how many accounts post each row's thing from that row on within the window, shape (rows,).

    An account counts once, by its first post of the thing: who repeats himself coincides with nobody.
    """
    if things.empty:
        return np.zeros(0, dtype=np.int64)
    first = things.sort_values("published_at", kind="stable").drop_duplicates(["key", "author"])
    code, _ = pd.factorize(first["key"])
    seconds = first["published_at"].astype("int64").to_numpy() // 1_000_000
    seconds = seconds - seconds.min()
    line = code.astype(np.int64) * (int(seconds.max()) + int(minutes * 60) + 2) + seconds
    ordered = np.sort(line)
    inside = np.searchsorted(ordered, line + int(minutes * 60), side="right") - np.searchsorted(ordered, line, side="left")
    counted = pd.Series(inside, index=first.index, dtype="int64").reindex(things.index, fill_value=1)
    return np.asarray(counted.to_numpy(), dtype=np.int64)


def usual_strength(past: pd.DataFrame, days: int, timezone: str) -> tuple[float, float]:
    """Return the median and the robust spread of the strongest coincidence of a day, over the days of the past.

    Parameters
    ----------
    past
        Result of `shared_things` over the past.
    days
        Days the past has, those without any coincidence included.
    timezone
        IANA zone of the days.
    """
    if past.empty or days <= 0:
        return 0.0, 0.0
    strength = (accounts_within(past) - 1) * _rarity_when_new(past)
    local = past["published_at"].dt.tz_convert(timezone).dt.date
    strongest = pd.Series(strength, index=past.index).groupby(local).max().to_numpy(dtype=np.float64)
    daily = np.concatenate([strongest, np.zeros(max(0, days - len(strongest)))])
    median = float(np.median(daily))
    return median, float(_MAD * np.median(np.abs(daily - median)))


def grade(accounts: int, strength: float, usual: tuple[float, float], past_days: int) -> Coordination:
    """Return the grade of one coincidence; it rises with accounts and strength, and falls with what is usual.

    Parameters
    ----------
    accounts, strength
        Of the densest window.
    usual
        Result of `usual_strength`.
    past_days
        Days it was measured over; below `FEWEST_PAST_DAYS` nothing is marked.
    """
    # A watch that saw no coincidence yet has no spread: one account is the least that a strength can differ by.
    spreads = (strength - usual[0]) / max(usual[1], 1 / POSSIBLE_SPREADS)
    if accounts < FEWEST_ACCOUNTS or spreads < POSSIBLE_SPREADS:
        return Coordination.NONE
    marked = accounts >= MARKED_ACCOUNTS and spreads >= MARKED_SPREADS and past_days >= FEWEST_PAST_DAYS
    return Coordination.MARKED if marked else Coordination.POSSIBLE


def coincidence(
    members: pd.DataFrame, past: pd.DataFrame, usual: tuple[float, float], past_days: int, limit: int = 8
) -> Coincidence:
    """Return what the posts of one signal show.

    Parameters
    ----------
    members, past
        Results of `shared_things`: of the signal, and of the watch before it.
    usual, past_days
        Result of `usual_strength`, and the days it was measured over.
    limit
        Most mentions of evidence.
    """
    measured = usual[0] if past_days else None
    if members.empty:
        return Coincidence(usual=measured)
    counted = accounts_within(members)
    strength = (counted - 1) * rarity(members, past)
    best = int(np.lexsort((-counted, -strength))[0])
    row = members.iloc[best]
    until = row["published_at"] + pd.Timedelta(minutes=WINDOW_MINUTES)
    same = members.loc[(members["key"] == row["key"]) & members["published_at"].between(row["published_at"], until)]
    same = same.sort_values(["published_at", "mention_id"], kind="stable").drop_duplicates("author")
    found = grade(int(counted[best]), float(strength[best]), usual, past_days)
    told = () if found is Coordination.NONE else tuple(str(mention) for mention in same["mention_id"].head(limit))
    return Coincidence(found, int(counted[best]), float(strength[best]), measured, told)

"""Unsolicited offers that borrow a name to be seen; a complaint is never one, however often it is copied.

Many people saying the same thing at once is what a crisis looks like, so copies alone prove nothing here: every rule asks for
an offer in the text, and words of complaint keep a text in.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

import numpy as np
import pandas as pd

from veille.mention import MentionKind
from veille.reading.relevance.tables import Reason
from veille.reading.terms import Terms, terms

_FILE = "spam.txt"
# Tags from which a list of tags is a bid for attention and no longer a way of filing a text.
TAGS_OF_A_LIST = 4
COPIES_OF_A_MASS = 5
AUTHORS_OF_A_MASS = 3
_TAG = r"#[^ ]+"
_PUBLISHED = (MentionKind.ARTICLE, MentionKind.TRANSCRIPT)
_SURE = {Reason.SPAM_OFFER: 0.97, Reason.TAG_HIJACK: 0.93, Reason.MASS_OFFER: 0.95}


@cache
def _lists() -> dict[str, Terms]:
    lines = resources.files("veille.reading.relevance").joinpath(_FILE).read_text("utf-8").splitlines()
    entries: dict[str, list[str]] = {}
    group = ""
    for line in map(str.strip, lines):
        if line.startswith("["):
            group = line.strip("[]")
        elif line and not line.startswith("#"):
            entries.setdefault(group, []).append(line)
    return {name: terms(listed) for name, listed in entries.items()}


def spam(mentions: pd.DataFrame, words: pd.Series, only_in_tags: pd.Series, copies: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return what is an unsolicited offer.

    Parameters
    ----------
    mentions
        One row a mention and subject: `kind`, `author`, `story_id`.
    words
        Their texts as of `words_text`, on the same index.
    only_in_tags
        Whether the subject is named in hashtags only, on the same index.
    copies
        `mention_id`, `story_id` and `author` of the mentions among which copies are counted; `mentions` where not given.

    Returns
    -------
    pandas.DataFrame
        Only the rows that are: `reason`, `detail` (the words found), `probability`.

    Notes
    -----
    Three rules. An offer: three terms of the strong list; two, with a call to click or the subject but a tag; one, with both.
    A list of tags: at least four, the subject among them only, and two terms of an offer. A mass: at least five near-identical
    texts by at least three authors with an offer and a call. Articles are never looked at.
    """
    posts = ~mentions["kind"].isin(_PUBLISHED).to_numpy()
    lists = _lists()
    # Most texts offer nothing: the other lists are only looked up in those that do.
    rows = mentions.index[posts & (lists["strong"] | lists["weak"]).holds(words)]
    prose = words.loc[rows].str.replace(_TAG, "_", regex=True)
    # A word of complaint among the tags of an outright offer is a tag that was trending.
    moaning = lists["complaint"].holds(prose) | (lists["complaint"].holds(words.loc[rows]) & ~lists["strong"].holds(prose))
    rows = rows[~moaning]
    text, only_tag = words.loc[rows], only_in_tags.loc[rows].to_numpy(dtype=bool)
    strong, weak = lists["strong"].found(text), lists["weak"].found(text)
    strong_count, weak_count = strong.map(len).to_numpy(dtype=int), weak.map(len).to_numpy(dtype=int)
    call = lists["call"].holds(text)
    tags = text.str.count(" #").to_numpy(dtype=int)
    mass = _massive(mentions.loc[rows, "story_id"], mentions if copies is None else copies).to_numpy(dtype=bool)
    hijack = only_tag & (tags >= TAGS_OF_A_LIST) & (strong_count + weak_count >= 2) & (call | (strong_count > 0))
    offer = (strong_count >= 3) | ((strong_count >= 2) & (call | only_tag)) | ((strong_count >= 1) & only_tag & call)
    carried = mass & call & (strong_count + weak_count >= 2)
    reason = np.select([offer, hijack, carried], [Reason.SPAM_OFFER, Reason.TAG_HIJACK, Reason.MASS_OFFER], "")
    frame = pd.DataFrame({"reason": reason, "detail": (strong + weak).map(lambda words: ", ".join(words[:5]))}, index=rows)
    frame["probability"] = frame["reason"].map(_SURE)
    return frame.loc[frame["reason"] != ""]


def _massive(story_id: pd.Series, copies: pd.DataFrame) -> pd.Series:
    """Say which stories many accounts told in the same words."""
    told = copies.loc[copies["story_id"].isin(story_id)].drop_duplicates("mention_id").groupby("story_id")
    massive = (told["mention_id"].size() >= COPIES_OF_A_MASS) & (told["author"].nunique() >= AUTHORS_OF_A_MASS)
    return story_id.map(massive).fillna(value=False).astype(bool)

"""Impostor signals: accounts that pass for the organisation, and people who claim to lead it or to speak for it.

One signal an account. What its name resembles was told when the mention came, before the name became a pseudonym; what it
says is read here.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from veille.gather import names_of
from veille.mention import MentionKind, Resemblance
from veille.reading.relevance.own import official, own_pages, own_voice
from veille.signals.candidates import Candidate
from veille.signals.counts import WHOLE
from veille.signals.material import Material
from veille.signals.speaking import speaking, words_said
from veille.signals.tables import Posing, SignalKind
from veille.watch import Role, Watch

_WRITTEN = (MentionKind.POST, MentionKind.COMMENT, MentionKind.REVIEW, MentionKind.SCREENSHOT, MentionKind.TRANSCRIPT)
_BY_NAME = (Resemblance.LOOKALIKE, Resemblance.ADDED_WORDS, Resemblance.DISPLAY_NAME)


def impostors(watch: Watch, key: bytes, material: Material) -> list[Candidate]:
    """Return one candidate an account that poses as the organisation in the period, with all that is known of it.

    Parameters
    ----------
    watch
        Its official accounts, its pages and its names.
    key
        Key of the pseudonyms: the official accounts are told by them.
    material
        What the detection looks at; mentions of no subject, and those set aside as advertising, are looked at too.
    """
    mentions = material.mentions.loc[~material.mentions["kind"].isin([MentionKind.ARTICLE])]
    now = mentions["published_at"] >= pd.Timestamp(material.start)
    found = _found(watch, key, mentions.loc[now])
    # An account is one signal, however long it has been at it.
    found = pd.concat([_found(watch, key, mentions.loc[~now & mentions["author"].isin(found["author"].dropna())]), found])
    if found.empty:
        return []
    account = found["author"].where(found["author"].notna(), found["mention_id"])
    own = next((subject.id for subject in watch.subjects if subject.role == Role.SELF), watch.subjects[0].id)
    told = material.told.loc[material.told["subject"] == own]
    story_of = dict(zip(told["mention_id"], told["story_id"], strict=True))
    day = found["published_at"].dt.tz_convert(watch.timezone).dt.tz_localize(None).dt.normalize()
    frame = found.assign(account=account, day=day, story=[story_of.get(one, one) for one in found["mention_id"]])
    return [
        Candidate(
            kind=SignalKind.IMPOSTOR,
            subject=own,
            topic_id=WHOLE,
            first_day=rows["day"].min(),
            window_days=1,
            p_value=None,
            expected=None,
            stories=frozenset(rows["story"]),
            telling=frozenset(rows["mention_id"]),
            posing=max(rows["posing"], key=list(Posing).index),
        )
        for _, rows in frame.groupby("account")
    ]


def _found(watch: Watch, key: bytes, mentions: pd.DataFrame) -> pd.DataFrame:
    posing = posing_as(watch, key, mentions)
    return mentions.assign(posing=posing).loc[posing.notna()]


def posing_as(watch: Watch, key: bytes, mentions: pd.DataFrame) -> pd.Series:
    """Return how each mention's author poses as the organisation: values of `Posing`, missing where it does not.

    Parameters
    ----------
    mentions
        `title`, `text`, `kind`, `resembles` and what tells an official account: `author`, `source`, `source_type`, `publisher`,
        `url`.

    Notes
    -----
    A name that was made to be read as an official one is enough. The very handle of an official account on another network,
    and any other name, need words too: speaking as the organisation, and asking for data or money or leading to a page that
    bears its name. What is only reposted is not said.
    """
    names, own = names_of(watch), own_voice(watch, key)
    looks = mentions["resembles"].astype("object")
    # Who passes for the organisation in words alone names it.
    heard = looks.notna() | words_said(mentions["title"], mentions["text"]).str.contains(names.own)
    said = speaking(mentions.loc[heard, "title"], mentions.loc[heard, "text"], names, own.hosts)
    said = said.reindex(mentions.index, fill_value=False)
    mine = official(mentions, own) | own_pages(mentions, own)
    by_name, same = looks.isin(_BY_NAME), looks == Resemblance.SAME
    wants = said["asks"] | said["baits"]
    spoken = mentions["kind"].isin(_WRITTEN)
    words = spoken & ((same & (said["speaks"] | said["asks"])) | (said["speaks"] & wants) | (said["asks"] & said["baits"]))
    leads = (spoken & said["leads"]) | (looks == Resemblance.SPOKESPERSON)
    kinds = np.select(
        [(by_name | words) & wants, by_name, words, leads],
        [Posing.ASKS.value, Posing.NAME.value, Posing.SPEECH.value, Posing.SPOKESPERSON.value],
        default="",
    )
    found = pd.Series(kinds, index=mentions.index, dtype="object")
    return found.where((found != "") & ~mine, None)

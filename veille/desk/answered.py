"""What was told of a signal before and after a public reply; after is not because, and nothing here says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise

import numpy as np
import pandas as pd

from veille.desk.brief_questions import on_matter
from veille.desk.situation import last_detection
from veille.errors import UsageError
from veille.reading.relevance import remaining, set_aside
from veille.reading.tables import READINGS
from veille.reading.towards import toned
from veille.signals import SIGNALS, counts, journal
from veille.signals.cues import read_cues
from veille.signals.tables import Act
from veille.signals.thresholds import Thresholds
from veille.signals.tone import share_interval
from veille.store import Store
from veille.topics.tables import ASSIGNMENTS
from veille.watch import BUILT_IN, Watch

LONGEST = timedelta(hours=48)
"""Longest span looked at on either side of a reply."""
FEWEST_READ = 5
"""Stories with a tone that was read, on either side, below which no share is told."""
# A story that began earlier is told again in the span, and is no story of it.
_PAST = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Side:
    """The stories of a signal in one span.

    Parameters
    ----------
    stories, read, negative
        All, those whose tone was read, and of these the negative ones.
    share, low, high
        Share of the negative ones, corrected by the error rates of the reading, and its interval; 0 to 1.
    """

    stories: int
    read: int
    negative: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Around:
    """Two equal spans, `before` one of them ends at the reply (`at`), and `after` begins there."""

    at: datetime
    span: timedelta
    before: Side
    after: Side

    @property
    def enough(self) -> bool:
        """Whether each side has stories enough for a share to be told."""
        return min(self.before.read, self.after.read) >= FEWEST_READ


def known_signal(store: Store, signal_id: str, as_of: datetime) -> pd.DataFrame:
    """Return the rows of SIGNALS of one signal known at a moment, in order of detection; UsageError where there is none."""
    rows = store.load(SIGNALS, where=[("signal_id", "=", signal_id), ("as_of", "<=", pd.Timestamp(as_of))])
    if rows.empty:
        raise UsageError(f"there is no signal {signal_id} at that moment", "`veille journal` lists them")
    return rows.sort_values("cutoff", kind="stable")


def before_and_after(watch: Watch, store: Store, signal_id: str, at: datetime, as_of: datetime) -> Around:
    """Count the stories of a signal in the equal spans before and after a reply.

    Parameters
    ----------
    watch, store
        The watch and its memory.
    signal_id, at
        The signal, and when it was answered.
    as_of
        What was known at this instant. The spans are at most `LONGEST`, and end where the last detection known then looked.

    Raises
    ------
    UsageError
        There is no such signal at that moment.

    Notes
    -----
    On both sides a story is one of the signal where a text of it about the same subject holds two of the words that told the
    signal from all else before the reply: what was found only afterwards chooses nothing. It counts in the span in which it
    was first told. A signal without words (a leak) is told by its evidence. What the organisation publishes is no story.
    Negative is by the tone alone, not by grave words as in detection; share and interval: `veille.signals.tone.share_interval`.
    """
    rows = known_signal(store, signal_id, as_of)
    looked = last_detection(store, as_of) or at
    span = max(timedelta(0), min(LONGEST, as_of - at, looked - at))
    stories = _stories(watch, store, rows, at, as_of, span)
    thresholds = Thresholds.of(watch.detection, watch.languages if watch.tone.model == BUILT_IN else ())
    edges = [pd.Timestamp(edge) for edge in (at - span, at, at + span)]
    sides = [
        stories.loc[(stories["published_at"] >= start) & (stories["published_at"] < end)] for start, end in pairwise(edges)
    ]
    read, bad = (np.array([side[name].sum() for side in sides], dtype=np.float64) for name in ("judged", "bad"))
    share, low, high = share_interval(bad, read, thresholds.error_rates, level=thresholds.share_level)
    before, after = (
        Side(len(side), int(read[k]), int(bad[k]), float(share[k]), float(low[k]), float(high[k]))
        for k, side in enumerate(sides)
    )
    return Around(at, span, before, after)


def _stories(watch: Watch, store: Store, rows: pd.DataFrame, at: datetime, as_of: datetime, span: timedelta) -> pd.DataFrame:
    """Return the stories of a signal, as `counts.stories` gives them; `rows` are those of SIGNALS in order of detection."""
    earlier = rows.loc[rows["cutoff"] <= pd.Timestamp(at)]
    row = (earlier.iloc[-1:] if len(earlier) else rows.iloc[:1]).iloc[0]
    mentions = store.mentions(as_of)
    published = mentions["published_at"]
    mentions = mentions.loc[(published >= pd.Timestamp(at - span - _PAST)) & (published < pd.Timestamp(at + span))]
    events = journal(store, as_of)
    mentions = mentions.loc[~mentions["url"].isin(events.loc[events["act"] == Act.ANSWERED, "note"])].reset_index(drop=True)
    mentions = remaining(mentions, set_aside(store, as_of, mentions))
    mentions = mentions.loc[mentions["subjects"].map(lambda ids: row["subject"] in list(ids)).astype(bool)]
    texts = mentions["title"].fillna("") + " " + mentions["text"].fillna("")
    words = list(row["words"])
    evidence = set(rows["evidence"].explode())
    mine = texts.map(partial(on_matter, words)) if words else mentions["mention_id"].isin(evidence)
    mentions = mentions.loc[mine.astype(bool)].reset_index(drop=True)
    readings = store.load(READINGS, ["mention_id", "text_hash", "story_id", "language", "tone", "p_negative"])
    language = mentions["mention_id"].map(readings.set_index("mention_id")["language"])
    cues = read_cues(mentions["title"], mentions["text"], language)
    none = ASSIGNMENTS.empty()[["mention_id", "topic_id", "similarity"]]
    frame = counts.subject_mentions(mentions, readings, none, cues, watch.timezone, partial(toned, store, as_of))
    # The tone alone: of a fire every story holds grave words, before a reply and after.
    frame = frame.loc[frame["subject"] == row["subject"]].assign(bad=frame["negative"], reported=0.0)
    return counts.stories(frame)

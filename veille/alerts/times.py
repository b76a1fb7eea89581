"""The honest clock: how long everything took, from the first publication to a decision."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from veille.contract import Column, Kind, Table
from veille.mention import MENTIONS
from veille.signals import SIGNALS, journal, status
from veille.signals.tables import Act
from veille.store import Store

CLOCK = Table(
    name="clock",
    doc="One row a signal: when it was published, gathered, detected, sent, acknowledged and decided. Derived, never stored.",
    key=("signal_id",),
    columns=(
        Column("signal_id", Kind.TEXT, "The signal"),
        Column("published_at", Kind.TIME, "Publication of its first mention"),
        Column("gathered_at", Kind.TIME, "When the first mention it rests on reached us", nullable=True),
        Column("detected_at", Kind.TIME, "Cut-off of the first detection that showed it"),
        Column("sent_at", Kind.TIME, "When the first channel took the first message of this wave", nullable=True),
        Column("acknowledged_at", Kind.TIME, "When a person took note in this wave", nullable=True),
        Column("decided_at", Kind.TIME, "When a person decided last in this wave", nullable=True),
        Column("publication_to_sending_minutes", Kind.REAL, "From publication to sending", nullable=True),
        Column("sending_to_acknowledgement_minutes", Kind.REAL, "From sending to acknowledgement", nullable=True),
    ),
)


def clock(store: Store, as_of: datetime) -> pd.DataFrame:
    """Return the times of every signal that was known at an instant.

    Parameters
    ----------
    store
        The memory of the watch.
    as_of
        What was known at this instant.

    Returns
    -------
    DataFrame
        Rows of CLOCK; a reopened signal counts from its reopening.
    """
    signals = store.load(SIGNALS, where=[("as_of", "<=", pd.Timestamp(as_of))]).sort_values("cutoff", kind="stable")
    if signals.empty:
        return CLOCK.empty()
    events = journal(store, as_of)
    states = status(events)
    last = signals.drop_duplicates("signal_id", keep="last").set_index("signal_id")
    sent = events.loc[events["act"] == Act.SENT]
    this_wave = sent["at"] >= pd.to_datetime(sent["signal_id"].map(states["opened_at"]), utc=True)
    rested = signals[["signal_id", "evidence"]].explode("evidence").drop_duplicates()
    reached = store.load(MENTIONS, ["mention_id", "gathered_at"]).set_index("mention_id")["gathered_at"]
    rested["gathered_at"] = pd.to_datetime(rested["evidence"].map(reached), utc=True)
    frame = pd.DataFrame(
        {
            "signal_id": last.index,
            "published_at": last["first_seen"],
            "gathered_at": rested.groupby("signal_id")["gathered_at"].min().reindex(last.index),
            "detected_at": last["detected_at"],
            "sent_at": sent.loc[this_wave].groupby("signal_id")["at"].min().reindex(last.index),
            **{name: pd.to_datetime(states[name], utc=True).reindex(last.index) for name in ("acknowledged_at", "decided_at")},
        }
    )
    frame["publication_to_sending_minutes"] = _minutes(frame["sent_at"] - frame["published_at"])
    frame["sending_to_acknowledgement_minutes"] = _minutes(frame["acknowledged_at"] - frame["sent_at"])
    return CLOCK.check(frame)


def _minutes(span: pd.Series) -> pd.Series:
    return pd.Series(span.dt.total_seconds() / 60, index=span.index)

"""Which mentions a person should label first: those the machine is unsure of, drawn so that the labels measure it too."""

from __future__ import annotations

import hashlib
from datetime import datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from veille.errors import UsageError
from veille.labels import Relevance, What, current
from veille.masking import mask_series
from veille.period import Period
from veille.reading.relevance.tables import RELEVANCE
from veille.reading.tables import READINGS, Tone
from veille.store import Store
from veille.watch import Watch, confidential_terms

COLUMNS = [
    "mention_id",
    "subject",
    "published_at",
    "publisher",
    "title",
    "text",
    "address",
    "read_tone",
    "read_relevance",
    "why",
    "sampling_ratio",
]
_NEEDED = ["mention_id", "source", "publisher", "url", "published_at", "title", "text", "subjects"]
_P = ["p_negative", "p_neutral", "p_positive"]
# What a mention that the machine is sure of weighs beside one it is wholly unsure of, which weighs one more.
_FLOOR = 0.25
# Doubt from which a person is told that it is why they are asked.
_UNSURE = 0.6
# Of a tone that was not read nothing is known.
_DOUBT_NOT_READ = 0.5


def worklist(
    watch: Watch,
    store: Store,
    as_of: datetime,
    period: Period | None = None,
    *,
    rows: int = 100,
    subject: str | None = None,
    what: What | None = None,
) -> pd.DataFrame:
    """Draw the mentions that are worth labelling.

    Parameters
    ----------
    watch, store
        The watch and its memory; the mentions have been read.
    as_of
        What was known at this instant.
    period
        Only publications of these days; None takes all.
    rows
        How many at most.
    subject
        Only mentions of this subject.
    what
        The question; None asks both.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`, texts masked, in the order of publication: one row a story and subject that nobody answered for yet. `why`
        is a key of `veille.labels.words.WHY`; `sampling_ratio` the probability with which the row was drawn.

    Raises
    ------
    UsageError
        No such subject, or no rows asked for.

    Notes
    -----
    Systematic sampling with unequal probabilities (Madow, 1949) over the stories, in the order of what was read and of the
    source, so that every tone and source has its part: a story weighs by the doubt about it, and strata by the root of their
    size (Bankier, 1988). The start and the order within strata follow from hashes: the same store gives the same rows.
    """
    known = [item.id for item in watch.subjects]
    if subject is not None and subject not in known:
        raise UsageError(f"the watch has no subject {subject!r}", f"its subjects are {', '.join(known)}")
    if rows < 1:
        raise UsageError(f"{rows} rows cannot be drawn", "ask for one at least")
    units = _units(store, as_of, period, [subject] if subject else known)
    units = _unanswered(units, current(store, as_of), what)
    doubt = _doubts(units, what)
    salt = f"{watch.watch}|{pd.Timestamp(as_of).isoformat()}|"
    stratum = units["read_tone"] + "|" + units["read_relevance"] + "|" + units["source"]
    size = (_FLOOR + doubt.max(axis=1)) / np.sqrt(stratum.groupby(stratum).transform("size").to_numpy(dtype=np.float64))
    ratio = inclusion(size, rows)
    order = pd.DataFrame({"stratum": stratum, "hash": (salt + units["mention_id"] + units["subject"]).map(_number)})
    chosen = _systematic(ratio, order.sort_values(["stratum", "hash"], kind="stable").index.to_numpy(), _number(salt))
    named = np.select(
        [units["read_tone"].eq(Tone.NOT_READ) & (what != What.RELEVANCE), doubt[:, 0] >= _UNSURE, doubt[:, 1] >= _UNSURE],
        ["not_read", "unsure_tone", "unsure_relevance"],
        "drawn",
    )
    terms = confidential_terms(watch)
    masked = {name: mask_series(units[name].fillna(""), terms) for name in ("title", "text", "publisher")}
    units = units.assign(why=named, sampling_ratio=ratio, address=mask_series(units["url"].fillna(""), terms), **masked)
    return units.loc[chosen, COLUMNS].sort_values(["published_at", "mention_id", "subject"], kind="stable", ignore_index=True)


def inclusion(size: NDArray[np.float64], rows: int) -> NDArray[np.float64]:
    """Return the probability of each unit to be drawn, in proportion to its size, at most one; they sum to `rows` at most.

    Parameters
    ----------
    size
        Positive sizes, shape (units,).
    rows
        Units to draw.
    """
    if rows >= len(size):
        return np.ones(len(size))
    sure = np.zeros(len(size), dtype=bool)
    while True:
        left = rows - sure.sum()
        ratio = np.where(sure, 1.0, left * size / size[~sure].sum())
        more = ratio >= 1
        if (more == sure).all():
            return np.asarray(ratio, np.float64)
        sure = more


def _systematic(ratio: NDArray[np.float64], order: NDArray[np.int64], start: float) -> NDArray[np.int64]:
    """Return the places drawn: those in whose span of the running sum a step of one falls, from `start` on (0 to 1)."""
    ends = np.concatenate([[0.0], np.cumsum(ratio[order])]) - start
    # Sums of ones must not lose a step to rounding.
    hit = np.ceil(np.round(ends[1:], 9)) > np.ceil(np.round(ends[:-1], 9))
    return order[hit]


def _units(store: Store, as_of: datetime, period: Period | None, subjects: list[str]) -> pd.DataFrame:
    """Return one row a story and subject: the first mention of the story, as the machine reads it."""
    mentions = store.mentions(as_of, period, _NEEDED)
    if period is not None:
        mentions = mentions.loc[mentions["published_at"] >= pd.Timestamp(period.start)]
    readings = store.load(READINGS, ["mention_id", "story_id", "tone", *_P])
    verdicts = store.load(RELEVANCE, ["mention_id", "subject", "verdict", "probability"])
    pairs = mentions.explode("subjects").rename(columns={"subjects": "subject"})
    pairs = pairs.loc[pairs["subject"].isin(subjects)]
    units = pairs.merge(readings, on="mention_id").merge(verdicts, on=["mention_id", "subject"], how="left")
    units = units.drop_duplicates(["story_id", "subject"]).reset_index(drop=True)
    units["read_tone"] = units["tone"].astype("object")
    units["read_relevance"] = units["verdict"].astype("object").where(units["verdict"].notna(), Relevance.RELEVANT.value)
    return units


def _unanswered(units: pd.DataFrame, labels: pd.DataFrame, what: What | None) -> pd.DataFrame:
    """Return the rows with a question that nobody answered yet."""
    asked = [what] if what else list(What)
    key = ["mention_id", "subject"]
    given = [pd.MultiIndex.from_frame(labels.loc[labels["what"] == item, key]) for item in asked]
    known = [pd.MultiIndex.from_frame(units[key]).isin(pairs) for pairs in given]
    open_still: NDArray[np.bool_] = ~np.all(known, axis=0)
    return units.loc[open_still].reset_index(drop=True)


def _doubts(units: pd.DataFrame, what: What | None) -> NDArray[np.float64]:
    """Return the doubt about tone and relevance of each row, 0 to 1, shape (rows, 2); 0 of what is not asked."""
    table = units[_P].to_numpy(np.float64)
    # 1 for three equal probabilities, 0 for certainty.
    tone = np.where(np.isnan(table[:, 0]), _DOUBT_NOT_READ, 1.5 * (1 - table.max(axis=1, initial=0)))
    relevance = 2 * (1 - units["probability"].astype("float64").fillna(1.0).clip(0.5, 1).to_numpy())
    return np.column_stack([tone * (what != What.RELEVANCE), relevance * (what != What.TONE)])


def _number(text: str) -> float:
    """Return a number from 0 to 1 that follows from a text."""
    return int(hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12], 16) / 16**12

"""Measure what analysts' labels would have changed: earlier tweets are labelled, later ones are read.

Run as `python training/adaptation.py DATA`, DATA being a folder with `airlines-en/tweets.csv` and `brands-en/tweets.csv`.
An analyst labels 50 to 400 tweets of the first 60 % of the time, drawn at random; the last 40 % measure. Copies of one text
are one story. Nothing is kept.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from veille.reading import prevalence, tone
from veille.reading.adaptation import learn, macro_f1
from veille.reading.embedding import DEFAULT_MODEL, by_name
from veille.reading.texts import clean, text_hashes

BUDGETS = (50, 100, 200, 400)
SEEDS = 10
EARLY_RATIO = 0.6


def airlines(folder: Path) -> pd.DataFrame:
    """Return text, tone and time of the tweets on airlines."""
    raw = pd.read_csv(folder / "airlines-en" / "tweets.csv")
    at = pd.to_datetime(raw["created_at_utc"], utc=True, format="ISO8601")
    return pd.DataFrame({"text": raw["text"], "tone": raw["airline_sentiment"], "at": at})


def brands(folder: Path) -> pd.DataFrame:
    """Return text, tone and time of the tweets on brands, without those that are no tone ("irrelevant")."""
    raw = pd.read_csv(folder / "brands-en" / "tweets.csv")
    at = pd.to_datetime(raw["TweetDate"], utc=True, format="%a %b %d %H:%M:%S %z %Y")
    frame = pd.DataFrame({"text": raw["TweetText"], "tone": raw["Sentiment"], "at": at})
    return frame.loc[frame["tone"].isin(tone.TONES)]


def _off(table: NDArray[np.float64], truth: float) -> float:
    """Return by how many points the corrected negative share of these probabilities misses the true one."""
    found = prevalence.negative_share(pd.DataFrame({"p_negative": table[:, 0], "language": "en"}))
    return 100 * abs((found.share or 0.0) - truth)


def main(folder: Path) -> None:
    """Print one line a data set and number of labels: mean over seeds, with the standard deviation over them."""
    for name, load in (("airlines-en", airlines), ("brands-en", brands)):
        frame = load(folder).sort_values("at", kind="stable", ignore_index=True)
        text = clean(frame["text"])
        vectors = by_name(DEFAULT_MODEL).encode(text.tolist())
        base = tone.probabilities(text, vectors, "en")
        said = frame["tone"].map({str(item): place for place, item in enumerate(tone.TONES)}).to_numpy(dtype=np.int64)
        group = text_hashes(text)
        cut = int(EARLY_RATIO * len(frame))
        # A text of the labelled part does not measure again.
        later = np.flatnonzero(~group.iloc[cut:].isin(group.iloc[:cut]).to_numpy()) + cut
        before = macro_f1(said[later], base[later].argmax(axis=1))
        shares = np.bincount(said[later], minlength=3) / len(later)
        apparent = np.bincount(base[later].argmax(axis=1), minlength=3) / len(later)
        click.echo(f"{name}: {len(frame)} tweets, {len(later)} later ones measure; base macro-F1 {before:.3f}")
        click.echo(f"  true shares {shares.round(3)}, read by the base model {apparent.round(3)}")
        click.echo(f"  negative share corrected: off by {_off(base[later], shares[0]):.1f} points from the base model's scores")
        for budget in BUDGETS:
            rows = []
            for seed in range(SEEDS):
                chosen = np.random.default_rng(seed).choice(cut, budget, replace=False)
                trial = learn(base[chosen], vectors[chosen], said[chosen], group.iloc[chosen])
                used = trial.correction(base[later], vectors[later]) if trial.kept and trial.correction else base[later]
                every = trial.correction(base[later], vectors[later]) if trial.correction else base[later]
                read = used.argmax(axis=1)
                negative = 100 * (np.mean(read == 0) - shares[0])
                rows.append(
                    (
                        trial.kept,
                        macro_f1(said[later], read),
                        macro_f1(said[later], every.argmax(axis=1)),
                        negative,
                        _off(used, shares[0]),
                    )
                )
            table = np.array(rows, dtype=np.float64)
            click.echo(
                f"  {budget} labels: kept {int(table[:, 0].sum())} of {SEEDS}; macro-F1 {table[:, 1].mean():.3f} ± "
                f"{table[:, 1].std():.3f} (least {table[:, 1].min():.3f}; were it always kept {table[:, 2].mean():.3f}); "
                f"negative share off by {np.abs(table[:, 3]).mean():.1f} points as read, by {table[:, 4].mean():.1f} were the "
                "adapted scores corrected by the base model's rates"
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]))

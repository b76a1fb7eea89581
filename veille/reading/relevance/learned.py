"""What analysts' labels teach of one subject: a small classifier, kept only where it does better on labels it has not seen."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from veille.labels import Relevance
from veille.reading.embedding import stored
from veille.reading.relevance.tables import Reason

if TYPE_CHECKING:
    from veille.store import Store
    from veille.watch import Watch

LEAST_LABELS = 40
"""Labels of one subject from which anything is learned."""

LEAST_OF_EACH = 10
"""Of these, labels that keep a mention and labels that set one aside, at least."""

MOST_WRONGLY_ASIDE = 0.02
"""Share of relevant held-out labels that may be set aside; the rules alone may do worse, the classifier never."""

_FOLDS = 5
_THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
_SET_ASIDE = (Relevance.HOMONYM.value, Relevance.SPAM.value, Relevance.OFF_TOPIC.value)


@dataclass(frozen=True)
class Learned:
    """A classifier of one subject.

    Parameters
    ----------
    model
        Logistic regression on sentence vectors.
    threshold
        Probability from which a mention is set aside; below it the doubt keeps it.
    vectors, values
        The labels set aside that it learned from, shape (labels, dimensions), and what they were called.
    digest
        Head of the hash of the labels.
    held_out
        What it and the rules alone did on labels not seen: `right_aside`, `wrong_aside`, `rules_right_aside`,
        `rules_wrong_aside`, counts.
    """

    model: LogisticRegression
    threshold: float
    vectors: NDArray[np.float32]
    values: NDArray[np.object_]
    digest: str
    held_out: dict[str, int]

    def corrected(self, rows: pd.DataFrame, vectors: NDArray[np.float32], places: NDArray[np.int64]) -> pd.DataFrame:
        """Return the rows with what was learned laid over what the rules said; own accounts stay.

        Parameters
        ----------
        rows
            Result of `verdicts`.
        vectors, places
            Vectors, and the positions in `rows` that they belong to.
        """
        if not len(places):
            return rows
        rows = rows.copy()
        chance = self.model.predict_proba(vectors)[:, 1]
        verdict = rows["verdict"].to_numpy(dtype="object")[places]
        own = verdict == Relevance.OWN_ACCOUNT.value
        ruled = verdict != Relevance.RELEVANT.value
        aside = combined(ruled, chance, self.threshold)
        nearest = self.values[(vectors @ self.vectors.T).argmax(axis=1)]
        changed = (aside != ruled) & ~own
        at = rows.index[places[changed]]
        rows.loc[at, "verdict"] = np.where(aside[changed], nearest[changed], Relevance.RELEVANT.value)
        rows.loc[at, "reason"] = Reason.LEARNED.value
        rows.loc[at, "detail"] = ""
        rows.loc[at, "probability"] = np.round(np.where(aside[changed], chance[changed], 1 - chance[changed]), 4)
        return rows


def combined(ruled: NDArray[np.bool_], chance: NDArray[np.float64], threshold: float) -> NDArray[np.bool_]:
    """Say what is set aside: what the classifier is sure of, and what a rule says unless it is sure of the contrary."""
    return np.asarray((chance >= threshold) | (ruled & (chance > 1 - threshold)), dtype=bool)


def learn(vectors: NDArray[np.float32], values: pd.Series, ruled: NDArray[np.bool_]) -> Learned | None:
    """Return the classifier that labels of one subject teach, None where there are too few or it does no better than the rules.

    Parameters
    ----------
    vectors
        Sentence vectors of the labelled mentions, shape (labels, dimensions).
    values
        Their labels; those of own accounts teach nothing and must be left out.
    ruled
        Whether the rules alone set them aside.

    Notes
    -----
    Five folds in the order given, which must not depend on the labels; every label is judged by a model that did not see it.
    The least threshold at which no more relevant labels are lost than allowed is taken, and the model kept if
    it then finds more of what is to be set aside than the rules.
    """
    aside = values.isin(_SET_ASIDE).to_numpy()
    if len(values) < LEAST_LABELS or min(aside.sum(), (~aside).sum()) < LEAST_OF_EACH:
        return None
    model = LogisticRegression(C=3.0, class_weight="balanced", max_iter=1000)
    chance = cross_val_predict(model, vectors, aside, cv=StratifiedKFold(_FOLDS), method="predict_proba")[:, 1]
    rules = {"rules_right_aside": int((ruled & aside).sum()), "rules_wrong_aside": int((ruled & ~aside).sum())}
    allowed = max(MOST_WRONGLY_ASIDE * int((~aside).sum()), 0)
    for threshold in _THRESHOLDS:
        found = combined(ruled, chance, threshold)
        right, wrong = int((found & aside).sum()), int((found & ~aside).sum())
        if wrong <= max(allowed, rules["rules_wrong_aside"]) and right > rules["rules_right_aside"]:
            digest = hashlib.sha256(vectors.tobytes() + "\n".join(values).encode()).hexdigest()[:8]
            held_out = {"right_aside": right, "wrong_aside": wrong, **rules}
            return Learned(
                model.fit(vectors, aside), threshold, vectors[aside], values.to_numpy(dtype="object")[aside], digest, held_out
            )
    return None


def known_vectors(watch: Watch, store: Store, hashes: pd.Series) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return the stored vectors of those texts that have one, and their positions among `hashes`."""
    known = stored(store, watch.embedding.model, pd.Index(hashes.unique()))
    place = pd.Index(known["text_hash"]).get_indexer(pd.Index(hashes))
    at = np.flatnonzero(place >= 0)
    if not len(at):
        return np.zeros((0, 0), dtype=np.float32), at
    matrix = np.stack(known["vector"].to_list()).astype(np.float32)
    return matrix[place[at]], at

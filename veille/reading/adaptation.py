"""What analysts' labels teach the tone model about one watch: a small correction, kept only where it proves better.

The correction shrinks towards the base model, whose answer it starts from. It is fitted on a part of the labels, must
beat the base model beyond chance there by cross-fitting, and must not be worse on the part it never saw.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.int64]

LEAST_LABELS = 40
"""Labels below which nothing is tried."""
LEAST_OF_A_TONE = 8
"""Labels that at least two tones need: of one tone alone nothing can be learnt but to say it always."""
# One-sided point of the normal at 5 %.
_BEYOND_CHANCE_Z = 1.645
_HELD_OUT_OF = 4
_FOLDS = 5
_LEAST_PROBABILITY = 5e-5
# Strength of the pull to the base model, from firm to loose; the first moves the shares of the tones only.
_SHRINKAGES = (np.inf, 10.0, 3.0, 1.0)
_OFFSET_SHRINKAGE = 2.0


@dataclass(frozen=True)
class Correction:
    """Weights of a correction: logits = scale · log p + offset + vector · weights.

    Parameters
    ----------
    scale
        How far the base model's own opinion is trusted, 1 as it is.
    offset
        Added to each tone, shape (3,).
    weights
        What the text's vector adds, shape (dimensions, 3).
    """

    scale: float
    offset: Floats
    weights: Floats

    def __call__(self, base: Floats, embedded: NDArray[np.float32] | Floats) -> Floats:
        """Return the corrected probabilities of base probabilities and vectors, shape (texts, 3), to four decimals."""
        logits = self.scale * _log(base) + self.offset + np.asarray(embedded, np.float64) @ self.weights
        return np.asarray(np.round(softmax(logits, axis=1), 4), np.float64)

    @property
    def flat(self) -> list[float]:
        """The weights as one list of single-precision numbers, as they are stored."""
        numbers = np.concatenate([[self.scale], self.offset, self.weights.ravel()])
        return [float(number) for number in numbers.astype(np.float32)]

    @classmethod
    def of(cls, flat: Sequence[float] | Floats) -> Correction:
        """Return the correction that a stored list holds."""
        numbers = np.asarray(flat, np.float32).astype(np.float64)
        return cls(float(numbers[0]), numbers[1:4], numbers[4:].reshape(-1, 3))


@dataclass(frozen=True)
class Trial:
    """What came of trying to learn from labels.

    Parameters
    ----------
    kept
        Whether the correction is used.
    reason
        Why, or why not.
    labels, held_out
        Labels in all, and those that were never fitted on.
    correction
        What was fitted on the rest; None where nothing was.
    log_loss, macro_f1
        On the held-out part: of the base model, and of the correction.
    gain
        Log loss saved a label by cross-fitting on the training part.
    """

    kept: bool
    reason: str
    labels: int
    held_out: int
    correction: Correction | None = None
    log_loss: tuple[float, float] | None = None
    macro_f1: tuple[float, float] | None = None
    gain: float | None = None


def parts(group: pd.Series) -> tuple[Flags, Places]:
    """Return which labels are held out, and the fold of each other, by the hash of its group: copies stay together.

    Parameters
    ----------
    group
        Story id of each label.
    """
    numbers = group.map(lambda item: int(hashlib.sha256(str(item).encode()).hexdigest()[:8], 16)).to_numpy(dtype=np.int64)
    return numbers % _HELD_OUT_OF == 0, (numbers // _HELD_OUT_OF) % _FOLDS


def learn(base: Floats, embedded: NDArray[np.float32], said: Places, group: pd.Series) -> Trial:
    """Try to learn a correction from labels.

    Parameters
    ----------
    base
        The base model's probabilities of the labelled texts, shape (labels, 3).
    embedded
        Their vectors, shape (labels, dimensions).
    said
        The tone that people said: 0 negative, 1 neutral, 2 positive; shape (labels,).
    group
        Story id of each: copies never stand on both sides of a split.

    Notes
    -----
    The strength of the pull is chosen by cross-fitting on the training part, the firmest within one standard error of the
    best. The correction is kept when the labels agree with the base model better than chance (Cohen's kappa: labels that do
    not are no opinion on tone), when, cross-fitted on the training part, it saves log loss beyond chance (paired z test, 5 %)
    without losing macro-F1, and when on the held-out part neither is worse than the base model's.
    """
    held, fold = parts(group)
    few = np.sort(np.bincount(said, minlength=3))
    if len(said) < LEAST_LABELS:
        return Trial(False, f"{len(said)} labels, {LEAST_LABELS} are needed", len(said), int(held.sum()))
    if few[1] < LEAST_OF_A_TONE:
        return Trial(False, f"two tones need {LEAST_OF_A_TONE} labels each", len(said), int(held.sum()))
    if not held.any() or held.all() or len(np.unique(fold[~held])) < _FOLDS:
        return Trial(False, "the labels are of too few stories", len(said), int(held.sum()))
    if _agreement_z(_table(said[~held], base[~held].argmax(axis=1))) <= _BEYOND_CHANCE_Z:
        return Trial(False, "the labels agree with the base model no better than chance", len(said), int(held.sum()))
    vectors = np.asarray(embedded, np.float64)
    crossed = [_crossed(base[~held], vectors[~held], said[~held], fold[~held], pull) for pull in _SHRINKAGES]
    losses = np.stack([_losses(item, said[~held]) for item in crossed])
    best = int(losses.mean(axis=1).argmin())
    beyond = (losses - losses[best]).mean(axis=1) <= (losses - losses[best]).std(axis=1) / np.sqrt(losses.shape[1])
    chosen = int(np.flatnonzero(beyond)[0])
    correction = _fit(base[~held], vectors[~held], said[~held], _SHRINKAGES[chosen])
    after = correction(base, vectors)
    loss = float(_losses(base[held], said[held]).mean()), float(_losses(after[held], said[held]).mean())
    f1 = macro_f1(said[held], base[held].argmax(axis=1)), macro_f1(said[held], after[held].argmax(axis=1))
    saved = _losses(base[~held], said[~held]) - losses[chosen]
    reason = _against(saved, said[~held], base[~held], crossed[chosen]) or _worse(loss, f1)
    return Trial(
        not reason,
        reason or "better than the base model on the labels",
        len(said),
        int(held.sum()),
        correction,
        loss,
        f1,
        float(saved.mean()),
    )


def macro_f1(said: Places, read: Places) -> float:
    """Return the mean F1 over the tones that people said."""
    return float(_f1(_table(said, read)[None])[0]) if len(said) else float("nan")


def _against(saved: Floats, said: Places, base: Floats, after: Floats) -> str:
    """Say what speaks against the correction on the training part; empty where nothing does."""
    if saved.mean() <= _BEYOND_CHANCE_Z * saved.std(ddof=1) / np.sqrt(len(saved)):
        return "no better than the base model beyond chance"
    if macro_f1(said, after.argmax(axis=1)) < macro_f1(said, base.argmax(axis=1)):
        return "the tones read would be worse"
    return ""


def _agreement_z(table: Floats) -> float:
    """Return Cohen's kappa over its standard error where there is no agreement (Fleiss, Cohen & Everitt, 1969)."""
    total = table.sum()
    rows, columns = table.sum(axis=1) / total, table.sum(axis=0) / total
    chance = float(rows @ columns)
    spread = chance + chance**2 - float(np.sum(rows * columns * (rows + columns)))
    seen = float(np.trace(table)) / total - chance
    return seen / np.sqrt(spread / total) if spread > 0 else 0.0


def _worse(loss: tuple[float, float], f1: tuple[float, float]) -> str:
    return "worse than the base model on the labels held out" if loss[1] > loss[0] or f1[1] < f1[0] else ""


def _crossed(base: Floats, vectors: Floats, said: Places, fold: Places, pull: float) -> Floats:
    result = np.empty_like(base)
    for number in range(_FOLDS):
        out = fold == number
        result[out] = _fit(base[~out], vectors[~out], said[~out], pull)(base[out], vectors[out])
    return result


def _fit(base: Floats, vectors: Floats, said: Places, pull: float) -> Correction:
    """Return the correction of least penalised log loss (L-BFGS, from the base model on)."""
    wide = vectors.shape[1] if np.isfinite(pull) else 0
    seen, given, target = vectors[:, :wide], _log(base), np.eye(3)[said]

    def cost(flat: Floats) -> tuple[float, Floats]:
        scale, offset, weights = flat[0], flat[1:4], flat[4:].reshape(wide, 3)
        logs = log_softmax(scale * given + offset + seen @ weights, axis=1)
        off = np.exp(logs) - target
        firm = pull if wide else 0.0
        penalty = _OFFSET_SHRINKAGE * ((scale - 1) ** 2 + offset @ offset) + firm * np.sum(weights**2)
        slope = [np.sum(off * given) + 2 * _OFFSET_SHRINKAGE * (scale - 1)]
        parts = [slope, off.sum(axis=0) + 2 * _OFFSET_SHRINKAGE * offset, (seen.T @ off + 2 * firm * weights).ravel()]
        return float(-np.sum(target * logs) + penalty), np.concatenate(parts)

    start = np.concatenate([[1.0], np.zeros(3 + 3 * wide)])
    found = minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
    weights = np.zeros((vectors.shape[1], 3))
    weights[:wide] = found[4:].reshape(wide, 3)
    return Correction(float(found[0]), found[1:4], weights)


def _log(probabilities: Floats) -> Floats:
    return np.asarray(np.log(np.clip(probabilities, _LEAST_PROBABILITY, 1)), np.float64)


def _losses(probabilities: Floats, said: Places) -> Floats:
    return np.asarray(-_log(probabilities)[np.arange(len(said)), said], np.float64)


def _table(said: Places, read: Places) -> Floats:
    return np.bincount(3 * said + read, minlength=9).reshape(3, 3).astype(np.float64)


def _f1(tables: Floats) -> Floats:
    """Return macro-F1 of confusion tables, shape (tables, 3, 3), over the tones that have labels."""
    hits = np.einsum("tii->ti", tables)
    both = tables.sum(axis=1) + tables.sum(axis=2)
    some = tables.sum(axis=2) > 0
    f1 = np.divide(2 * hits, both, out=np.zeros_like(hits), where=both > 0)
    return np.asarray((f1 * some).sum(axis=1) / np.maximum(some.sum(axis=1), 1), np.float64)

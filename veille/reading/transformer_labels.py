"""What the labels of somebody else's model mean: each is negative, neutral or positive, or a person must say so."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from veille.errors import UsageError
from veille.folding import fold_text
from veille.reading.tables import Tone

_PLACES = {Tone.NEGATIVE.value: 0, Tone.NEUTRAL.value: 1, Tone.POSITIVE.value: 2}
# Folded: neither case nor accents.
_WORDS = (
    dict.fromkeys(("negative", "negatif", "neg", "very negative", "tres negatif", "tres negative"), 0)
    | dict.fromkeys(("neutral", "neutre", "neu"), 1)
    | dict.fromkeys(("positive", "positif", "pos", "very positive", "tres positif", "tres positive"), 2)
)
_STARS = re.compile(r"([1-5]) (?:stars?|etoiles?)")
_STARS_MEAN = {1: 0, 2: 0, 3: 1, 4: 2, 5: 2}
# The convention of sentiment models whose author named no label; of two, either order is found.
_NUMBERED = ("label 0", "label 1", "label 2")


def meanings(names: Sequence[str], given: Mapping[str, str], model: str) -> NDArray[np.float64]:
    """Return which tone each label counts for: shape (labels, 3), one 1 a row; negative, neutral, positive.

    Parameters
    ----------
    names
        Labels in the order of the model's outputs.
    given
        What a person says they mean, `negative`, `neutral` or `positive` by label; it comes before what names say.
    model
        Its name, for the error.

    Raises
    ------
    UsageError
        A label says nothing of tone, or none is negative or none positive, or a label is given that the model has not.
    """
    strange = [name for name in given if name not in names]
    if strange:
        raise UsageError(
            f"tone.labels names {_listed(strange)}, which tone.model {model!r} has not",
            f"its labels are {_listed(names)}",
        )
    folded = [" ".join(re.split(r"[\s_-]+", fold_text(name).strip())) for name in names]
    numbered = tuple(folded) == _NUMBERED
    places = [
        _PLACES[given[name]] if name in given else place if numbered else _meaning(word)
        for place, (name, word) in enumerate(zip(names, folded, strict=True))
    ]
    unknown = [name for name, place in zip(names, places, strict=True) if place is None]
    if unknown:
        raise UsageError(
            f"it cannot be told what {_listed(unknown)} of tone.model {model!r} mean",
            f"say it in watch.yml, tone.labels: {{{unknown[0]}: negative, …}}, or take a model of sentiment",
        )
    if not {0, 2} <= set(places):
        raise UsageError(
            f"tone.model {model!r} has no label for {'negative' if 0 not in places else 'positive'}: they are {_listed(names)}",
            "take a model of sentiment, or say in tone.labels what its labels mean",
        )
    return np.eye(3)[[place for place in places if place is not None]]


def tone_probabilities(labels: NDArray[np.float64], meaning: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probabilities of negative, neutral and positive from those of the labels, shape (texts, 3).

    Parameters
    ----------
    labels
        Probabilities of the labels, shape (texts, labels), rows sum to one.
    meaning
        As of `meanings`.

    Notes
    -----
    Labels of one meaning are added. A model without a neutral label must call every text negative or positive; of a text that
    is neither it can at best be unsure. By convention its neutral is then 1 - |p_positive - p_negative|, and the surplus of the
    likelier side is that side's: a text is neutral unless one side has three quarters.
    """
    summed = labels @ meaning
    if meaning[:, 1].any():
        return np.asarray(summed, np.float64)
    surplus = summed[:, 2] - summed[:, 0]
    return np.stack([np.maximum(-surplus, 0), 1 - np.abs(surplus), np.maximum(surplus, 0)], axis=1)


def _meaning(word: str) -> int | None:
    stars = _STARS.fullmatch(word)
    return _STARS_MEAN[int(stars[1])] if stars else _WORDS.get(word)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name[:40]) for name in names[:8])
    return shown if len(names) <= 8 else f"{shown} and {len(names) - 8} more"

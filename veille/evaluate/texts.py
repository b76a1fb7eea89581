"""Metrics of what is read in single texts: tone, language, stories, and the topics of a heap of texts."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, f1_score

from veille.errors import UsageError
from veille.evaluate.mixes import prevalence_metrics
from veille.reading import Tone, language, stories, tone
from veille.reading.embedding import DEFAULT_MODEL, by_name
from veille.reading.texts import mention_texts
from veille.topics import TopicSettings, cluster
from veille.topics.coarse import coarse

LEVELS = ("fine", "coarse")
_TONES = tuple(str(item) for item in (Tone.NEGATIVE, Tone.NEUTRAL, Tone.POSITIVE))


def lead_of(text: pd.Series) -> pd.Series:
    """Return what of each text is read: cleaned and cut as in a watch."""
    return mention_texts(pd.DataFrame({"title": pd.Series("", index=text.index, dtype="object"), "text": text}))["lead"]


def sentiment_metrics(frame: pd.DataFrame, languages: tuple[str, ...] = ("fr", "en")) -> dict[str, Any]:
    """Compare the tone that is read with the labels.

    Parameters
    ----------
    frame
        `text`, `label` (negative, neutral, positive).
    languages
        Languages the texts are expected in.

    Returns
    -------
    dict
        `macro_f1` and `macro_f1_standard_error` (bootstrap), `negative_f1`, the figures of `prevalence_metrics`, `rows`,
        `not_read_rows`: texts in a language whose tone is not read are in no figure.

    Raises
    ------
    UsageError
        A label that is no tone, or no text whose tone can be read.
    """
    wrong = sorted(set(frame["label"]) - set(_TONES))
    if wrong:
        raise UsageError(f"{wrong[0]!r} is no tone", f"labels are {', '.join(_TONES)}")
    lead = lead_of(frame["text"])
    spoken = language.languages(lead, pd.Series(None, index=lead.index, dtype="object"), languages)["language"]
    # Short texts that name no language are read in the first one expected, rather than left out.
    spoken = spoken.where(spoken.isin(tone.LANGUAGES) | ~spoken.isin(["und"]), languages[0])
    heard = tone.tones(lead, by_name(DEFAULT_MODEL).encode(lead.tolist()), spoken)
    read = heard["tone"]
    known = (read != Tone.NOT_READ.value).to_numpy()
    if not known.any():
        raise UsageError("no text is in a language whose tone is read", f"they are {', '.join(tone.LANGUAGES)}")
    label, found = frame["label"].to_numpy(dtype=object)[known], read.to_numpy(dtype=object)[known]
    return {
        "macro_f1": round(float(f1_score(label, found, labels=_TONES, average="macro", zero_division=0)), 4),
        "macro_f1_standard_error": round(_standard_error(label, found), 4),
        "negative_f1": round(float(f1_score(label == "negative", found == "negative", zero_division=0)), 4),
        **prevalence_metrics(heard.assign(label=frame["label"], language=spoken)[known]),
        "rows": int(known.sum()),
        "not_read_rows": int((~known).sum()),
    }


def _standard_error(label: np.ndarray, found: np.ndarray, draws: int = 200) -> float:
    chance = np.random.default_rng(0)
    picks = chance.integers(0, len(label), size=(draws, len(label)))
    return float(
        np.std([f1_score(label[pick], found[pick], labels=_TONES, average="macro", zero_division=0) for pick in picks])
    )


def language_metrics(frame: pd.DataFrame, languages: tuple[str, ...] = ("fr", "en")) -> dict[str, Any]:
    """Compare the language that is found with the labels (ISO 639-1, `und` for none).

    Returns
    -------
    dict
        `accuracy`, `rows`.
    """
    lead = lead_of(frame["text"])
    found = language.languages(lead, pd.Series(None, index=lead.index, dtype="object"), languages)["language"]
    return {"accuracy": round(float((found == frame["label"]).mean()), 4), "rows": len(frame)}


def stories_metrics(frame: pd.DataFrame) -> dict[str, Any]:
    """Compare stories pair by pair: two texts are one story, or not.

    Parameters
    ----------
    frame
        `text`, `story` (any name); texts count as published in the order of the file, a minute apart.

    Returns
    -------
    dict
        `precision`, `recall`, `f1` over pairs, `rows`. Without a pair in the labels recall is 1, without a found one
        precision is 1.
    """
    moment = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(np.arange(len(frame)), unit="min")
    found = stories_of(frame["text"], pd.Series(moment))
    both = _pairs(frame["story"].astype(str) + "\x1f" + found)
    told, said = _pairs(found), _pairs(frame["story"])
    precision = both / told if told else 1.0
    recall = both / said if said else 1.0
    total = precision + recall
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(2 * precision * recall / total if total else 0.0, 4),
        "rows": len(frame),
    }


def stories_of(text: pd.Series, published_at: pd.Series) -> pd.Series:
    """Return the story of each text, as articles without an address would get it.

    Parameters
    ----------
    text, published_at
        One a text, in step.
    """
    mentions = pd.DataFrame(
        {
            "mention_id": [f"{place:08d}" for place in range(len(text))],
            "known_at": published_at.to_numpy(),
            "published_at": published_at.to_numpy(),
            "kind": "article",
            "source_type": "rss",
            "native_id": None,
            "parent_id": None,
            "canonical_url": None,
            "publisher": None,
            "title": "",
            "story_text": mention_texts(pd.DataFrame({"title": "", "text": text.to_numpy()}))["story_text"],
            "story_id": None,
        }
    )
    moments = pd.to_datetime(mentions["published_at"], utc=True)
    return stories.assign(mentions.assign(published_at=moments, known_at=moments))["story_id"].sort_index()


def _pairs(names: pd.Series) -> int:
    sizes = names.value_counts().to_numpy(dtype=np.int64)
    return int((sizes * (sizes - 1) // 2).sum())


def topics_metrics(frame: pd.DataFrame, level: str = "fine", model: str = DEFAULT_MODEL) -> dict[str, Any]:
    """Compare the topics of a heap of texts with the labels; every text has a topic.

    Parameters
    ----------
    frame
        `text`, `label`.
    level
        `fine` or `coarse`.
    model
        Embedding model.

    Returns
    -------
    dict
        `ami`, `ari`, `topics`, `noise_ratio` (texts that are a topic of their own), `seconds`, `rows`.
    """
    started = time.perf_counter()
    settings = TopicSettings()
    vectors = cluster.unit(by_name(model).encode(lead_of(frame["text"]).tolist()))
    labels = cluster.fine(vectors, cut=settings.cut_distance, sample=settings.sample_stories)
    sizes = np.bincount(labels)
    if level == "coarse":
        labels = coarse(vectors, labels, most=settings.coarse_topics)[labels]
        sizes = np.bincount(labels)
    return {
        "ami": round(float(adjusted_mutual_info_score(frame["label"], labels)), 4),
        "ari": round(float(adjusted_rand_score(frame["label"], labels)), 4),
        "topics": len(sizes),
        "noise_ratio": round(float((sizes == 1).sum() / len(frame)), 4),
        "seconds": round(time.perf_counter() - started, 2),
        "rows": len(frame),
    }

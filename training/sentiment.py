"""Train the tone model that ships with veille.

    python training/sentiment.py DATA [--check] [--tweets-only]

DATA holds `sentiment-tweets/{fr,en}-train.csv` (columns `text`, `label`: negative, neutral, positive), the balanced
tweets of XLM-T / UMSAB (Barbieri, Espinosa Anke, Camacho-Collados 2022), and, so that the model also meets press and
customers, `press-fr-2024/items.jsonl.gz` and `telecom-fr/tweets.csv`, of which `training/labels` labels 220 headlines
and 90 tweets (one annotator, a large language model, unchecked by people; keys are the head of the SHA-256 of the item's
id, no text). Regularisation was chosen by cross-validation on the tweets; `--check` then measures on `{fr,en}-val.csv`
and on the labels of `held-out-*`, which are not blind (see the model's card).
Output: `veille/reading/models/tone.npz`, plain arrays without pickle. The same input gives the same numbers.
"""

# ruff: noqa: T201  a script speaks to the person who runs it
from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix, f1_score
from sklearn.model_selection import StratifiedKFold

from veille.reading import lexicon, tone
from veille.reading.embedding import DEFAULT_MODEL, by_name
from veille.reading.texts import LEAD_CHARACTERS, clean, cut, mention_texts

LABELS = [item.value for item in tone.TONES]
MODELS = Path(__file__).parents[1] / "veille" / "reading" / "models"
FOLDS = 8
# Eight bins of the score of negative: enough to weigh it, each with some hundred texts of either kind.
BINS = 8
# The sentence encoder puts languages beside each other, so French learns from English tweets too, at half their weight:
# +.01 macro-F1 under cross-validation. English gained nothing from French.
ASIDE = {"fr": ("en", 0.5)}
# A labelled headline or customer counts twice, being what veille reads: under cross-validation F1 of negative .740 to .761 on
# headlines and .893 to .901 on customers, macro-F1 of tweets .684 to .680.
LABELLED_WEIGHT = 2.0
STRENGTH = {"embedding": 3.0, "words": 2.0, "lexicon": 0.1}
LABELLED = {"fr": ("press-fr-2024", "telecom-fr")}
Arrays = dict[str, NDArray[np.float32]]
Aside = tuple[NDArray[np.float32], NDArray[np.int64], float]


Labelled = tuple[pd.Series, NDArray[np.int64]]


def tweets(file: Path) -> Labelled:
    """Return texts as `read` sees them, and labels 0, 1, 2."""
    frame = pd.read_csv(file, keep_default_na=False)
    text = frame["text"].str.replace(r"\\u2018|\\u2019", "'", regex=True).str.replace(r"\\u002c", ",", regex=True)
    text = text.str.replace(r'\\"|""', '"', regex=True).str.replace(r"\bhttp\b", " ", regex=True)
    text = text.str.replace("@user", " ", regex=False)
    return cut(clean(text), LEAD_CHARACTERS), frame["label"].map(LABELS.index).to_numpy(dtype=np.int64)


def labelled(data: Path, name: str) -> Labelled:
    """Return the items of a set that `training/labels` labels; `held-out-` labels are only for measuring."""
    folder = data / name.removeprefix("held-out-")
    if (folder / "items.jsonl.gz").exists():
        items = pd.read_json(folder / "items.jsonl.gz", lines=True, dtype=False)
        frame = pd.DataFrame({"id": items["id"], "title": items["title"].fillna(""), "text": items["description"].fillna("")})
    else:
        items = pd.read_csv(folder / "tweets.csv", dtype=str, keep_default_na=False)
        frame = pd.DataFrame({"id": items["tweet_id"], "title": "", "text": items["text"]})
    keys = frame["id"].map(lambda item: hashlib.sha256(item.encode()).hexdigest()[:16])
    labels = pd.read_csv(Path(__file__).parent / "labels" / f"{name}.csv")
    found = frame.assign(key=keys).drop_duplicates("key").merge(labels, on="key", validate="1:1").sort_values("key")
    return mention_texts(found)["lead"].reset_index(drop=True), found["label"].map(LABELS.index).to_numpy(dtype=np.int64)


def training_set(language: str, data: Path, *, tweets_only: bool = False) -> Labelled:
    """Return the tweets of a language and, for French, the items labelled for veille unless told to leave them out."""
    parts = [tweets(data / "sentiment-tweets" / f"{language}-train.csv")]
    parts += [] if tweets_only else [labelled(data, name) for name in LABELLED.get(language, ())]
    return pd.concat([text for text, _ in parts], ignore_index=True), np.concatenate([label for _, label in parts])


def fit_experts(
    language: str,
    count: sp.csr_matrix,
    figures: NDArray[np.float32],
    embedded: NDArray[np.float32],
    label: NDArray[np.int64],
    weight: NDArray[np.float64],
    aside: Aside | None = None,
) -> Arrays:
    """Fit the three experts on the rows given; the one that sees embeddings also on those of another language."""
    frequency = np.asarray((count > 0).sum(axis=0)).ravel()
    # A group of letters seen once or twice is a name, not a tone.
    rarity = np.where(frequency >= 2, np.log((1 + count.shape[0]) / (1 + frequency)) + 1, 0).astype(np.float32)
    mean, scale = figures.mean(axis=0), np.maximum(figures.std(axis=0), 1e-3)
    seen = {"embedding": embedded, "words": tone.weighted(count, rarity), "lexicon": (figures - mean) / scale}
    numbers: Arrays = {
        f"{language}.rarity": rarity,
        f"{language}.lexicon.mean": mean,
        f"{language}.lexicon.scale": scale,
    }
    for name in tone.EXPERTS:
        rows, told, weights = seen[name], label, weight
        if name == "embedding" and aside is not None:
            rows, told = np.concatenate([rows, aside[0]]), np.concatenate([label, aside[1]])
            weights = np.concatenate([weight, np.full(len(aside[1]), aside[2])])
        model = LogisticRegression(C=STRENGTH[name], max_iter=3000).fit(rows, told, sample_weight=weights)
        numbers[f"{language}.{name}.weights"] = model.coef_.T.astype(np.float32)
        numbers[f"{language}.{name}.bias"] = model.intercept_.astype(np.float32)
    return numbers


def mix(said: NDArray[np.float64], label: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Fit weights of the experts and offsets of the tones on held-out scores, shape (experts, texts, 3)."""

    def loss(parameters: NDArray[np.float64]) -> float:
        logits = np.tensordot(parameters[: len(said)], said, axes=1) + parameters[len(said) :]
        penalty = 0.002 * float(np.square(parameters[: len(said)] - 0.8).sum() + np.square(parameters[len(said) :]).sum())
        return float(-log_softmax(logits, axis=1)[np.arange(len(label)), label].mean()) + penalty

    best = minimize(
        loss, np.r_[np.full(len(said), 0.8), np.zeros(3)], method="L-BFGS-B", bounds=[(0, 5)] * len(said) + [(-2, 2)] * 3
    )
    return best.x[: len(said)].astype(np.float32), best.x[len(said) :].astype(np.float32)


def score_bins(
    language: str, chances: NDArray[np.float64], label: NDArray[np.int64], tweeted: slice, headlines: slice
) -> Arrays:
    """Return bins of the probability of negative, and by kind how many held-out negative texts and others fall in each."""
    edges = np.quantile(chances[tweeted, 0], np.linspace(0, 1, BINS + 1)[1:-1])
    place = np.digitize(chances[:, 0], edges)
    numbers: Arrays = {f"{language}.bins.edges": edges.astype(np.float32)}
    for kind, rows in (("post", tweeted), ("article", headlines)):
        counts = [
            np.bincount(place[rows][label[rows] == 0], minlength=BINS),
            np.bincount(place[rows][label[rows] != 0], minlength=BINS),
        ]
        if np.sum(counts):
            numbers[f"{language}.bins.{kind}"] = np.array(counts, dtype=np.float32)
    return numbers


def train(language: str, folder: Path, *, tweets_only: bool = False) -> tuple[Arrays, dict[str, float]]:
    """Return the numbers of one language and its figures under cross-validation."""
    text, label = training_set(language, folder, tweets_only=tweets_only)
    tweeted = slice(len(tweets(folder / "sentiment-tweets" / f"{language}-train.csv")[1]))
    weight = np.full(len(label), LABELLED_WEIGHT)
    weight[tweeted] = 1.0
    count, figures = tone.counts(text), lexicon.features(text, language)
    encode = by_name(DEFAULT_MODEL).encode
    embedded = encode(text.tolist())
    aside = None
    if language in ASIDE:
        other, lighter = ASIDE[language]
        foreign, foreign_label = tweets(folder / "sentiment-tweets" / f"{other}-train.csv")
        aside = encode(foreign.tolist()), foreign_label, lighter
    said = np.zeros((len(tone.EXPERTS), len(text), 3))
    for rows, held in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(figures, label):
        part = fit_experts(language, count[rows], figures[rows], embedded[rows], label[rows], weight[rows], aside)
        answers = tone.scores(text.iloc[held], embedded[held], language, part)
        said[:, held] = np.stack([answers[name] for name in tone.EXPERTS])
    weights, offset = mix(said, label)
    total = np.tensordot(weights, said, axes=1) + offset
    read = total.argmax(axis=1)
    numbers = fit_experts(language, count, figures, embedded, label, weight, aside)
    numbers |= {f"{language}.mix": weights, f"{language}.offset": offset}
    numbers[f"{language}.confusion"] = confusion_matrix(label, read, normalize="true").astype(np.float32)
    # Headlines follow the tweets. Customers are too few, and too alike, to give rates.
    labels = 0 if tweets_only or language not in LABELLED else len(labelled(folder, LABELLED[language][0])[1])
    headlines = slice(tweeted.stop, tweeted.stop + labels)
    numbers |= score_bins(language, softmax(total, axis=1), label, tweeted, headlines)
    result = {"macro_f1": float(f1_score(label, read, average="macro"))}
    result |= {
        f"{name} alone": float(f1_score(label, said[i].argmax(axis=1), average="macro")) for i, name in enumerate(tone.EXPERTS)
    }
    print(language, "cross-validation", result, "mix", weights, "offset", offset)
    return numbers, result


def compact(numbers: Arrays) -> Arrays:
    """Return the numbers in half precision where many; what a weight loses is far below what a tweet says."""
    return {name: value.astype(np.float16) if value.size > 1000 else value for name, value in numbers.items()}


def check(text: pd.Series, label: NDArray[np.int64], language: str, numbers: Arrays) -> str:
    """Return accuracy, macro-F1 with its bootstrap standard error, F1 of negative and the confusions."""
    chances = tone.probabilities(text, by_name(DEFAULT_MODEL).encode(text.tolist()), language, numbers)
    read = chances.argmax(axis=1)
    draw = np.random.default_rng(0)
    samples = [draw.integers(0, len(label), len(label)) for _ in range(500)]
    spread = np.std([f1_score(label[rows], read[rows], average="macro") for rows in samples])
    macro, negative = f1_score(label, read, average="macro"), f1_score(label == 0, read == 0)
    return (
        f"{len(label)} texts, accuracy {(label == read).mean():.3f}, macro-F1 {macro:.3f} ± {spread:.3f}, "
        f"negative F1 {negative:.3f}, confusions {confusion_matrix(label, read).tolist()}"
    )


def main() -> None:
    """Train both languages and write the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--check", action="store_true", help="measure once on the validation tweets")
    parser.add_argument("--tweets-only", action="store_true", help="leave training/labels out, and write no model")
    options = parser.parse_args()
    numbers: Arrays = {}
    for language in tone.LANGUAGES:
        numbers |= train(language, options.folder, tweets_only=options.tweets_only)[0]
    numbers = compact(numbers)
    MODELS.mkdir(exist_ok=True)
    if not options.tweets_only:
        np.savez_compressed(MODELS / "tone.npz", **numbers)
        print((MODELS / "tone.npz").stat().st_size, "bytes")
    if options.check:
        as_read = {name: value.astype(np.float32) for name, value in numbers.items()}
        for language in tone.LANGUAGES:
            text, label = tweets(options.folder / "sentiment-tweets" / f"{language}-val.csv")
            print(language, "validation:", check(text, label, language, as_read))
        for name in ("held-out-press-fr-2022h1", "held-out-telecom-fr"):
            print(name, check(*labelled(options.folder, name), "fr", as_read))


if __name__ == "__main__":
    main()

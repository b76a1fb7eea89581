"""Topics beside what a user would pick instead: BERTopic's defaults (UMAP + HDBSCAN) on the same embeddings, in the same run.

    python benchmarks/topics.py FILE --text headline+text --label category --level coarse --seeds 10

Texts that HDBSCAN calls noise are given to the nearest centroid, so that every text is assigned on both sides.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from veille.evaluate.labelled import read_labelled
from veille.evaluate.texts import lead_of
from veille.reading.embedding import DEFAULT_MODEL, by_name
from veille.topics import TopicSettings, cluster
from veille.topics.coarse import coarse


def ours(vectors: np.ndarray, level: str) -> np.ndarray:
    """Return the labels that a watch would give."""
    settings = TopicSettings()
    labels = cluster.fine(vectors, cut=settings.cut_distance, sample=settings.sample_stories)
    if level == "coarse":
        labels = coarse(vectors, labels, most=settings.coarse_topics)[labels]
    return labels


def stock(vectors: np.ndarray, seed: int, least: int) -> np.ndarray:
    """Return the labels of BERTopic's default steps: UMAP to 5 dimensions, then HDBSCAN."""
    from hdbscan import HDBSCAN
    from umap import UMAP

    reduced = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed).fit_transform(vectors)
    labels = HDBSCAN(min_cluster_size=least, metric="euclidean", cluster_selection_method="eom").fit_predict(reduced)
    noise = labels < 0
    if noise.all():
        return np.zeros(len(labels), dtype=np.int64)
    centroids = np.stack([reduced[labels == label].mean(axis=0) for label in range(labels.max() + 1)])
    distances = ((reduced[noise][:, None, :] - centroids[None]) ** 2).sum(axis=2)
    labels[noise] = distances.argmin(axis=1)
    return labels


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--text", default="text")
    parser.add_argument("--label", default="label")
    parser.add_argument("--level", choices=["fine", "coarse"], default="fine")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--least", type=int, default=10, help="HDBSCAN's smallest cluster; BERTopic's default is 10")
    options = parser.parse_args()
    frame = read_labelled(options.file, ("text", "label"), [f"text={options.text}", f"label={options.label}"])
    vectors = cluster.unit(by_name(DEFAULT_MODEL).encode(lead_of(frame["text"]).tolist()))
    started = time.perf_counter()
    labels = ours(vectors, options.level)
    seconds = time.perf_counter() - started
    figures = {"ami": adjusted_mutual_info_score(frame["label"], labels), "ari": adjusted_rand_score(frame["label"], labels)}
    told = {"rows": len(frame), "ours": {name: round(value, 4) for name, value in figures.items()}}
    started = time.perf_counter()
    runs = []
    for seed in range(options.seeds):
        found = stock(vectors, seed, options.least)
        runs.append(
            [adjusted_mutual_info_score(frame["label"], found), adjusted_rand_score(frame["label"], found), found.max() + 1]
        )
    mean = np.mean(runs, axis=0).round(4).tolist()
    told["umap_hdbscan"] = {"ami": mean[0], "ari": mean[1], "topics": mean[2], "seeds": options.seeds}
    told["seconds_ratio"] = round(seconds / ((time.perf_counter() - started) / options.seeds), 3)
    print(json.dumps(told))


if __name__ == "__main__":
    main()

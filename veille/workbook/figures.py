"""Interactive figures of the workbook. plotly reads some markup in labels, so every label is escaped."""

from __future__ import annotations

import html
from datetime import datetime

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from veille import topics
from veille.masking import mask, mask_series
from veille.period import Period
from veille.store import Store
from veille.watch import Watch, confidential_terms
from veille.workbook.search import Found

_COLOURS = {"negative": "#B3261E", "neutral": "#8C8C8C", "positive": "#0072B2", "not_read": "#D0D0D0"}
_LABEL_CHARACTERS = 90
_TOPICS_SHOWN = 12


def timeline(found: Found) -> go.Figure:
    """Return the mentions a day, stacked by tone."""
    mentions = found.mentions
    days = mentions["published_at"].dt.tz_convert(found.timezone).dt.tz_localize(None).dt.floor("D")
    tone = mentions["tone"].astype("object").where(mentions["tone"].notna(), "not_read")
    counts = pd.crosstab(days, tone)
    bars = [
        go.Bar(x=counts.index, y=counts[name], name=name, marker_color=_COLOURS[name]) for name in _COLOURS if name in counts
    ]
    figure = go.Figure(bars)
    figure.update_layout(barmode="stack", height=280, margin={"t": 20, "b": 30}, yaxis_title="mentions a day", bargap=0.1)
    return figure


def topic_map(watch: Watch, store: Store, as_of: datetime, period: Period | None = None) -> go.Figure:
    """Return the stories of the topics' window on a plane: near means alike; the largest topics have a colour.

    Without a period it shows the last update that was made up to `as_of`. The plane is that of the two first principal
    components of the vectors: quick, and the same on every machine.

    Raises
    ------
    UsageError
        Topics were not made for this period, or never.
    """
    from sklearn.decomposition import PCA

    if period is None:
        made = topics.current(watch, store, as_of)["cutoff"]
        as_of = made.max().to_pydatetime() if len(made) else as_of
    carried = topics.model(watch, store, as_of, period)
    documents = carried.documents.copy()
    plane = PCA(n_components=2, svd_solver="full").fit_transform(carried.vectors)
    documents["x"], documents["y"] = plane[:, 0], plane[:, 1]
    terms = confidential_terms(watch)
    documents["label"] = [html.escape(text[:_LABEL_CHARACTERS]) for text in mask_series(documents["document"], terms)]
    names = {number: html.escape(mask(str(name), terms)) for number, name in zip(*_names(carried.bertopic), strict=True)}
    largest = documents.loc[documents["number"] >= 0, "number"].value_counts().index[:_TOPICS_SHOWN]
    documents["shown"] = np.where(documents["number"].isin(largest), documents["number"], -1)
    figure = go.Figure(
        [
            go.Scattergl(
                x=part["x"],
                y=part["y"],
                mode="markers",
                name=names.get(number, str(number))[:_LABEL_CHARACTERS] if number >= 0 else "…",
                text=part["label"],
                hoverinfo="text",
                marker={"size": 7} if number >= 0 else {"size": 5, "color": "#D0D0D0"},
            )
            for number, part in ((int(str(key)), part) for key, part in documents.groupby("shown"))
        ]
    )
    figure.update_layout(height=620, margin={"t": 20, "b": 20}, xaxis={"visible": False}, yaxis={"visible": False})
    return figure


def _names(bertopic: object) -> tuple[list[int], list[str]]:
    information = bertopic.get_topic_info()  # type: ignore[attr-defined]
    column = "CustomName" if "CustomName" in information else "Name"
    return information["Topic"].tolist(), information[column].tolist()

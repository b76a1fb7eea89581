"""The analyst's interactive figures; every text of a stranger is escaped, for plotly reads some tags in its labels."""

from __future__ import annotations

import textwrap
from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from babel.dates import get_day_names, get_month_names
from numpy.typing import NDArray

from veille.bulletin.base import clean
from veille.language import Language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from veille.bulletin.types import Event

COLOURS = ("#0072b2", "#b3261e", "#595959", "#117a65", "#6c3483", "#9a6700", "#1b4f72", "#78281f", "#1d5c3a", "#4a4a8a")
_TONES = {"negative": "#b3261e", "neutral": "#8a8a8a", "positive": "#0072b2", "not_read": "#d0d0d0"}
_WRAP = 70
_SHOWN = 220


def label(text: str) -> str:
    """Return a text as plotly may show it: cleaned, cut, escaped, broken in lines."""
    lines = textwrap.wrap(clean(text)[:_SHOWN], _WRAP) or [""]
    # A brace after a per-cent sign is a field of a hover template.
    return "<br>".join(escape(line, quote=True).replace("%{", "%&#123;") for line in lines)


def config(language: Language) -> dict[str, Any]:
    """Return how plotly behaves on a page of that language: days, numbers and the names of its buttons, without network."""
    days = {name: get_day_names(name, locale=language.locale) for name in ("wide", "abbreviated")}
    months = {name: get_month_names(name, locale=language.locale) for name in ("wide", "abbreviated")}
    # plotly counts from Sunday, Babel from Monday.
    week = (6, 0, 1, 2, 3, 4, 5)
    numbers = language.number(1234.5, 1)
    spoken = {
        "days": [days["wide"][day] for day in week],
        "shortDays": [days["abbreviated"][day] for day in week],
        "months": list(months["wide"].values()),
        "shortMonths": list(months["abbreviated"].values()),
        "date": "%d/%m/%Y",
        "decimal": numbers[-2],
        "thousands": numbers[1],
    }
    return {
        "displaylogo": False,
        "responsive": True,
        # Its default is a button that sends the figure, titles and all, to a server of plotly.
        "showSendToCloud": False,
        "locale": language.code,
        "locales": {language.code: {"dictionary": _buttons(language), "format": spoken}},
    }


def _buttons(language: Language) -> dict[str, str]:
    """Return the names of plotly's buttons by those it knows them under."""
    return {
        "Autoscale": language.say("Fit all"),
        "Box Select": language.say("Select a box"),
        "Download plot as a PNG": language.say("Save as a picture"),
        "Download plot as a png": language.say("Save as a picture"),
        "Double-click to zoom back out": language.say("Double-click to see all again"),
        "Lasso Select": language.say("Select freely"),
        "Pan": language.say("Move"),
        "Reset axes": language.say("As at first"),
        "Zoom": language.say("Enlarge a part"),
        "Zoom in": language.say("Closer"),
        "Zoom out": language.say("Farther"),
    }


def topics_over_time(stories: pd.DataFrame, titles: dict[str, str], language: Language, first_week: pd.Timestamp) -> go.Figure:
    """Draw weekly stories of the largest topics.

    Parameters
    ----------
    stories
        One row a topic and story: `topic_id`, `weeks_ago`.
    titles
        Titles of the topics to draw, in order.
    first_week
        Monday of the week of the bulletin.
    """
    figure = go.Figure()
    counts = stories.groupby(["topic_id", "weeks_ago"]).size()
    weeks = list(range(11, -1, -1))
    days = [(first_week - timedelta(weeks=back)).date().isoformat() for back in weeks]
    for place, (topic_id, title) in enumerate(titles.items()):
        line = [int(counts.get((topic_id, back), 0)) for back in weeks]
        figure.add_scatter(
            x=days, y=line, mode="lines+markers", name=label(title), line={"color": COLOURS[place % len(COLOURS)]}
        )
    return _finish(figure, language.say("Stories by topic and week"))


def tone_over_time(mentions: pd.DataFrame, names: dict[str, str], language: Language) -> go.Figure:
    """Draw daily mentions by tone."""
    counts = mentions.pivot_table(index="day", columns="tone", values="mention_id", aggfunc="count", fill_value=0)
    days = [day.isoformat() for day in counts.index]
    figure = go.Figure()
    for tone, colour in _TONES.items():
        if tone in counts:
            figure.add_bar(x=days, y=counts[tone].tolist(), name=names[tone], marker={"color": colour})
    figure.update_layout(barmode="stack")
    return _finish(figure, language.say("Mentions by day and tone"))


def with_dates(figure: go.Figure, dates: Sequence[Event], language: Language) -> go.Figure:
    """Return a figure over days with the organisation's dates: a line each, named where the pointer stands on its foot."""
    if not dates or not figure.data:
        return figure
    by_day: dict[str, list[str]] = {}
    for event in dates:
        by_day.setdefault(event.day.isoformat(), []).append(event.title)
    for day in by_day:
        figure.add_shape(
            type="line", x0=day, x1=day, yref="paper", y0=0, y1=1, line={"color": "#595959", "width": 1, "dash": "dash"}
        )
    figure.add_scatter(
        x=list(by_day),
        y=[0] * len(by_day),
        mode="markers",
        name=label(language.say("Calendar")),
        text=[label(" · ".join(titles)) for titles in by_day.values()],
        hovertemplate="%{x}<br>%{text}<extra></extra>",
        marker={"color": "#1b1b1b", "size": 9, "symbol": "triangle-up"},
    )
    return figure


def story_map(founders: pd.DataFrame, vectors: NDArray[np.float32], titles: dict[str, str], language: Language) -> go.Figure:
    """Draw the stories of the week on two principal components of their vectors, coloured by topic.

    Parameters
    ----------
    founders
        One row a story: `topic_id`, `title`, `text` (masked), `publisher`.
    vectors
        Their vectors, shape (stories, dimensions).
    titles
        Titles of topics; a story of another topic is grey.
    """
    centred = vectors - vectors.mean(axis=0) if len(vectors) else vectors
    places = np.zeros((len(founders), 2))
    if len(founders) > 2:
        left, strength, components = np.linalg.svd(centred, full_matrices=False)
        # The sign of a component is arbitrary: its largest weight is made positive, the same on every machine.
        signs = np.sign(components[np.arange(2), np.abs(components[:2]).argmax(axis=1)])
        places = np.round(left[:, :2] * strength[:2] * signs, 4)
    hover = [label(title or text) for title, text in zip(founders["title"], founders["text"], strict=True)]
    figure = go.Figure()
    topics = founders["topic_id"].where(founders["topic_id"].isin(list(titles)), "").to_numpy()
    for place, (topic_id, title) in enumerate([*titles.items(), ("", language.say("other topics"))]):
        rows = np.flatnonzero(topics == topic_id)
        if len(rows):
            figure.add_scatter(
                x=places[rows, 0].tolist(),
                y=places[rows, 1].tolist(),
                mode="markers",
                name=label(title),
                text=[hover[row] for row in rows],
                hovertemplate="%{text}<extra></extra>",
                marker={"color": COLOURS[place % len(COLOURS)] if topic_id else "#c0c0c0", "size": 8},
            )
    figure.update_xaxes(showticklabels=False, zeroline=False)
    figure.update_yaxes(showticklabels=False, zeroline=False)
    return _finish(figure, language.say("Map of the week's stories: close points say close things"))


def sources(mentions: pd.DataFrame, language: Language) -> go.Figure:
    """Draw the mentions of the week by publisher, the twenty largest."""
    counts = mentions["publisher"].fillna(mentions["source"]).value_counts().head(20)[::-1]
    figure = go.Figure(
        go.Bar(x=counts.tolist(), y=[label(str(name)) for name in counts.index], orientation="h", marker={"color": COLOURS[0]})
    )
    return _finish(figure, language.say("Mentions by publisher"))


def _finish(figure: go.Figure, title: str) -> go.Figure:
    if figure.data and any(isinstance(day, str) for trace in figure.data for day in (trace.x or ())[:1]):
        # Said, not guessed: the form of a day goes to axes that are known to hold days.
        figure.update_xaxes(type="date", tickformat="%-d %b", hoverformat="%A %-d %B %Y")
    figure.update_layout(
        template="plotly_white",
        title={"text": label(title)},
        legend={"orientation": "h", "y": -0.2},
        margin={"l": 50, "r": 20, "t": 60, "b": 40},
        height=460,
    )
    return figure

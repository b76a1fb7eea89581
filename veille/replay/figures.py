"""Figures of a replay for notebooks. plotly reads some markup in labels, so every label is escaped."""

from __future__ import annotations

import html
from datetime import timedelta
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from veille.replay.result import Relived
from veille.replay.truth import EventKind

_LEVEL_COLOURS = {2: "#E69F00", 3: "#D55E00", 4: "#B3261E"}
_EVENT_COLOURS = {EventKind.CRISIS: "rgba(179, 38, 30, 0.25)", EventKind.NOT_CRISIS: "rgba(140, 140, 140, 0.3)"}
_LABEL_CHARACTERS = 90


def timeline(found: Relived) -> go.Figure:
    """Return a line a subject: its labelled events as bars, its alarms as points in the colour of their level."""
    alarms = found.alarms()
    names = sorted({event.subject for event in found.truth} | set(alarms["subject"]), reverse=True)
    figure = go.Figure()
    for kind, colour in _EVENT_COLOURS.items():
        events = [event for event in found.truth if event.kind is kind]
        # Both days of an event are inclusive.
        lengths = [(event.end - event.onset + timedelta(days=1)).days * 86_400_000 for event in events]
        figure.add_bar(
            base=[event.onset for event in events],
            x=lengths,
            y=[html.escape(event.subject) for event in events],
            orientation="h",
            name=str(kind),
            marker_color=colour,
            hovertext=[html.escape(event.event_id) for event in events],
        )
    for level, colour in _LEVEL_COLOURS.items():
        mine = alarms.loc[alarms["level"] == level]
        figure.add_scatter(
            x=mine["day"],
            y=mine["subject"].map(html.escape),
            mode="markers",
            name=f"level {level}",
            marker={"color": colour, "size": 10, "symbol": ["circle" if event else "x" for event in mine["event_id"].notna()]},
            hovertext=mine["title"].str.slice(0, _LABEL_CHARACTERS).map(html.escape),
        )
    return figure.update_layout(
        height=120 + 28 * max(1, len(names)),
        margin={"t": 20, "b": 30},
        barmode="overlay",
        xaxis_type="date",
        yaxis={"categoryorder": "array", "categoryarray": [html.escape(name) for name in names]},
    )


def operating_curve(table: pd.DataFrame) -> go.Figure:
    """Return recall against false episodes as a threshold moves; `table` is the result of `operating`."""
    figure = go.Figure()
    for name, part in table.groupby("threshold"):
        labels = [f"{name} {value:g}" for value in part["value"]]
        figure.add_scatter(
            x=part["false_alarms"], y=part["recall"], mode="lines+markers", text=labels, hoverinfo="text+x+y", name=str(name)
        )
    layout: dict[str, Any] = {"height": 320, "margin": {"t": 20, "b": 30}, "yaxis_range": [0, 1.05]}
    return figure.update_layout(xaxis_title="false episodes", yaxis_title="recall", **layout)


def reliability_curve(table: pd.DataFrame) -> go.Figure:
    """Return what was observed, with its interval, against what was predicted; `table` is the result of `reliability`."""
    told = table.dropna(subset=["observed_ratio"])
    figure = go.Figure()
    figure.add_scatter(x=[0, 1], y=[0, 1], mode="lines", line={"dash": "dot", "color": "#8C8C8C"}, name="perfect")
    figure.add_scatter(
        x=told["predicted_ratio"],
        y=told["observed_ratio"],
        error_y={
            "type": "data",
            "symmetric": False,
            "array": told["observed_high"] - told["observed_ratio"],
            "arrayminus": told["observed_ratio"] - told["observed_low"],
        },
        mode="markers+text",
        text=[f"{rows} cases of {topics} topics" for rows, topics in zip(told["rows"], told["topics"], strict=True)],
        textposition="top center",
        name="observed",
    )
    return figure.update_layout(
        height=360, margin={"t": 20, "b": 30}, xaxis_title="predicted", yaxis_title="observed", yaxis_range=[0, 1.05]
    )

"""A panel for JupyterLab: type a query, see when and what, open one mention. Everything shown is escaped."""

from __future__ import annotations

import html
from datetime import datetime
from typing import Any

import ipywidgets as widgets
import plotly.graph_objects as go
from IPython.display import display

from veille.bulletin import plots
from veille.bulletin.dates import events, told, with_dates
from veille.bulletin.own_words import masked_watch
from veille.errors import VeilleError
from veille.language import Language
from veille.period import Period
from veille.store import Store
from veille.watch import Watch, confidential_terms
from veille.workbook.figures import timeline
from veille.workbook.search import Found, search

_ROWS_LISTED = 200


class Explorer:
    """Search the stored mentions by hand.

    Parameters
    ----------
    watch, store
        The watch and its memory.
    as_of
        What was known at this instant.
    query
        The first query; the first subject's by default.
    """

    def __init__(self, watch: Watch, store: Store, as_of: datetime, query: str | None = None) -> None:
        self._watch, self._store, self._as_of = watch, store, as_of
        self.query = widgets.Text(value=watch.subjects[0].query if query is None else query, description="Query")
        self.query.layout.width = "60%"
        self.first = widgets.DatePicker(description="From")
        self.last = widgets.DatePicker(description="To")
        self.button = widgets.Button(description="Search", button_style="primary")
        self.said = widgets.HTML()
        self.figure = go.FigureWidget()
        self.dates = widgets.HTML()
        self._dated = with_dates(watch, store, as_of)
        self.listed = widgets.Select(options=[], description="Mentions", rows=12)
        self.listed.layout.width = "100%"
        self.opened = widgets.HTML()
        self.found: Found | None = None
        self.button.on_click(self.run)
        self.query.continuous_update = False
        self.query.observe(self.run, names="value")
        self.listed.observe(self._open, names="value")
        self.panel = widgets.VBox(
            [
                widgets.HBox([self.query, self.button]),
                widgets.HBox([self.first, self.last]),
                self.said,
                self.figure,
                self.dates,
                self.listed,
                self.opened,
            ]
        )
        self.run()

    def run(self, *_: Any) -> None:
        """Search again with what the fields say."""
        try:
            self.found = search(
                self._watch, self._store, self._as_of, self.query.value, first=self.first.value, last=self.last.value
            )
        except VeilleError as error:
            self.said.value = f"<b>{html.escape(error.message)}</b> {html.escape(error.hint)}"
            return
        shown = self.found.shown.iloc[::-1].head(_ROWS_LISTED)
        self.said.value = f"{len(self.found.mentions)} mentions, the newest {len(shown)} listed"
        lines = shown["when"] + "  " + shown["publisher"] + "  " + shown["title"].where(shown["title"] != "", shown["text"])
        self.listed.options = list(zip(lines.str.replace(r"\s+", " ", regex=True).str.slice(0, 140), shown.index, strict=True))
        drawn = self._with_calendar(timeline(self.found))
        with self.figure.batch_update():
            self.figure.data = []
            self.figure.add_traces(list(drawn.data))
            self.figure.layout = drawn.layout

    def _with_calendar(self, drawn: go.Figure) -> go.Figure:
        """Return the time line with the organisation's dates on it, which are told in words below."""
        self.dates.value = ""
        mentions = self.found.mentions if self.found is not None else None
        if mentions is None or mentions.empty:
            return drawn
        days = mentions["published_at"].dt.tz_convert(self._watch.timezone).dt.date
        span = Period(days.min(), days.max(), self._watch.timezone)
        language = Language(self._watch.languages[0])
        dates = events(masked_watch(self._dated, confidential_terms(self._watch)), span, days=span.days)
        self.dates.value = "<br>".join(html.escape(line) for line in told(dates, language))
        return plots.with_dates(drawn, dates, language)

    def _open(self, change: dict[str, Any]) -> None:
        if change["new"] is None or self.found is None:
            return
        row = self.found.shown.loc[change["new"]]
        facts = " · ".join(html.escape(str(row[name])) for name in ("when", "publisher", "kind", "tone", "subjects"))
        named = f"<p>Named: {html.escape(', '.join(row['named']))}</p>" if row["named"] else ""
        text = html.escape(row["text"]).replace("\n", "<br>")
        self.opened.value = (
            f'<article dir="auto"><h4>{html.escape(row["title"])}</h4><p>{facts}</p><p>{text}</p>{named}'
            f"<p><code>{html.escape(row['url'])}</code> <small>{row['mention_id']}</small></p></article>"
        )

    def _ipython_display_(self) -> None:
        display(self.panel)  # type: ignore[no-untyped-call]

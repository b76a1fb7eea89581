"""A panel for JupyterLab: type a query, see when and what, open one mention. Everything shown is escaped."""

from __future__ import annotations

import html
from datetime import datetime
from typing import Any

import ipywidgets as widgets
import plotly.graph_objects as go
from IPython.display import display

from veille.errors import VeilleError
from veille.store import Store
from veille.watch import Watch
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
        drawn = timeline(self.found)
        with self.figure.batch_update():
            self.figure.data = []
            self.figure.add_traces(list(drawn.data))
            self.figure.layout = drawn.layout

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

"""The analyst's annex: interactive figures, and what the executed notebooks printed, without their code."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from veille.bulletin import plots
from veille.bulletin.aside import samples
from veille.bulletin.base import clean
from veille.bulletin.checked import build_checked, said_checked
from veille.bulletin.dates import events, told, with_dates
from veille.bulletin.figures import WEEKS
from veille.bulletin.marking import least
from veille.bulletin.material import Material, collect
from veille.bulletin.named import who_is_named
from veille.bulletin.own_words import masked_watch
from veille.bulletin.pictures import travelling
from veille.bulletin.render import template
from veille.bulletin.sections import shown_topics
from veille.bulletin.types import Event
from veille.language import Language
from veille.masking import mask, mask_series, mask_terms
from veille.period import Period
from veille.reading import vectors
from veille.reading.tables import READINGS
from veille.watch import confidential_terms

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from veille.store import Store
    from veille.watch import Watch

_SCRIPT = re.compile(r"<script[^>]*>(.*?)</script>", re.DOTALL)
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_MAP_STORIES = 2_000
_OUTPUT_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell of a notebook says: words of its author, or plain text it printed."""

    kind: str
    text: str


def annex(watch: Watch, store: Store, as_of: datetime, period: Period, executed_notebooks: Sequence[Path] = ()) -> str:
    """Return the annex of an edition as one HTML page that opens without network; it holds plotly.js once.

    Parameters
    ----------
    watch, store, as_of, period
        As for `compose`.
    executed_notebooks
        Notebooks that were run. Their words and their plain-text outputs are shown; HTML and scripts they made are
        not, for nothing has made them safe.
    """
    language = Language(watch.languages[0])
    material = collect(watch, store, as_of, period)
    terms = confidential_terms(watch)
    dates = events(masked_watch(with_dates(watch, store, as_of), terms), period, days=7 * WEEKS)
    figures = tuple(_figures(watch, store, material, terms, language, dates))
    notebooks = [(mask_terms(path.stem, terms), tuple(_cells(path, terms))) for path in executed_notebooks]
    # plotly's own file, installed with it; a browser reads its ends of line as these, and takes the digest of what it reads.
    plotly = get_plotlyjs().replace("\r\n", "\n")
    return template("annex.html").render(
        policy=_policy([plotly, *map(_script_of, figures)]),
        lang=language,
        say=language.say,
        organisation=mask_terms(watch.organisation, terms),
        week=period.week,
        # It shows every story, what was set aside and what a leak quotes: no audience but the analysts'.
        marking=least("leak"),
        plotly=Markup(plotly),  # noqa: S704
        figures=figures,
        dates=told(dates, language),
        aside=samples(material, language, partial(mask, terms=terms)),
        who=who_is_named(watch, store, material, partial(mask, terms=terms), language),
        checked=said_checked(build_checked(masked_watch(watch, terms), store, as_of, language), language, every=True),
        pictures=travelling(watch, store, as_of, period, terms, language),
        notebooks=notebooks,
    )


def _figures(
    watch: Watch, store: Store, material: Material, terms: tuple[str, ...], language: Language, dates: tuple[Event, ...]
) -> Iterator[Markup]:
    hide = partial(mask, terms=terms)
    week = material.week
    titles = {str(row.topic_id): hide(str(row.title)) for row in shown_topics(material).itertuples(index=False)}
    monday = pd.Timestamp(material.period.first)
    names = {
        "negative": language.say("Negative"),
        "neutral": language.say("Neutral"),
        "positive": language.say("Positive"),
        "not_read": language.say("Tone not read"),
    }
    weekly = plots.topics_over_time(material.topic_stories, titles, language, monday)
    yield _embed(plots.with_dates(weekly, dates, language), "topics", language)
    yield _embed(plots.with_dates(plots.tone_over_time(material.mentions, names, language), dates, language), "tone", language)
    founders = week.drop_duplicates("story_id").head(_MAP_STORIES)
    hashes = store.load(READINGS, columns=["mention_id", "text_hash"])
    founders = founders.merge(hashes, on="mention_id").reset_index(drop=True)
    founders = founders.assign(title=founders["title"].map(hide), text=founders["text"].str.slice(0, 400).map(hide))
    known = vectors(watch, store, founders["text_hash"].tolist()) if len(founders) else np.zeros((0, 2), np.float32)
    yield _embed(plots.story_map(founders, known, titles, language), "map", language)
    masked = week.assign(publisher=mask_series(week["publisher"].fillna(week["source"]), terms))
    yield _embed(plots.sources(masked, language), "sources", language)


def _script_of(figure: Markup) -> str:
    # One each: a second would be a stranger's, and there is no edition with it.
    (script,) = _SCRIPT.findall(figure)
    return str(script)


def _policy(scripts: Iterable[str]) -> str:
    """Return what the annex may do: run the scripts that were made here, known by their digests, and ask nothing of anyone."""
    digests = dict.fromkeys(base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    # plotly writes styles of its own as it draws, into elements and sheets.
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _embed(figure: go.Figure, name: str, language: Language) -> Markup:
    config = plots.config(language)
    # plotly escapes the closing of a script in its JSON; labels were escaped when they were made.
    return Markup(figure.to_html(full_html=False, include_plotlyjs=False, div_id=f"figure-{name}", config=config))  # noqa: S704


def _cells(path: Path, terms: tuple[str, ...]) -> Iterator[Cell]:
    # Its check of schemas builds a grammar on import: two seconds that every command would wait for.
    import nbformat

    notebook: Any = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            yield Cell("words", mask(clean(cell.source), terms))
        for output in cell.get("outputs", ()):
            text = output.get("text") or output.get("data", {}).get("text/plain", "")
            shown = clean(_ANSI.sub("", text)).strip()
            # What only names an object of a library tells a reader nothing.
            if shown and not re.fullmatch(r"<[\w. ]+(?: at 0x[0-9a-f]+)?>|Figure\(.*\)", shown, re.DOTALL):
                yield Cell("output", mask(shown, terms)[:_OUTPUT_CHARACTERS])

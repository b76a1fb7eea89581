"""What a community manager answers with: a draft checked before it is posted, what is asked, what may be said alone."""

from __future__ import annotations

import html
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import ipywidgets as widgets
import pandas as pd
from IPython.display import HTML, display

from veille import desk
from veille.desk.questions import ASKED, asked
from veille.desk.wording import alone_words, delay_words, told
from veille.errors import VeilleError
from veille.language import Language
from veille.masking import mask_frame
from veille.names import level_name, people_names
from veille.period import Period
from veille.store import Store
from veille.watch import Watch, confidential_terms

_COLOURS = {desk.Verdict.MAY_GO: "#0072B2", desk.Verdict.ASK: "#595959", desk.Verdict.DO_NOT_POST: "#B3261E"}


class Responder:
    """Check a draft reply by hand; nothing is ever posted.

    Parameters
    ----------
    watch, store
        The watch and its memory.
    as_of
        The moment it is checked for.
    draft, replied
        The draft and what it replies to, to begin with.
    """

    def __init__(self, watch: Watch, store: Store, as_of: datetime, draft: str = "", replied: str = "") -> None:
        self._watch, self._store, self._as_of = watch, store, as_of
        self._language = Language(watch.languages[0])
        say = self._language.say
        wide = {"width": "100%"}
        self.replied = widgets.Textarea(value=replied, placeholder=say("What is replied to"), rows=3, layout=wide)
        self.draft = widgets.Textarea(value=draft, placeholder=say("Draft of the reply"), rows=6, layout=wide)
        self.button = widgets.Button(description=say("Check the reply"), button_style="primary")
        self.said = widgets.HTML()
        self.checked: desk.ReplyCheck | None = None
        self.button.on_click(self.run)
        self.panel = widgets.VBox([self.replied, self.draft, self.button, self.said])
        if draft:
            self.run()

    def run(self, *_: Any) -> None:
        """Check again what the fields say."""
        try:
            self.checked = desk.check_reply(
                self._watch, self._store, self._as_of, self.draft.value, self._language, replied=self.replied.value
            )
        except VeilleError as error:
            self.checked = None
            self.said.value = f"<b>{html.escape(error.message)}</b> {html.escape(error.hint)}"
            return
        verdict, *rest = told(self.checked, self._language).split("\n")
        colour = _COLOURS[self.checked.verdict]
        lines = "<br>".join(html.escape(line) for line in rest)
        self.said.value = f'<p style="color:{colour};font-weight:bold">{html.escape(verdict)}</p><p dir="auto">{lines}</p>'

    def _ipython_display_(self) -> None:
        display(self.panel)  # type: ignore[no-untyped-call]


def public_questions(watch: Watch, store: Store, as_of: datetime, period: Period, limit: int = 20) -> pd.DataFrame:
    """Return what the public asks in a period as a table to be read, the most asked first, masked.

    Parameters
    ----------
    limit
        Rows shown.

    Returns
    -------
    DataFrame
        `question`, `status`, `message_id`, `owners` (names), `voices`, `stories`, `reach`, `last_asked` (local).
    """
    language = Language(watch.languages[0])
    table = asked(watch, store, as_of, period).head(limit)
    shown = ["question", "status", "message_id", "owners", "voices", "stories", "reach", "last_asked"]
    frame = (ASKED.empty() if table.empty else table)[shown].copy()
    frame["owners"] = [people_names(watch, ids, language) for ids in frame["owners"]]
    frame["last_asked"] = frame["last_asked"].dt.tz_convert(watch.timezone).dt.strftime("%Y-%m-%d %H:%M")
    return mask_frame(frame, confidential_terms(watch))


def autonomy(watch: Watch, as_of: datetime) -> pd.DataFrame:
    """Return what may be answered alone at each level on the day of `as_of`, whom to ask, and within how long."""
    language = Language(watch.languages[0])
    day = as_of.astimezone(ZoneInfo(watch.timezone)).date()
    leaves = [desk.leave(watch, level, day) for level in range(5)]
    return pd.DataFrame(
        {
            "level": [f"{leave.level}, {level_name(leave.level, language)}" for leave in leaves],
            "alone": [alone_words(leave, language) for leave in leaves],
            "ask": [people_names(watch, leave.ask, language) for leave in leaves],
            "within": [delay_words(leave.within, language) for leave in leaves],
        }
    )


def page(file: Path, height: int = 900) -> HTML:
    """Return a page that was written, to be looked at in a notebook: apart from it, and without any script."""
    content = html.escape(file.read_text("utf-8"), quote=True)
    frame = f'<div><iframe sandbox title="{html.escape(file.name)}" srcdoc="{content}"'
    return HTML(f'{frame} style="width:100%;height:{height}px;border:1px solid #595959"></iframe></div>')  # type: ignore[no-untyped-call]

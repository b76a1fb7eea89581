"""A page of the desk as one static HTML file: no script, nothing from outside, one sheet of A4 when it is printed."""

from __future__ import annotations

from markupsafe import Markup

from veille.bulletin.policy import styled
from veille.bulletin.render import marking_words, template
from veille.bulletin.sheets.types import Sheet
from veille.language import Language
from veille.names import level_name


def render_sheet(sheet: Sheet, twin: str = "") -> str:
    """Return the page; `twin` is the name of the file that says the same in another language."""
    language = Language(sheet.language)
    style, policy = styled(sheet.marking, "style.css", "sheet.css")
    return template("sheet.html").render(
        s=sheet,
        lang=language,
        say=language.say,
        say_many=language.say_many,
        twin=twin,
        marking_words=marking_words(sheet.marking, language),
        level_words="" if sheet.level is None else level_name(sheet.level, language),
        # The sheets of styles are files of this package: nothing of a stranger is in them.
        style=Markup(style),  # noqa: S704
        policy=policy,
    )

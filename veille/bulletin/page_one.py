"""The measure of page 1: how many words it asks of a person who has thirty seconds, and what is left to the details."""

from __future__ import annotations

import re

from lxml import html

from veille.bulletin.render import render_page_one
from veille.bulletin.types import Bulletin

PAGE_ONE_WORDS = 200
_APART = ("band", "tiles", "legend", "draft", "more")
_WORD = re.compile(r"\w")


def page_one_words(bulletin: Bulletin) -> int:
    """Return the words of page 1, the band, the tiles, the legend and the links with their markings apart."""
    tree = html.fragment_fromstring(render_page_one(bulletin), create_parent="div")
    for element in list(tree.iter()):
        if isinstance(element.tag, str) and set(element.get("class", "").split()).intersection(_APART):
            element.drop_tree()
    text = " ".join(tree.itertext())
    return sum(bool(_WORD.search(word)) for word in text.split())


def fit(bulletin: Bulletin) -> Bulletin:
    """Leave the least serious findings to the details until page 1 holds in its words.

    Three decisions leave room for two findings in any language, so that twin pages carry the same ones.
    """
    room = len(bulletin.findings) if len(bulletin.decisions) < 3 else 2
    bulletin = bulletin.model_copy(update={"findings": bulletin.findings[:room]})
    while len(bulletin.findings) > 1 and page_one_words(bulletin) > PAGE_ONE_WORDS:
        bulletin = bulletin.model_copy(update={"findings": bulletin.findings[:-1]})
    return bulletin

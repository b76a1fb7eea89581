"""The measure of page 1: how many words it asks of a person who has thirty seconds."""

from __future__ import annotations

import re

from lxml import html

from veille.bulletin.render import render_page_one
from veille.bulletin.types import Bulletin

PAGE_ONE_WORDS = 200
_APART = ("band", "tiles", "legend", "draft")
_WORD = re.compile(r"\w")


def page_one_words(bulletin: Bulletin) -> int:
    """Return the words of page 1, the band, the tiles and the legend apart."""
    tree = html.fragment_fromstring(render_page_one(bulletin), create_parent="div")
    for element in list(tree.iter()):
        if isinstance(element.tag, str) and set(element.get("class", "").split()).intersection(_APART):
            element.drop_tree()
    text = " ".join(tree.itertext())
    return sum(bool(_WORD.search(word)) for word in text.split())

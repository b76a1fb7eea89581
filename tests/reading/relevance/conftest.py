"""A watch of an operator whose name is a fruit, and pairs of mention and subject to judge."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from veille.pseudonym import pseudonyms
from veille.watch import Watch

KEY = b"k" * 32
WATCH = """\
watch: essai
organisation: Orange Essai
subjects:
  - {id: orange, name: Orange, role: self, query: 'orange OR @orange'}
  - {id: rivale, name: Rivale, role: competitor, query: 'rivale'}
accounts:
  - {network: x, handle: "@Orange"}
  - {network: mastodon, handle: "@orange@social.example"}
  - {network: site, handle: "www.orange.example"}
calendar:
  - {rss: "https://newsroom.orange-essai.example/rss.xml"}
  - {rss: "https://wire.example/orange.xml"}
"""


@pytest.fixture
def watch(make_watch: Callable[[str], Watch]) -> Watch:
    return make_watch(WATCH)


def pairs(*texts: str, subject: str = "orange", **columns: Any) -> pd.DataFrame:
    """Return one pair a text, of posts by nobody on X unless told otherwise."""
    frame = pd.DataFrame({"text": list(texts)}, dtype="object")
    ids = [f"m{place}" for place in range(len(texts))]
    told = {"mention_id": ids, "story_id": ids, "subject": subject, "title": "", "kind": "post", "author": None, "url": None}
    frame = frame.assign(**{**told, "source": "s", "source_type": "x", "publisher": "x.com", **columns})
    return frame.assign(author=pseudonyms(KEY, frame["author"]))

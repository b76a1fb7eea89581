"""What the search of Hacker News answers: hits newest first between two seconds, never more than a thousand of one search."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from tests.service import Asked, Said

MOST = 1000


def story(second: int, title: str = "Aquilon strikes", **more: Any) -> dict[str, Any]:
    """Return a story of that second since 1970."""
    return {
        "objectID": str(40_000_000 + second % 10_000_000),
        "created_at_i": second,
        "created_at": "2026-11-22T00:00:00Z",
        "title": title,
        "url": "https://gazette.example/1",
        "author": "reader",
        "points": 12,
        "num_comments": 3,
        "story_text": None,
        "comment_text": None,
        "_tags": ["story", "author_reader", "story_1"],
        **more,
    }


def comment(second: int, text: str = "I was there", **more: Any) -> dict[str, Any]:
    """Return a comment of that second since 1970."""
    said = {"title": None, "url": None, "points": None, "num_comments": None, "story_title": "Aquilon strikes"}
    return story(second, **{**said, "comment_text": text, "parent_id": 17, "story_id": 5, "_tags": ["comment"], **more})


@dataclass
class HackerNewsServer:
    """Its items."""

    held: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Said:
        bounds = re.fullmatch(r"created_at_i>=(\d+),created_at_i<=(\d+)", asked.query["numericFilters"])
        if asked.path != "/api/v1/search_by_date" or not bounds:
            return 400, {"message": "invalid"}
        since, until = int(bounds[1]), int(bounds[2])
        found = [one for one in self.held if since <= one["created_at_i"] <= until]
        found.sort(key=lambda one: -int(one["created_at_i"]))
        return 200, {"hits": found[: min(MOST, int(asked.query["hitsPerPage"]))], "nbHits": len(found), "page": 0}

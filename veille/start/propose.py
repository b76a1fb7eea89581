"""Which sources a new watch is given: the site's own feeds, searches that need no key, and the press of its language."""

from __future__ import annotations

import re
from dataclasses import dataclass

from veille.errors import UsageError
from veille.folding import fold_text, words_of
from veille.query import Query, parse, searches
from veille.sources import clean, source_types
from veille.start.shelf import Asks, Search, Shelf
from veille.start.site import SiteFeeds

OWN_GRADE = "B"
"""Grade of the feeds of a site that the user named."""
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """What a user wants to be watched.

    Parameters
    ----------
    name
        Name of the organisation.
    query
        Which mentions are about it, in Lucene syntax.
    language
        Language of the reports and of the press, `fr` or `en`.
    """

    name: str
    query: str
    language: str = "fr"

    @property
    def slug(self) -> str:
        """The name as an id."""
        return re.sub(r"[^a-z0-9]+", "-", fold_text(self.name)).strip("-")[:40].strip("-") or "watch"

    @property
    def hashtag(self) -> str:
        """The name as a hashtag; empty where it holds no letter."""
        word = "".join(words_of(self.name)).replace("#", "").replace("@", "")
        return f"#{word}" if re.search(r"[^\W\d_]", word) else ""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A source that is proposed.

    Parameters
    ----------
    id, type
        As in watch.yml.
    keys
        Its other keys, in the order in which they are written.
    group
        Which part of the list it stands in.
    off
        Why it is written but not gathered; empty where it is.
    readable
        Whether this version has a reader of its type; what it has none for is written as a comment.
    """

    id: str
    type: str
    keys: dict[str, str | int | list[str]]
    group: str
    off: str = ""
    readable: bool = True


def printable(text: str) -> str:
    """Return a text on one line, without what no file of YAML may hold."""
    return "".join(sign for sign in " ".join(clean(text).split()) if sign.isprintable()).strip()


def checked(wish: Wish) -> Wish:
    """Return the wish with its texts tidied up.

    Raises
    ------
    UsageError
        The name is empty or too long.
    QueryError
        The query cannot be read.
    """
    name, query = (printable(text) for text in (wish.name, wish.query))
    if not name or len(name) > _LONGEST_NAME:
        raise UsageError(f"a name has 1 to {_LONGEST_NAME} characters", "give the name of the organisation with --name")
    parse(query)
    return Wish(name, query, wish.language)


def propose(wish: Wish, shelf: Shelf, site: SiteFeeds | None = None) -> list[Proposed]:
    """Return the sources of a new watch; nothing is asked.

    Parameters
    ----------
    wish
        What is to be watched.
    shelf
        What can be proposed to anybody.
    site
        What was found at the organisation's site.
    """
    proposed = [
        Proposed(f"site-{number}" if number > 1 else "site", "rss", {"urls": [url], "grade": OWN_GRADE}, "site")
        for number, url in enumerate(site.feeds if site else (), start=1)
    ]
    readers = source_types()
    for search in shelf.searches:
        asked = _asked(search, wish)
        if asked and (not search.languages or wish.language in search.languages):
            proposed.append(Proposed(search.id, search.type, asked, "search", readable=search.type in readers))
    for feed in shelf.press:
        if feed.language == wish.language:
            keys: dict[str, str | int | list[str]] = {"urls": [feed.url], "language": feed.language, "grade": feed.grade}
            proposed.append(Proposed(feed.id, "rss", {**keys, "publisher": feed.name}, feed.scope))
    return _without_doubles(proposed)


def words(wish: Wish) -> list[str]:
    """Return what a network is asked for: the words and phrases of the query, spelled like the name where they are the name."""
    query: Query = parse(wish.query)
    name = " ".join(words_of(wish.name))
    spelled = f'"{wish.name}"' if " " in wish.name and '"' not in wish.name else wish.name
    found = [spelled if text.strip('"') == name else text for text in searches(query)]
    return found or [spelled]


def _asked(search: Search, wish: Wish) -> dict[str, str | int | list[str]]:
    queries = words(wish) if search.asks is Asks.WORDS else [wish.hashtag] if wish.hashtag else []
    if not queries:
        return {}
    server: dict[str, str | int | list[str]] = {"server": search.server} if search.server else {}
    return {**server, "queries": queries, "language": wish.language, "grade": search.grade}


def _without_doubles(proposed: list[Proposed]) -> list[Proposed]:
    ids: set[str] = set()
    urls: set[str] = set()
    kept = []
    for source in proposed:
        listed = source.keys.get("urls")
        addresses = set(listed) if isinstance(listed, list) else set()
        if source.id not in ids and not addresses & urls:
            kept.append(source)
        ids.add(source.id)
        urls |= addresses
    return kept

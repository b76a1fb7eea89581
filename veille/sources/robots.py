"""What a site asks robots not to read (RFC 9309): kept for pages; a feed or an interface is there to be read by programs."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

from protego import Protego

from veille.errors import SourceError

AGENT = "veille"
_MOST_BYTES = 500 * 1024


class Robots:
    """The rules of each site, read once.

    Parameters
    ----------
    read
        Returns the body of an address, or raises SourceError with the status it answered.
    """

    def __init__(self, read: Callable[[str], bytes]) -> None:
        self._read = read
        self._rules: dict[str, Protego | None] = {}

    def allow(self, url: str) -> bool:
        """Say whether the page may be read.

        Parameters
        ----------
        url
            Address of a page.

        Notes
        -----
        A site that answers that it has no rules (4xx) allows everything; one that cannot answer allows nothing for now.
        """
        parts = urlsplit(url)
        origin = urlunsplit((parts.scheme, parts.netloc, "", "", ""))
        if origin not in self._rules:
            self._rules[origin] = self._of(origin)
        rules = self._rules[origin]
        return rules is not None and bool(rules.can_fetch(url, AGENT))

    def _of(self, origin: str) -> Protego | None:
        try:
            body = self._read(f"{origin}/robots.txt")[:_MOST_BYTES]
        except SourceError as error:
            status = getattr(error, "status", None)
            return Protego.parse("") if status is not None and 400 <= status < 500 and status != 429 else None
        return Protego.parse(body.decode("utf-8", "replace"))

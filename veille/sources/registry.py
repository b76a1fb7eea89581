"""Which class reads which type of source."""

from __future__ import annotations

from collections.abc import Callable

from veille.errors import SourceError
from veille.sources.rss import RssSource
from veille.sources.source import Source
from veille.watch import SourceType

# watch.yml is checked against SourceType before anything runs: each of its types but `import` stands here.
_TYPES: dict[str, Callable[[str], Source]] = {SourceType.RSS.value: RssSource}


def source_types() -> tuple[str, ...]:
    """Return the types of sources that can be gathered, in alphabetical order."""
    return tuple(sorted(_TYPES))


def source_of(type_name: str, timezone: str) -> Source:
    """Return the source of that type.

    Parameters
    ----------
    type_name
        `type` of a source in watch.yml.
    timezone
        IANA name of the watch's zone, for times without offset.

    Raises
    ------
    SourceError
        No source reads that type.
    """
    if type_name not in _TYPES:
        raise SourceError(f"no source reads the type {type_name!r}", f"the types are {', '.join(source_types())}")
    return _TYPES[type_name](timezone)

"""Which class reads which type of source: those that come with veille, and those that other packages add."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.metadata import entry_points
from typing import cast

from veille.errors import SourceError
from veille.sources.source import Source
from veille.watch import PLUGINS, SourceType, plugged_types

# Named, not imported: a watch pays for the sources it has. Each type of watch.yml but `import` and `files`, which are
# read by the room above, stands here.
_BUILT_IN: dict[str, str] = {
    SourceType.RSS: "veille.sources.rss:RssSource",
    SourceType.GOOGLE_NEWS: "veille.sources.google_news:GoogleNewsSource",
    SourceType.MASTODON: "veille.sources.mastodon:MastodonSource",
    SourceType.BLUESKY: "veille.sources.bluesky:BlueskySource",
    SourceType.HACKERNEWS: "veille.sources.hackernews:HackerNewsSource",
    SourceType.REDDIT: "veille.sources.reddit:RedditSource",
    SourceType.GDELT: "veille.sources.gdelt:GdeltSource",
    SourceType.YOUTUBE: "veille.sources.youtube:YoutubeSource",
    SourceType.X: "veille.sources.x:XSource",
    SourceType.TELEGRAM: "veille.sources.telegram:TelegramSource",
}


def source_types() -> tuple[str, ...]:
    """Return the types of sources that can be asked over the network, in alphabetical order."""
    return tuple(sorted({str(name) for name in _BUILT_IN} | set(plugged_types())))


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
        No source reads that type, or the package that adds it cannot be loaded.
    """
    if type_name in _BUILT_IN:
        module, _, name = _BUILT_IN[type_name].partition(":")
        return cast("Callable[[str], Source]", getattr(import_module(module), name))(timezone)
    for point in entry_points(group=PLUGINS, name=type_name):
        try:
            made = cast("Callable[[str], Source]", point.load())
        except Exception as error:
            # Another's package: what breaks in it is that source's failure, not ours.
            raise SourceError(
                f"the package that adds sources of type {type_name} cannot be loaded: {type(error).__name__}: {error}",
                "install it again, or remove the source",
            ) from error
        return made(timezone)
    raise SourceError(f"no source reads the type {type_name!r}", f"the types are {', '.join(source_types())}")

"""What a correction says: how page 1 of an edition differs from that of the released one that it replaces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from veille.bulletin.types import Bulletin, Tile
from veille.language import Language


def changes(before: Bulletin, after: Bulletin) -> tuple[str, ...]:
    """Return what changed on page 1, a sentence each, the most serious first; empty where nothing did.

    Parameters
    ----------
    before, after
        The two editions of one week, in one language.
    """
    return tuple(_changes(before, after, Language(after.edition.language)))


def _changes(before: Bulletin, after: Bulletin, language: Language) -> Iterator[str]:
    if before.level != after.level:
        yield language.say("Level {now} instead of {then}.", now=_or_dash(after.level), then=_or_dash(before.level))
    asked = _differences([one.ask for one in before.decisions], [one.ask for one in after.decisions])
    for title, new in asked:
        yield (
            language.say("Decision added: {title}.", title=title)
            if new
            else language.say("Decision taken back: {title}.", title=title)
        )
    for title, new in _differences([one.title for one in before.findings], [one.title for one in after.findings]):
        yield (
            language.say("Finding added: {title}.", title=title)
            if new
            else language.say("Finding taken back: {title}.", title=title)
        )
    earlier = {tile.name: tile for tile in before.tiles}
    for tile in after.tiles:
        then = earlier.get(tile.name)
        if then is not None and _said(tile, language) != _said(then, language):
            yield language.say(
                "{figure}: {now} instead of {then}.",
                figure=_names(language)[tile.name],
                now=_said(tile, language),
                then=_said(then, language),
            )
    if before.edition.mentions_read != after.edition.mentions_read:
        yield language.say(
            "Mentions read: {now} instead of {then}.",
            now=language.number(after.edition.mentions_read),
            then=language.number(before.edition.mentions_read),
        )
    if before.edition.note and before.edition.note != after.edition.note:
        yield language.say("The analyst's word has changed.")


def _differences(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, bool]]:
    """Return what was added, true, then what was taken back, false."""
    added = [(title, True) for title in after if title not in before]
    return added + [(title, False) for title in before if title not in after]


def _said(tile: Tile, language: Language) -> str:
    if tile.value is None:
        return "–"
    return language.number(tile.value) if tile.name == "stories" else language.percent(tile.value)


def _or_dash(level: int | None) -> object:
    return "–" if level is None else level


def _names(language: Language) -> dict[str, str]:
    return {
        "stories": language.say("Stories"),
        "negative_share": language.say("Negative share"),
        "share_of_voice": language.say("Share of voice"),
    }

"""The headline: the level now and before, what changed, what is asked; made again where a person withheld a signal."""

from __future__ import annotations

from collections.abc import Sequence

from veille.bulletin.types import Decision, Edition, Signal
from veille.bulletin.wording import confidence, shorten
from veille.language import Language
from veille.names import level_name, level_reasons

_TITLE_WORDS = 9


def headline(
    edition: Edition,
    level: int,
    before: int | None,
    signals: Sequence[Signal],
    decisions: Sequence[Decision],
    language: Language,
    *,
    withheld: int = 0,
) -> str:
    """Return the headline of page 1.

    Parameters
    ----------
    edition
        What it was made from.
    level, before
        The level now and a week before, None where there was none.
    signals, decisions
        What the page tells.
    language
        Language of the sentences.
    withheld
        Signals that a person withheld: the level counts them still, so the page must say that they exist.
    """
    if not edition.enough_data and not signals:
        return language.say("Not enough data to tell what changes: no level is given.")
    then = (
        language.say("no week before")
        if before is None
        else language.say("unchanged from the week before")
        if before == level
        else language.say("against {level} the week before", level=before)
    )
    if before is not None and edition.rebuilt_before:
        then = language.say("{level} the week before, worked out afterwards", level=before)
    now = language.say("Level {level}, {name}", level=level, name=level_name(level, language))
    held = (
        language.say_many(
            "{count} signal is withheld by the analyst.", "{count} signals are withheld by the analyst.", withheld
        )
        if withheld
        else ""
    )
    told = (
        f"{now} ({then}).",
        _why(level, signals, language),
        _what_changed(signals, language, withheld),
        held,
        _what_is_asked(edition, decisions, language),
    )
    return " ".join(part for part in told if part)


def giving(level: int, signals: Sequence[Signal]) -> Signal | None:
    """Return the first of the open signals that give a level from 2 on, None where none does.

    Parameters
    ----------
    level
        Of the edition, 0 to 4.
    signals
        What the page tells; those of competitors count where there are no others.
    """
    having = [one for one in signals if one.status != "closed" and one.level == level and level >= 2]
    having = [one for one in having if one.role != "competitor"] or having
    # As findings are ordered: what leadership decides stands before what is closed by routine or to be verified.
    return max(having, key=lambda one: (one.kind not in ("impostor", "strategic", "weak"), one.score), default=None)


def _why(level: int, signals: Sequence[Signal], language: Language) -> str:
    """Say what gives the level, and how sure that is; a score alone tells a reader nothing."""
    first = giving(level, signals)
    if first is None:
        return ""
    word, _ = confidence(first.stories, first.publishers, short_history=first.short_history, language=language)
    if not first.level_reason or first.level_reason == level_reasons(language)["score"]:
        return language.say("Confidence: {word}.", word=word)
    return language.say("Why: {reason}. Confidence: {word}.", reason=first.level_reason, word=word)


def _what_changed(signals: Sequence[Signal], language: Language, withheld: int) -> str:
    serious = [signal for signal in signals if signal.status != "closed" and signal.level >= 2]
    own = [signal for signal in serious if signal.role != "competitor"] or serious
    if not own:
        return "" if withheld else language.say("Nothing departs from habit.")
    fresh = [signal for signal in own if signal.new]
    if not fresh:
        return language.say_many("{count} earlier signal goes on.", "{count} earlier signals go on.", len(own))
    fresh.sort(key=lambda signal: signal.kind == "weak")
    title = shorten(fresh[0].title, _TITLE_WORDS)
    if len(fresh) == 1 and fresh[0].kind == "weak":
        return language.say("New weak signal, to be verified: “{title}”.", title=title)
    if len(fresh) == 1:
        return language.say("New signal: “{title}”.", title=title)
    return language.say_many(
        "New signal: “{title}” and {count} more.", "New signals: “{title}” and {count} more.", len(fresh) - 1, title=title
    )


def _what_is_asked(edition: Edition, decisions: Sequence[Decision], language: Language) -> str:
    if not decisions:
        return language.say("No decision is asked.")
    first = min(decision.due for decision in decisions)
    return language.say_many(
        "{count} decision is asked, by {when}.",
        "{count} decisions are asked, the first by {when}.",
        len(decisions),
        when=language.moment(first, edition.timezone, weekday=True),
    )

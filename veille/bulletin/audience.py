"""One edition, several audiences: the same bulletin without what is above the marking that an audience may read.

What is left is told anew: level, headline and evidence come from what is kept, so that no figure or sentence speaks of
what is not there. It is the same whether or not anything was there: what an audience may never read is left out of every
edition of it.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from veille.bulletin.headline import headline
from veille.bulletin.marking import FIELDS, WHOLE_PAGE, least, top
from veille.bulletin.types import Bulletin, Marked, Marking, Signal
from veille.language import Language

_SETTLED = "closed"


def for_audience(bulletin: Bulletin, ceiling: Marking, audience: str | None = None) -> Bulletin:
    """Return the bulletin that an audience may read.

    Parameters
    ----------
    bulletin
        The whole edition, or what a less restricted audience reads of it.
    ceiling
        The highest marking that the audience may read.
    audience
        Its name; None keeps that of the bulletin.

    Notes
    -----
    A pure function: cutting twice is cutting once with the lower ceiling.
    """
    kept: Bulletin = _cut(bulletin, ceiling, whole=ceiling.rank >= bulletin.marking.rank)
    kept = _without_loose_ends(kept.model_copy(update={"audience": audience or bulletin.audience}))
    if kept.internal:
        before = bulletin.level_before if bulletin.before_marking.rank <= ceiling.rank else None
        levels = {"level": _level(bulletin, kept), "level_before": before}
    else:
        before, levels = None, {"level_before": None}
    kept = kept.model_copy(update=levels)
    kept = kept.model_copy(update={"before_marking": Marking.CLEAR if before is None else bulletin.before_marking})
    kept = kept.model_copy(update={"marking": top(kept)})
    return _released(bulletin, kept.model_copy(update={"headline": _headline(bulletin, kept)}))


def _cut(value: Any, ceiling: Marking, *, whole: bool) -> Any:
    """Leave out every item and every value above a ceiling, at whatever depth."""
    if isinstance(value, BaseModel):
        changed: dict[str, Any] = {}
        for name in type(value).model_fields:
            rule, key = FIELDS.get((type(value), name)), (type(value), name)
            if rule and least(rule[0]).rank > ceiling.rank:
                changed[name] = rule[1]
            elif key in WHOLE_PAGE and not whole:
                changed[name] = WHOLE_PAGE[key]
            else:
                changed[name] = _cut(getattr(value, name), ceiling, whole=whole)
        return value.model_copy(update=changed)
    if isinstance(value, tuple):
        return tuple(_cut(item, ceiling, whole=whole) for item in value if _readable(item, ceiling))
    if isinstance(value, dict):
        return {key: _cut(item, ceiling, whole=whole) for key, item in value.items() if _readable(item, ceiling)}
    return value


def _readable(item: Any, ceiling: Marking) -> bool:
    return not isinstance(item, Marked) or item.marking.rank <= ceiling.rank


def _level(whole: Bulletin, kept: Bulletin) -> int:
    """Return the level that the kept signals give, as `signals.level_of` does; that of the edition where all are kept."""
    same = len(kept.signals) == len(whole.signals) and len(kept.weak_signals) == len(whole.weak_signals)
    # The level of an edition counts what a person withheld; who may not know of that cannot be told of its level.
    if same and len(kept.reviewed) == len(whole.reviewed):
        return whole.level or 0
    # A watch of nothing but competitors is about them.
    every = _open(whole)
    about_others = bool(whole.level) and all(signal.role == "competitor" for signal in every)
    levels = [signal.level for signal in _open(kept) if about_others or signal.role != "competitor"]
    return max(levels, default=0)


def _open(bulletin: Bulletin) -> list[Signal]:
    return [signal for signal in (*bulletin.signals, *bulletin.weak_signals) if signal.status != _SETTLED]


def _without_loose_ends(bulletin: Bulletin) -> Bulletin:
    """Drop ids of what is not there, and evidence that nothing cites any more."""
    signals = {signal.signal_id for signal in (*bulletin.signals, *bulletin.weak_signals)}
    messages = {message.message_id for message in bulletin.messages}
    topics = {topic.topic_id for topic in bulletin.topics}
    changed: dict[str, Any] = {
        "decisions": tuple(
            item.model_copy(update={"signal_ids": tuple(one for one in item.signal_ids if one in signals)})
            for item in bulletin.decisions
        ),
        "questions": tuple(
            item.model_copy(update={"message_id": item.message_id if item.message_id in messages else None})
            for item in bulletin.questions
        ),
        "around": tuple(
            item.model_copy(
                update={
                    "topic_ids": tuple(one for one in item.topic_ids if one in topics),
                    "signal_ids": tuple(one for one in item.signal_ids if one in signals),
                }
            )
            for item in bulletin.around
        ),
    }
    bulletin = bulletin.model_copy(update=changed)
    cited: dict[str, None] = {}
    parts = ("findings", "signals", "weak_signals", "topics", "questions", "around")
    for part in parts:
        items = tuple(
            item.model_copy(update={"evidence": tuple(one for one in item.evidence if one in bulletin.evidence)})
            for item in getattr(bulletin, part)
        )
        cited.update(dict.fromkeys(one for item in items for one in item.evidence))
        bulletin = bulletin.model_copy(update={part: items})
    return bulletin.model_copy(update={"evidence": {one: item for one, item in bulletin.evidence.items() if one in cited}})


def _released(whole: Bulletin, kept: Bulletin) -> Bulletin:
    """Say for an audience that may not know by whom that the organisation released the edition."""
    if not whole.edition.published_by or kept.edition.published_by:
        return kept
    return kept.model_copy(update={"edition": kept.edition.model_copy(update={"published_by": kept.edition.organisation})})


def _headline(whole: Bulletin, kept: Bulletin) -> str:
    language = Language(kept.edition.language)
    if kept.level is not None:
        if kept.model_copy(update={"audience": whole.audience, "before_marking": whole.before_marking}) == whole:
            return whole.headline
        signals = (*kept.signals, *kept.weak_signals)
        return headline(kept.edition, kept.level, kept.level_before, signals, kept.decisions, language)
    return " ".join(_figures(kept, language)) or language.say("No mention was received this week.")


def _figures(bulletin: Bulletin, language: Language) -> list[str]:
    """Return what was published in sentences, for whom nothing else is told."""
    told = []
    for tile in bulletin.tiles:
        if tile.value is None:
            continue
        if tile.name == "stories":
            told.append(
                language.say_many("{count} story is told this week.", "{count} stories are told this week.", int(tile.value))
            )
        elif tile.name == "negative_share" and tile.low is not None and tile.high is not None:
            told.append(
                language.say(
                    "The negative share is {share} (between {low} and {high}).",
                    share=language.percent(tile.value),
                    low=language.percent(tile.low),
                    high=language.percent(tile.high),
                )
            )
    return told

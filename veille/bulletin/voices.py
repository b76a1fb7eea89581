"""Competitors beside the organisation, in one measure; regulators and the sector as subjects of their own, in no share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from veille.bulletin import figures
from veille.bulletin.findings import Subjects
from veille.bulletin.material import Material
from veille.bulletin.types import Around, Signal, Topic, Voice
from veille.language import Language
from veille.watch import Role

if TYPE_CHECKING:
    from veille.watch import Subject, Watch

TOPICS = 3
VERBATIMS = 2
_AROUND = (Role.REGULATOR, Role.SECTOR)


def build_voices(watch: Watch, subjects: Subjects, material: Material) -> tuple[Voice, ...]:
    """Return the organisation and each of its competitors, the most stories first among these; none where nobody competes.

    Parameters
    ----------
    watch, material
        The watch, and what the bulletin is made from.
    subjects
        Stories by role, as the share of voice on page 1 counts them.
    """
    own = next((item for item in watch.subjects if item.role is Role.SELF), None)
    if own is None or not subjects.competitors:
        return ()
    rivals = [item for item in watch.subjects if item.id in subjects.competitors]
    heard = [_voice(item, subjects.competitors[item.id], subjects, material) for item in rivals]
    ours = _voice(own, subjects.own, subjects, material).model_copy(update={"name": watch.organisation})
    return (ours, *sorted(heard, key=lambda voice: (-voice.stories, voice.subject)))


def build_around(
    watch: Watch, material: Material, topics: Sequence[Topic], signals: Sequence[Signal], language: Language
) -> tuple[Around, ...]:
    """Return the regulators and then the sector, in the order of watch.yml, each with what was said of it.

    A watch without a subject of its own is about all of its subjects: none is beside it.

    Parameters
    ----------
    watch, material
        The watch, and what the bulletin is made from.
    topics, signals
        Those of the edition.
    language
        Language of the sentences.
    """
    own = frozenset(item.id for item in watch.subjects if item.role is Role.SELF)
    chosen = [item for role in _AROUND for item in watch.subjects if own and item.role is role]
    result = []
    for subject in chosen:
        mentions = material.of_subjects(frozenset([subject.id]))
        heard = _heard(subject, figures.story_table(mentions), material)
        week = mentions[mentions["weeks_ago"] == 0]
        result.append(
            Around(
                **heard,
                role="regulator" if subject.role is Role.REGULATOR else "sector",
                changed=_changed(heard["stories"], heard["stories_before"], language),
                topic_ids=_topics(week, topics),
                signal_ids=tuple(one.signal_id for one in signals if one.subject == subject.id),
                evidence=_verbatims(week, own),
            )
        )
    return tuple(result)


def _heard(subject: Subject, stories: pd.DataFrame, material: Material) -> dict[str, Any]:
    known = material.known_weeks > 1
    share, before = figures.negative_share(stories), figures.negative_share(stories, 1)
    return {
        "subject": subject.id,
        "name": subject.name or subject.id,
        "stories": figures.count(stories),
        "stories_before": figures.count(stories, 1) if known else None,
        "negative": share.part,
        "read": share.whole,
        "negative_share": share.value,
        "negative_low": share.low,
        "negative_high": share.high,
        "negative_change": figures.points(share, before) if known and figures.differs(share, before) else None,
        "corrected": bool(share.whole) and not share.uncorrected,
    }


def _voice(subject: Subject, stories: pd.DataFrame, subjects: Subjects, material: Material) -> Voice:
    of = None if subject.role is Role.SELF else subject.id
    share = subjects.voice(of=of)
    return Voice(
        **_heard(subject, stories, material),
        role="self" if of is None else "competitor",
        share=share.value,
        share_low=share.low,
        share_high=share.high,
        share_change=figures.points(share, subjects.voice(1, of)) if material.known_weeks > 1 else None,
    )


def _changed(now: int, before: int | None, language: Language) -> str:
    if before is None:
        return language.say_many("{count} story this week.", "{count} stories this week.", now)
    return language.say_many(
        "{count} story, {before} the week before.",
        "{count} stories, {before} the week before.",
        now,
        before=language.number(before),
    )


def _topics(week: pd.DataFrame, topics: Sequence[Topic]) -> tuple[str, ...]:
    """Return the topics of the edition that most stories about the subject are in, the most first."""
    counts = week.dropna(subset=["topic_id"]).groupby("topic_id")["story_id"].nunique()
    shown = {topic.topic_id: place for place, topic in enumerate(topics)}
    told = sorted((-int(count), shown[str(name)], str(name)) for name, count in counts.items() if str(name) in shown)
    return tuple(name for *_, name in told[:TOPICS])


def _verbatims(week: pd.DataFrame, own: frozenset[str]) -> tuple[str, ...]:
    """Return two mentions of two stories, those first that are not about the organisation too: these are told elsewhere."""
    ours = week["subjects"].map(lambda ids: bool(own.intersection(ids))).astype(bool)
    told = week.assign(ours=ours, calm=week["tone"].ne("negative"))
    ordered = told.sort_values(["ours", "calm", "published_at", "mention_id"]).drop_duplicates("story_id")
    first = ordered[~ordered["calm"]].head(1)
    return tuple(pd.concat([first, ordered.drop(first.index)])["mention_id"].head(VERBATIMS))

"""At most three things that changed this week, the most serious first, each stated by its own title."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from veille.bulletin import figures
from veille.bulletin.material import Material, records
from veille.bulletin.outlook import Chances
from veille.bulletin.types import Finding, Signal, Topic
from veille.bulletin.wording import confidence, shorten
from veille.language import Language

if TYPE_CHECKING:
    from veille.watch import Watch

MAXIMUM = 3
EVIDENCE = 5
_TITLE_WORDS = 9


@dataclass(frozen=True, slots=True)
class Subjects:
    """Stories by week of the organisation itself and of each of its competitors, by its id."""

    own: pd.DataFrame
    own_mentions: pd.DataFrame
    competitors: Mapping[str, pd.DataFrame]

    def voice(self, weeks_ago: int = 0, of: str | None = None) -> figures.Share:
        """Return the share of the organisation, or of a competitor, in the sum of the stories of all of them.

        A story that names two of them counts for both, so that the shares add up to one; regulators and the sector are in none.
        """
        counts = {name: figures.count(stories, weeks_ago) for name, stories in self.competitors.items()}
        own = figures.count(self.own, weeks_ago)
        return figures.Share(own if of is None else counts[of], own + sum(counts.values()))


def subjects_of(watch: Watch, material: Material) -> Subjects:
    """Return the stories by role; a watch without a `self` subject speaks of all its subjects."""
    roles = {role: frozenset(item.id for item in watch.subjects if item.role == role) for role in ("self", "competitor")}
    own = material.of_subjects(roles["self"] or frozenset(item.id for item in watch.subjects))
    rivals = [item.id for item in watch.subjects if item.id in roles["competitor"] and roles["self"]]
    told = {name: figures.story_table(material.of_subjects(frozenset([name]))) for name in rivals}
    return Subjects(figures.story_table(own), own, told)


def find(
    material: Material,
    subjects: Subjects,
    signals: Sequence[Signal],
    topics: Sequence[Topic],
    chances: Chances,
    language: Language,
) -> tuple[Finding, ...]:
    """Return at most three findings: signals from level 2 on, then shares that moved, then harmless surges."""
    found = [
        *_from_signals(material, signals, chances, language),
        *_from_shares(material, subjects, chances, language),
        *_from_surges(material, topics, chances, language),
    ]
    return tuple(found[:MAXIMUM])


def _horizon(language: Language) -> str:
    return language.say("Growth within 7 days")


def _from_signals(material: Material, signals: Sequence[Signal], chances: Chances, language: Language) -> Iterator[Finding]:
    # What has not changed stands in the details: a finding is something that did.
    told = [signal for signal in signals if signal.level >= 2 and signal.status != "closed" and not signal.unchanged]
    for signal in sorted(told, key=_rank):
        negative = signal.kind in ("negative_emergence", "strategic")
        value = signal.negative_stories if negative else signal.stories
        sure, reason = confidence(signal.stories, signal.publishers, short_history=signal.short_history, language=language)
        yield Finding(
            title=_signal_title(signal, language),
            counted=language.say_many(
                "negative story of {total}", "negative stories of {total}", value, total=language.number(signal.stories)
            )
            if negative
            else language.say_many("story", "stories", value),
            value=value,
            # The history is that of its main topic, a narrower measure than the affair's own count.
            change_pct=None,
            history=signal.history or (None,) * (figures.WEEKS - 1) + (float(value),),
            **chances.of(signal.subject, signal.topic_id),
            horizon=_horizon(language),
            confidence=sure,
            reason=reason,
            evidence=signal.evidence,
            subject=signal.subject,
            topic_id=signal.topic_id,
            signal_id=signal.signal_id,
        )


def _rank(signal: Signal) -> tuple[bool, int, int, float, str]:
    """Order signals as leadership reads them: own first, then by level; impostors, strategy, what is to be verified last."""
    after = ("impostor", "strategic", "weak").index(signal.kind) + 1 if signal.kind in ("impostor", "strategic", "weak") else 0
    return (signal.role == "competitor", -signal.level, after, -signal.score, signal.signal_id)


def _signal_title(signal: Signal, language: Language) -> str:
    title = shorten(signal.title, _TITLE_WORDS)
    if signal.kind == "weak":
        return language.say("To be verified, on {subject}: “{title}”", subject=signal.subject_name, title=title)
    if signal.role == "competitor":
        return language.say("{subject}, a competitor, is criticised: “{title}”", subject=signal.subject_name, title=title)
    if signal.kind in ("leak", "impostor"):
        return signal.title
    if signal.role in ("regulator", "sector") and signal.kind == "negative_emergence":
        return language.say("{subject} is criticised: “{title}”", subject=signal.subject_name, title=title)
    if signal.kind == "strategic":
        return language.say("What is said weighs on a decision: “{title}”", title=title)
    if signal.new:
        return language.say("A criticism emerges: “{title}”", title=title)
    return language.say("The criticism goes on: “{title}”", title=title)


def _from_shares(material: Material, subjects: Subjects, chances: Chances, language: Language) -> Iterator[Finding]:
    now, before = figures.negative_share(subjects.own), figures.negative_share(subjects.own, 1)
    if figures.differs(now, before) and now.value is not None and before.value is not None:
        message = (
            language.say("Criticism weighs more, {now} of stories", now=language.percent(now.value))
            if now.value > before.value
            else language.say("Criticism weighs less, {now} of stories", now=language.percent(now.value))
        )
        weekly = tuple(figures.negative_share(subjects.own, back).value for back in range(figures.WEEKS - 1, -1, -1))
        week = subjects.own_mentions[subjects.own_mentions["weeks_ago"] == 0]
        yield _share_finding("negative_share", message, now, before, weekly, week[week["tone"] == "negative"], chances)
    heard, heard_before = subjects.voice(), subjects.voice(1)
    if figures.differs(heard, heard_before) and heard.value is not None and heard_before.value is not None:
        message = (
            language.say("The organisation is heard more against its competitors")
            if heard.value > heard_before.value
            else language.say("The organisation is heard less against its competitors")
        )
        weekly = tuple(subjects.voice(back).value for back in range(figures.WEEKS - 1, -1, -1))
        week = subjects.own_mentions[subjects.own_mentions["weeks_ago"] == 0]
        yield _share_finding("share_of_voice", message, heard, heard_before, weekly, week, chances)


def _share_finding(
    measure: Literal["negative_share", "share_of_voice"],
    title: str,
    now: figures.Share | figures.NegativeShare,
    before: figures.Share | figures.NegativeShare,
    weekly: tuple[float | None, ...],
    rows: pd.DataFrame,
    chances: Chances,
) -> Finding:
    language = chances.language
    sure, reason = confidence(now.whole, int(rows["publisher"].nunique()), short_history=before.whole < 10, language=language)
    return Finding(
        title=title,
        unit="share",
        measure=measure,
        value=now.value,
        change_points=figures.points(now, before),
        history=weekly,
        **chances.of(None, None),
        horizon=_horizon(language),
        confidence=sure,
        reason=reason,
        evidence=tuple(rows.drop_duplicates("story_id")["mention_id"].head(EVIDENCE)),
    )


def _from_surges(material: Material, topics: Sequence[Topic], chances: Chances, language: Language) -> Iterator[Finding]:
    """Tell the topics that detection found far above habit without ill; a surge is a finding, never an alarm."""
    by_id = {topic.topic_id: topic for topic in topics}
    surges = material.surges[material.surges["topic_id"].isin(list(by_id))]
    for row in records(surges.sort_values(["p_value", "topic_id"]).drop_duplicates("topic_id")):
        topic = by_id[row.topic_id]
        publishers = int(material.week.loc[material.week["topic_id"] == row.topic_id, "publisher"].nunique())
        sure, reason = confidence(topic.stories, publishers, short_history=material.known_weeks < 4, language=language)
        yield Finding(
            title=language.say(
                "“{title}” is talked about more, mostly without criticism", title=shorten(topic.title, _TITLE_WORDS)
            ),
            counted=language.say_many("story", "stories", topic.stories),
            value=topic.stories,
            change_pct=topic.change_pct,
            history=figures.history(material.stories_of(row.topic_id), material.known_weeks),
            **chances.of(row.subject, topic.topic_id),
            horizon=_horizon(language),
            confidence=sure,
            reason=reason,
            evidence=topic.evidence,
            subject=row.subject,
            topic_id=topic.topic_id,
        )

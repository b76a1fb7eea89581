"""The sections behind page 1: topics, who carries them, what became of earlier asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from veille.bulletin import figures
from veille.bulletin.material import Material, records
from veille.bulletin.types import Followup, Message, Relay, Topic
from veille.language import Language
from veille.mention import MentionKind
from veille.names import level_name
from veille.signals.journal import MACHINE, half_decided, said_alone
from veille.signals.tables import Act as SignalAct
from veille.sources.values import host_of
from veille.topics import acts
from veille.topics.tables import Level, TopicStatus

if TYPE_CHECKING:
    from veille.watch import Watch

TOPICS_SHOWN = 8
RELAYS_SHOWN = 12
VERBATIMS = 2
_A_TOPIC = 2
"""Stories that make a topic, as `detection.topic_min_stories` has it by default."""
_PRESS = (MentionKind.ARTICLE.value, MentionKind.TRANSCRIPT.value)


def shown_topics(material: Material) -> pd.DataFrame:
    """Return the rows of TOPICS that the bulletin shows: fine, active, not set aside, the most stories of the week first."""
    # What people decided since the update holds at once: a name given, a topic set aside.
    table = acts.applied(material.topics, acts.decisions(material.topic_events))
    chosen = table[(table["level"] == Level.FINE.value) & (table["status"] == TopicStatus.ACTIVE.value)]
    chosen = chosen[chosen["listed_at"].notna() & ~chosen["ignored"].astype(bool)]
    counts = material.topic_stories.loc[material.topic_stories["weeks_ago"] == 0, "topic_id"].value_counts()
    chosen = chosen.assign(now=chosen["topic_id"].map(counts)).dropna(subset=["now"])
    return chosen.sort_values(["now", "topic_id"], ascending=[False, True]).head(TOPICS_SHOWN)


def build_topics(material: Material, language: Language, mask: Callable[[str], str]) -> tuple[Topic, ...]:
    """Return the topics of the week, the most stories first, each with what changed and two verbatims."""
    result = []
    for row in records(shown_topics(material)):
        week = material.week[material.week["topic_id"] == row.topic_id]
        stories = material.stories_of(row.topic_id)
        now, before = figures.count(stories), figures.count(stories, 1) if material.known_weeks > 1 else None
        share, share_before = figures.negative_share(stories), figures.negative_share(stories, 1)
        result.append(
            Topic(
                topic_id=row.topic_id,
                title=mask(row.title),
                words=tuple(mask(word) for word in row.words[:8]),
                stories=now,
                stories_before=before,
                negative=share.part,
                read=share.whole,
                change_pct=figures.change_pct(now, before),
                negative_share=share.value,
                low=share.low,
                high=share.high,
                born=row.born_at.to_pydatetime(),
                changed=_changed(now, before, share, share_before, _born(row.born_at, stories, material), language),
                unknown=_unknown(now, share, week, language),
                evidence=_verbatims(week, row.representatives),
            )
        )
    return tuple(result)


def _born(first: pd.Timestamp, stories: pd.DataFrame, material: Material) -> bool:
    """Say whether a topic was born in the week: nothing was said of it before, or too little to be a topic.

    A stray story of weeks ago that merely resembles what is told now gives the topic an early first mention, and no past.
    """
    if first >= material.period.start:
        return True
    now, before = figures.count(stories), figures.count(stories, 1)
    return before == 0 and len(stories) - now < _A_TOPIC <= now


def _changed(
    now: int,
    before: int | None,
    share: figures.NegativeShare,
    share_before: figures.NegativeShare,
    born: bool,
    language: Language,
) -> str:
    if born:
        return language.say_many("Born this week: {count} story.", "Born this week: {count} stories.", now)
    if not before:
        return language.say_many(
            "Back this week: {count} story, none the week before.",
            "Back this week: {count} stories, none the week before.",
            now,
        )
    counted = language.say_many(
        "{count} story, {before} the week before.",
        "{count} stories, {before} the week before.",
        now,
        before=language.number(before),
    )
    if figures.differs(share, share_before) and share.value is not None and share_before.value is not None:
        moved = language.say(
            "The negative share moves from {before} to {now}.",
            before=language.percent(share_before.value),
            now=language.percent(share.value),
        )
        return f"{counted} {moved}"
    return counted


def _unknown(now: int, share: figures.NegativeShare, week: pd.DataFrame, language: Language) -> tuple[str, ...]:
    told = []
    if share.whole < now:
        told.append(
            language.say_many(
                "The tone of {count} story could not be read.",
                "The tone of {count} stories could not be read.",
                now - share.whole,
            )
        )
    if week["publisher"].nunique() < 2:
        told.append(language.say("A single publisher speaks of it: nothing confirms it."))
    if week["author"].notna().sum() == 0:
        told.append(language.say("Its authors are not known."))
    return tuple(told)


def _verbatims(week: pd.DataFrame, representatives: list[str]) -> tuple[str, ...]:
    """Return two mentions of two stories: the most representative, a negative one first where there is one."""
    rank = {mention_id: place for place, mention_id in enumerate(representatives)}
    ordered = week.assign(rank=week["mention_id"].map(rank).fillna(len(rank)), calm=week["tone"].ne("negative")).sort_values(
        ["rank", "calm", "published_at", "mention_id"]
    )
    ordered = ordered.drop_duplicates("story_id")
    first = ordered[~ordered["calm"]].head(1)
    return tuple(pd.concat([first, ordered.drop(first.index)])["mention_id"].head(VERBATIMS))


def build_relays(material: Material, own: pd.DataFrame, language: Language, mask: Callable[[str], str]) -> tuple[Relay, ...]:
    """Return the publishers that carried the organisation's stories, the most first.

    `new` is one that had carried none in the eleven weeks before. Authors are never named.
    """
    named = own[own["publisher"].notna()]
    week = named[named["weeks_ago"] == 0]
    earlier = set(named.loc[named["weeks_ago"] > 0, "publisher"])
    totals = (
        week.assign(press=week["kind"].isin(_PRESS))
        .groupby("publisher")
        .agg(stories=("story_id", "nunique"), press=("press", "mean"))
    )
    totals = totals.reset_index().sort_values(["stories", "publisher"], ascending=[False, True]).head(RELAYS_SHOWN)
    return tuple(
        Relay(
            name=mask(row.publisher),
            kind=language.say("press") if row.press >= 0.5 else language.say("network"),
            stories=int(row.stories),
            new=material.known_weeks > 1 and row.publisher not in earlier,
        )
        for row in records(totals)
    )


def build_messages(watch: Watch, material: Material) -> tuple[Message, ...]:
    """Return the approved answers that are still valid."""
    today = material.period.last
    return tuple(
        Message(
            message_id=item.id,
            question=item.question,
            answer=item.answer,
            audience=item.audience or "",
            valid_until=item.valid_until,
        )
        for item in watch.messages
        if item.valid_until is None or item.valid_until >= today
    )


def build_followup(
    material: Material, language: Language, mask: Callable[[str], str], titles: dict[str, str]
) -> tuple[Followup, ...]:
    """Return what became of the signals that were open before this week, and what was judged in it.

    Parameters
    ----------
    titles
        Title of every signal the watch ever had, by its id.
    """
    journal = material.journal
    start = pd.Timestamp(material.period.start)
    told = []
    for signal_id, done in journal.groupby("signal_id", sort=True):
        # What was closed before the week began was told then.
        earlier = done[done["at"] <= start]
        # A detection made again may have dropped a signal that its first run had opened, and nobody has acted on.
        # Nor did anybody leave unanswered what was only found when the week before was looked at afterwards.
        if (done["by"] == MACHINE).all() and (str(signal_id) not in titles or material.rebuilt_before):
            continue
        closed = bool((earlier["act"] == SignalAct.CLOSED.value).any())
        if earlier.empty or (closed and len(earlier) == len(done)):
            continue
        # What people did before the week began was told then, unless a second person is still awaited.
        answered = len(_by_people(earlier))
        if answered and answered == len(_by_people(done)) and half_decided(done).empty:
            continue
        level = earlier["level"].dropna()
        name = level_name(int(level.iloc[-1]), language) if len(level) else language.say("follow")
        told.append(
            Followup(
                signal_id=str(signal_id),
                title=mask(titles.get(str(signal_id), "")),
                asked=language.say("Level {level}, {name}", level=int(level.iloc[-1]) if len(level) else 1, name=name),
                outcome=_outcome(done, material, language, mask),
            )
        )
    return tuple(told)


def _by_people(done: pd.DataFrame) -> pd.DataFrame:
    acts = (SignalAct.ACKNOWLEDGED, SignalAct.DECIDED, SignalAct.JUDGED, SignalAct.ANSWERED, SignalAct.CLOSED)
    return done[done["act"].isin(acts)]


def _outcome(done: pd.DataFrame, material: Material, language: Language, mask: Callable[[str], str]) -> str:
    """Return what people did last about a signal, and where they answered in public."""
    replies = done[done["act"] == SignalAct.ANSWERED.value]
    told = _act_outcome(done.drop(index=replies.index), material, language, mask)
    if replies.empty:
        return told
    last = replies.iloc[-1]
    answered = language.say_many(
        "Answered in public {count} time, on {when} ({site})",
        "Answered in public {count} times, last on {when} ({site})",
        len(replies),
        when=language.moment(last["at"].to_pydatetime(), material.period.timezone),
        # The site alone: it says where, and names nobody.
        site=mask(host_of(last["note"]) or "…"),
    )
    return answered if _by_people(done).index.equals(replies.index) else f"{told.removesuffix('.')}. {answered}"


def _act_outcome(done: pd.DataFrame, material: Material, language: Language, mask: Callable[[str], str]) -> str:
    human = _by_people(done)
    if human.empty:
        return language.say("No answer yet")
    last = human.iloc[-1]
    alone = half_decided(done)
    if len(alone) and last["act"] in (SignalAct.DECIDED.value, SignalAct.ACKNOWLEDGED.value):
        half = alone.iloc[0]
        return language.say(
            "Decided by one person on {when}, a second person’s confirmation is awaited: {note}",
            when=language.moment(half["at"].to_pydatetime(), material.period.timezone),
            note=mask(half["note"]),
        )
    when = language.moment(last["at"].to_pydatetime(), material.period.timezone)
    words, one = said_alone(last["note"])
    named = {
        SignalAct.ACKNOWLEDGED.value: language.say("Acknowledged on {when}", when=when),
        SignalAct.DECIDED.value: language.say("Decided on {when}: {note}", when=when, note=mask(words))
        if not one
        else language.say("Decided on {when} by one person, the team having no other: {note}", when=when, note=mask(words)),
        SignalAct.JUDGED.value: language.say("Judged on {when}: {note}", when=when, note=mask(last["note"])),
        SignalAct.CLOSED.value: language.say("Closed on {when}", when=when),
    }
    return named[last["act"]]

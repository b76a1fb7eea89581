"""The reply check: a draft in, findings out, before anything is posted. Nothing here ever posts.

What is not known to be harmless is asked about: every sentence must only be courteous, or give an approved public answer that
holds. On top of that each danger is looked for by itself, so that the findings say what to change. What cannot be checked,
because watch.yml or the store says nothing of it, is said, and nothing then goes without asking.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from veille.desk import answers, known, pictures, said, situation
from veille.desk.autonomy import Leave, leave
from veille.desk.draft import MOST_CHARACTERS, Draft
from veille.desk.setting import Setting, secrets
from veille.desk.situation import OpenSignal
from veille.desk.types import Check, Finding, ReplyCheck, Verdict
from veille.desk.vectors import remembering
from veille.errors import StoreError, UsageError, WatchError
from veille.language import Language
from veille.masking import mask
from veille.names import people_names
from veille.reading import Embedder
from veille.store import Store
from veille.watch import Alone, Watch, confidential_terms
from veille.watch.presence import present


def check_reply(
    watch: Watch,
    store: Store,
    as_of: datetime,
    draft: str,
    language: Language,
    *,
    replied: str = "",
    images: Sequence[bytes] = (),
) -> ReplyCheck:
    """Look at a draft reply as of one moment.

    Parameters
    ----------
    watch, store, as_of
        What the organisation says, wants and hides; the signals that are open; what was known then. Nothing is written.
    draft
        What is to be posted.
    language
        Language of the findings.
    replied
        What is replied to, where it is known: its subject counts as the draft's own.
    images
        Bytes of the pictures that go with it.

    Raises
    ------
    UsageError
        The draft is empty, or longer than a reply.
    """
    if not draft.strip():
        raise UsageError("the draft is empty", "give the text that is to be posted")
    if len(draft) > MOST_CHARACTERS:
        raise UsageError(f"the draft has {len(draft)} characters", f"check at most {MOST_CHARACTERS} at a time")
    terms, unread = _terms(watch)
    setting = _setting(watch, as_of, draft, language, terms)
    shelf = known.Shelf.of(setting)
    sorted_ = known.sort(setting, shelf)
    open_, gaps = _open(setting, store, as_of)
    spoken = _spoken(setting, sorted_, open_, replied)
    level = max((signal.level for signal in spoken), default=0)
    mine = leave(watch, level, setting.today)
    findings = [
        *_dangers(setting, shelf, sorted_, terms),
        *known.unapproved(setting, sorted_),
        *_signals(setting, spoken, mine, sorted_, terms),
        *_replied(setting, shelf, replied),
        *_pictures(setting, images, terms),
        *_unchecked(setting, unread=unread),
        *gaps,
    ]
    findings = sorted(set(findings), key=lambda one: (-one.verdict.rank, one.picture, one.start, str(one.check), one.item))
    ask = _asked(setting, mine, findings)
    return ReplyCheck(
        tuple(findings), level, tuple(one.signal_id for one in spoken), mine.alone, ask,
        people_names(watch, ask, language), mine.within,
    )  # fmt: skip


def _terms(watch: Watch) -> tuple[tuple[str, ...], bool]:
    try:
        terms = confidential_terms(watch)
    except WatchError:
        return (), True
    return terms, not terms


def _setting(watch: Watch, as_of: datetime, text: str, language: Language, terms: tuple[str, ...]) -> Setting:
    draft, model = Draft.of(text), remembering(watch)
    today = as_of.astimezone(ZoneInfo(watch.timezone)).date()
    return Setting(watch, today, language, draft, model, _vectors(model, draft), secrets(draft, terms))


def _dangers(setting: Setting, shelf: known.Shelf, sorted_: known.Sorted, terms: tuple[str, ...]) -> Iterator[Finding]:
    yield from said.confidential(setting, terms)
    yield from known.messages(setting, shelf, sorted_)
    yield from known.strategy(setting, sorted_)
    yield from known.duties(setting)
    yield from said.voice(setting)
    yield from said.named(setting)
    yield from said.engaging(setting)
    yield from said.tone(setting)


def _open(setting: Setting, store: Store, as_of: datetime) -> tuple[tuple[OpenSignal, ...], list[Finding]]:
    say = setting.language.say
    do = say("Run veille alerts, or look at the last bulletin.")
    try:
        last = situation.last_detection(store, as_of)
        signals = situation.open_signals(setting.watch, store, as_of, setting.embedder)
    except StoreError:
        return (), [_gap(setting, say("The store cannot be read: open signals are not known."), do)]
    if last is None:
        return signals, [_gap(setting, say("Nothing has been detected yet: open signals are not known."), do)]
    if as_of - last > situation.STALE:
        when = setting.language.cutoff(last, setting.watch.timezone)
        return signals, [_gap(setting, say("The last detection is of {when}: later signals are not known.", when=when), do)]
    return signals, []


def _spoken(setting: Setting, sorted_: known.Sorted, signals: Sequence[OpenSignal], replied: str) -> list[OpenSignal]:
    telling = ~(sorted_.courtesy | sorted_.approved)
    sentences = [one.text for one, tells in zip(setting.draft.sentences, telling, strict=True) if tells]
    spoken = situation.spoken_of(signals, " ".join(sentences), setting.vectors[telling]) if sentences else []
    if replied.strip():
        asked = Draft.of(replied[:MOST_CHARACTERS])
        vectors = setting.embedder.encode([one.text for one in asked.sentences] or [replied])
        spoken += [one for one in situation.spoken_of(signals, replied, vectors) if one not in spoken]
    return sorted(spoken, key=lambda one: (-one.level, one.signal_id))


def _signals(
    setting: Setting, spoken: Sequence[OpenSignal], mine: Leave, sorted_: known.Sorted, terms: tuple[str, ...]
) -> Iterator[Finding]:
    say = setting.language.say
    for signal in spoken:
        reason = say("Signal {signal}, level {level}, is open on this: {title}", signal=signal.signal_id, level=signal.level,
                     title=mask(signal.title, terms))  # fmt: skip
        if signal.level == mine.level and not _left(mine, sorted_):
            yield setting.found(
                Check.SIGNAL, Verdict.ASK, reason, say("Have it approved at that level."), item=signal.signal_id
            )


def _left(mine: Leave, sorted_: known.Sorted) -> bool:
    """Say whether all that the draft says may be said alone at that level."""
    free = np.zeros(len(sorted_.courtesy), dtype=bool)
    if Alone.COURTESY in mine.alone:
        free |= sorted_.courtesy
    if Alone.APPROVED in mine.alone:
        free |= sorted_.approved
    return bool(free.all())


def _replied(setting: Setting, shelf: known.Shelf, replied: str) -> Iterator[Finding]:
    if not replied.strip():
        return
    say = setting.language.say
    vector = setting.embedder.encode([replied[:MOST_CHARACTERS]])[0]
    for message, question, _ in shelf.messages:
        if question.likeness(vector) < answers.SAME:
            continue
        if not answers.given(message):
            reason = say("What is asked is the matter of message {item}, which is not for the public.", item=message.id)
            yield setting.found(
                Check.NON_PUBLIC_MESSAGE, Verdict.ASK, reason, say("Have a public answer approved."), item=message.id
            )
        elif not answers.holds(message, setting.today):
            reason = say("What is asked is the matter of message {item}, which no longer holds.", item=message.id)
            yield setting.found(Check.EXPIRED_MESSAGE, Verdict.ASK, reason, say("Have the answer renewed."), item=message.id)


def _pictures(setting: Setting, images: Sequence[bytes], terms: tuple[str, ...]) -> Iterator[Finding]:
    say = setting.language.say
    for number, content in enumerate(images, start=1):
        words = pictures.words_in(content)
        if words is None or not pictures.readable(words):
            reason = say("The words of picture {number} cannot be read here.", number=number)
            yield replace(_gap(setting, reason, say("Read the picture yourself, and ask.")), picture=number)
            continue
        more = pictures.beyond(setting.draft.text, words.text)
        if not more:
            continue
        reason = say("Picture {number} says what the text does not.", number=number)
        finding = setting.found(Check.PICTURE, Verdict.ASK, reason, say("Have the words of the picture approved too."))
        yield replace(finding, excerpt=mask(" ".join(more[:12]), terms), picture=number)
        inner = replace(setting, draft=Draft.of(words.text))
        inner = replace(inner, secrets=secrets(inner.draft, terms), vectors=_vectors(inner.embedder, inner.draft))
        shelf = known.Shelf.of(inner)
        yield from (replace(one, picture=number) for one in _dangers(inner, shelf, known.sort(inner, shelf), terms))


def _vectors(model: Embedder, draft: Draft) -> NDArray[np.float32]:
    sayings = [sentence.said or sentence.text for sentence in draft.sentences]
    return model.encode(sayings) if sayings else np.zeros((0, 1), dtype=np.float32)


def _unchecked(setting: Setting, *, unread: bool) -> Iterator[Finding]:
    say, watch = setting.language.say, setting.watch
    if unread:
        yield _gap(setting, say("Confidential terms cannot be checked: no file of them can be read."),
                   say("Give confidential.terms_file in watch.yml."))  # fmt: skip
    if not watch.messages:
        yield _gap(setting, say("Approved answers cannot be checked: watch.yml has no messages."),
                   say("Write messages in watch.yml."))  # fmt: skip
    if not watch.voice.never:
        yield _gap(setting, say("Words never used cannot be checked: watch.yml has no voice.never."),
                   say("Write voice in watch.yml."))  # fmt: skip
    if not watch.rules:
        yield _gap(setting, say("Duties cannot be checked: watch.yml has no rules."), say("Write rules in watch.yml."))
    if not watch.strategy.items:
        yield _gap(setting, say("Internal facts cannot be checked: watch.yml has no strategy."),
                   say("Write strategy in watch.yml."))  # fmt: skip


def _gap(setting: Setting, reason: str, do: str) -> Finding:
    return setting.found(Check.UNCHECKED, Verdict.ASK, reason, do)


def _asked(setting: Setting, mine: Leave, findings: Sequence[Finding]) -> tuple[str, ...]:
    """Return whom to ask: those of the level, and who owns what was found."""
    if not findings:
        return ()
    owners = [one for finding in findings for one in finding.ask]
    return tuple(dict.fromkeys([*mine.ask, *present(setting.watch, owners, setting.today)]))

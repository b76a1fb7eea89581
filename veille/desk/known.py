"""Checks of what a draft tells: approved answers, answers that expired or are not public, strategy, red lines, duties."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from veille.desk import answers, cues
from veille.desk.answers import Held
from veille.desk.courtesy import Courtesy
from veille.desk.draft import Place
from veille.desk.setting import Setting
from veille.desk.types import Check, Finding, Verdict
from veille.folding import fold_text, terms_pattern
from veille.signals.rules import in_force, trigger_pattern
from veille.watch import Message, StrategicItem, Tlp

# Least cosine of a sentence with a trigger or a red line in another language than theirs.
_FOREIGN = 0.5


@dataclass(frozen=True)
class Sorted:
    """What each sentence is: shape (sentences,) each.

    Parameters
    ----------
    courtesy
        It only is courteous.
    approved
        It gives a public answer that holds.
    """

    courtesy: NDArray[np.bool_]
    approved: NDArray[np.bool_]


@dataclass(frozen=True)
class Shelf:
    """The messages of a watch with what they are recognised by."""

    messages: tuple[tuple[Message, Held, Held], ...]

    @classmethod
    def of(cls, setting: Setting) -> Shelf:
        """Return the messages of the watch."""
        model = setting.embedder
        return cls(
            tuple((one, answers.question_of(model, one), answers.answer_of(model, one)) for one in setting.watch.messages)
        )


def sort(setting: Setting, shelf: Shelf) -> Sorted:
    """Return which sentences are courtesies and which give an approved answer."""
    sentences = setting.draft.sentences
    approved = [
        any(
            answers.given(message)
            and answers.holds(message, setting.today)
            and answers.approved(sentence, vector, message, question, answer)
            for message, question, answer in shelf.messages
        )
        for sentence, vector in zip(sentences, setting.vectors, strict=True)
    ]
    return Sorted(Courtesy(setting.embedder).only(sentences), np.array(approved, dtype=bool))


def messages(setting: Setting, shelf: Shelf, sorted_: Sorted) -> list[Finding]:
    """Return the sentences that give an answer that is not public, or no longer holds."""
    say = setting.language.say
    found = []
    for place, (sentence, vector) in enumerate(zip(setting.draft.sentences, setting.vectors, strict=True)):
        if sorted_.approved[place] or sorted_.courtesy[place]:
            continue
        for message, question, answer in shelf.messages:
            quotes = answers.tells(sentence, vector, answer)
            speaks = max(question.likeness(vector), answer.likeness(vector)) >= answers.SAME
            if not answers.given(message) and (quotes or speaks):
                found.append(
                    setting.found(
                        Check.NON_PUBLIC_MESSAGE, Verdict.DO_NOT_POST if quotes else Verdict.ASK,
                        say("This is the matter of message {item}, which is not for the public.", item=message.id),
                        say("Say none of it; have a public answer approved."), sentence.place, item=message.id,
                    )
                )  # fmt: skip
            elif answers.given(message) and not answers.holds(message, setting.today) and (quotes or speaks):
                found.append(
                    setting.found(
                        Check.EXPIRED_MESSAGE, Verdict.DO_NOT_POST if quotes else Verdict.ASK,
                        say("This is the matter of message {item}, which no longer holds.", item=message.id),
                        say("Do not give the old answer; have it renewed."), sentence.place, item=message.id,
                    )
                )  # fmt: skip
    return found


def strategy(setting: Setting, sorted_: Sorted) -> list[Finding]:
    """Return the sentences that tell objectives and decisions that are not public, and those that touch red lines."""
    say, watch = setting.language.say, setting.watch
    inside = [
        (item, answers.inside_of(setting.embedder, item), terms_pattern(item.terms))
        for item in (*watch.strategy.objectives, *watch.strategy.decisions)
        if item.tlp is not Tlp.CLEAR
    ]
    decisions = {item.id for item in watch.strategy.decisions}
    found = []
    for place, (sentence, vector) in enumerate(zip(setting.draft.sentences, setting.vectors, strict=True)):
        if sorted_.approved[place] or sorted_.courtesy[place]:
            continue
        folded = fold_text(sentence.text)
        intends = cues.INTENT.search(folded) is not None
        for item, held, terms in inside:
            announced = intends and item.id in decisions and (terms.search(folded) or held.likeness(vector) >= answers.ABOUT)
            if answers.tells(sentence, vector, held) or announced:
                found.append(
                    setting.found(
                        Check.INTERNAL, Verdict.DO_NOT_POST,
                        say("This tells {item} of the strategy, which is not public.", item=item.id), say("Take it out."),
                        sentence.place, item=item.id, ask=[item.owner],
                    )
                )  # fmt: skip
    return found + _red_lines(setting)


def _red_lines(setting: Setting) -> list[Finding]:
    say = setting.language.say
    return [
        setting.found(
            Check.RED_LINE, Verdict.ASK, say("This touches red line {item}.", item=item.id), say("Have it approved first."),
            place, item=item.id, ask=[item.owner],
        )
        for item in setting.watch.strategy.red_lines
        for place in _touching(setting, terms_pattern(item.terms), item)
    ]  # fmt: skip


def _touching(setting: Setting, pattern: re.Pattern[str], item: StrategicItem) -> list[Place]:
    return list(setting.draft.places(pattern)) or _alike(setting, (item.title, *item.terms))


def _alike(setting: Setting, texts: tuple[str, ...]) -> list[Place]:
    if not texts or not len(setting.vectors):
        return []
    close = (setting.vectors @ setting.embedder.encode(list(texts)).T).max(axis=1) >= _FOREIGN
    return [one.place for one, near in zip(setting.draft.sentences, close, strict=True) if near]


def duties(setting: Setting) -> list[Finding]:
    """Return where the draft speaks of what starts a duty in force; a denial speaks of it too."""
    say = setting.language.say
    found = []
    for rule in setting.watch.rules:
        if not in_force(rule, setting.today) or not rule.trigger:
            continue
        places = list(setting.draft.places(trigger_pattern(tuple(rule.trigger)))) or _alike(setting, rule.trigger)
        found += [
            setting.found(
                Check.RULE, Verdict.ASK, say("This speaks of what starts a duty ({item}).", item=rule.id),
                say("Have it approved first: what is said in public counts."), place, item=rule.id,
            )
            for place in places
        ]  # fmt: skip
    return found


def unapproved(setting: Setting, sorted_: Sorted) -> list[Finding]:
    """Return the sentences that say something for which there is no approved public answer."""
    say = setting.language.say
    return [
        setting.found(
            Check.UNAPPROVED, Verdict.ASK, say("No approved message says this."), say("Take it out, or have it approved."),
            sentence.place,
        )
        for place, sentence in enumerate(setting.draft.sentences)
        if not sorted_.courtesy[place] and not sorted_.approved[place]
    ]  # fmt: skip

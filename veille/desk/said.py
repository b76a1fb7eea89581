"""Checks of how a draft speaks: promises, admissions, tone, words never used, words of the inside, names."""

from __future__ import annotations

import re
from dataclasses import replace

from veille.desk import cues, persons
from veille.desk.draft import overlaps
from veille.desk.setting import Setting
from veille.desk.types import Check, Finding, Verdict
from veille.folding import words_of
from veille.masking import CONFIDENTIAL, spellings
from veille.signals.rules import trigger_pattern

# Words that begin many code names and give none away.
_HEADS = frozenset(
    words_of(
        "projet project plan operation programme program mission dossier code nom produit product contrat contract offre marche"
    )
)
_TELLING_LETTERS = 4


def confidential(setting: Setting, terms: tuple[str, ...]) -> list[Finding]:
    """Return the confidential terms, and the rarer word of one standing alone, which gives it away."""
    say = setting.language.say
    found = [
        setting.found(
            Check.CONFIDENTIAL, Verdict.DO_NOT_POST, say("A confidential term stands here."),
            say("Take it out, in every spelling."), place,
        )
        for place in setting.secrets
    ]  # fmt: skip
    parts = [part for term in terms for part in words_of(term) if len(words_of(term)) > 1]
    parts = [part.strip("@#") for part in parts if len(part.strip("@#")) >= _TELLING_LETTERS and part.strip("@#") not in _HEADS]
    alone = setting.draft.places(re.compile("|".join(spellings(parts)))) if parts else ()
    found += [
        setting.found(
            Check.CONFIDENTIAL, Verdict.ASK, say("A word of a confidential term stands here."),
            say("Take it out, or have it confirmed that it gives nothing away."), place,
        )
        for place in alone if not overlaps(place, setting.secrets)
    ]  # fmt: skip
    # A part of a term is shown to nobody either.
    return [finding if not finding.excerpt else _hidden(finding) for finding in found]


def _hidden(finding: Finding) -> Finding:
    return replace(finding, excerpt=CONFIDENTIAL)


def voice(setting: Setting) -> list[Finding]:
    """Return the words that the organisation never uses, in any ending."""
    say = setting.language.say
    return [
        setting.found(
            Check.VOICE, Verdict.DO_NOT_POST, say("The organisation never says this (voice.never)."),
            say("Say what is known in plain words."), place,
        )
        for words in setting.watch.voice.never
        for place in setting.draft.places(trigger_pattern((words,)))
    ]  # fmt: skip


def engaging(setting: Setting) -> list[Finding]:
    """Return promises, admissions of fault and words of the inside."""
    say = setting.language.say
    kinds = (
        (Check.PROMISE, cues.PROMISE, say("This commits the organisation."), say("Take it out, or have it approved.")),
        (Check.ADMISSION, cues.ADMISSION, say("This admits a fault."), say("Take it out, or have it approved.")),
        (Check.INTERNAL, cues.INSIDE, say("This speaks of what is internal: levels, notes, plans."), say("Take it out.")),
    )
    return [
        setting.found(check, Verdict.ASK, reason, do, place)
        for check, pattern, reason, do in kinds
        for place in setting.draft.places(pattern)
    ]


def tone(setting: Setting) -> list[Finding]:
    """Return blame of the reader, aggression, irony and shouting."""
    say = setting.language.say
    kinds = (
        (cues.BLAME, say("This puts the blame on who is answered.")),
        (cues.AGGRESSION, say("This is aggressive.")),
        (cues.IRONY, say("This may be read as mockery.")),
    )
    do = say("Write it again, soberly.")
    found = [
        setting.found(Check.TONE, Verdict.DO_NOT_POST, reason, do, place)
        for pattern, reason in kinds
        for place in setting.draft.places(pattern)
    ]
    shouting = say("This shouts: capitals or rows of signs.")
    return found + [
        setting.found(Check.TONE, Verdict.DO_NOT_POST, shouting, do, place) for place in cues.shouted(setting.draft)
    ]


def named(setting: Setting) -> list[Finding]:
    """Return the private persons, own people, foreign accounts and other organisations that are named."""
    say, watch, draft = setting.language.say, setting.watch, setting.draft
    private = persons.persons(watch, draft)
    found = [
        setting.found(
            Check.PERSON, Verdict.DO_NOT_POST, say("A person is named."),
            say("Take the name out; name a function or a service."), place,
        )
        for place in private
    ]  # fmt: skip
    found += [
        setting.found(
            Check.PERSON, Verdict.ASK, say("Somebody of the organisation is named."), say("Take it out, or have it approved."),
            place, ask=[person],
        )
        for place, person in persons.own_people(watch, draft) if not overlaps(place, private)
    ]  # fmt: skip
    found += [
        setting.found(
            Check.PERSON, Verdict.ASK, say("Another account is named."), say("Take it out, or have it approved."), place
        )
        for place in persons.accounts(watch, draft)
    ]
    return found + [
        setting.found(
            Check.OTHERS, Verdict.ASK, say("Another organisation is named ({subject}).", subject=subject),
            say("Speak of the organisation alone, or have it approved."), place, item=subject,
        )
        for place, subject in persons.others(watch, draft)
    ]  # fmt: skip

"""What was set aside before anything was counted, and why, in a reader's words."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from veille.bulletin.base import clean
from veille.bulletin.material import Material
from veille.bulletin.types import SetAside
from veille.language import Language
from veille.reading.relevance import Reason

SAMPLES = 3
_SAMPLE_CHARACTERS = 200


def reason_words(reason: str, language: Language) -> str:
    """Return why a mention is set aside; a reason that is not known is said by its code."""
    return {
        Reason.OFFICIAL_ACCOUNT.value: language.say("published by an official account of the organisation"),
        Reason.OWN_SITE.value: language.say("published on a page of the organisation itself"),
        Reason.OTHER_EXPRESSION.value: language.say("the name is an ordinary word there"),
        Reason.OTHER_CONTEXT.value: language.say("what is said around the name is about something else"),
        Reason.SPAM_OFFER.value: language.say("an unsolicited offer"),
        Reason.TAG_HIJACK.value: language.say("an offer that uses the name as a hashtag only"),
        Reason.MASS_OFFER.value: language.say("the same offer from many accounts"),
        Reason.LEARNED.value: language.say("like mentions that analysts have set aside"),
        Reason.PERSON.value: language.say("set aside by an analyst"),
    }.get(reason, reason)


def build_set_aside(material: Material, language: Language) -> tuple[SetAside, ...]:
    """Return how many mentions of the week were set aside for some subject, by reason, the most frequent first."""
    counted = material.aside.groupby(["verdict", "reason"])["mention_id"].nunique().reset_index(name="mentions")
    counted = counted.sort_values(["mentions", "verdict", "reason"], ascending=[False, True, True])
    return tuple(
        SetAside(verdict=verdict, reason=reason, words=reason_words(reason, language), mentions=int(mentions))
        for verdict, reason, mentions in counted.to_numpy().tolist()
    )


def samples(material: Material, language: Language, mask: Callable[[str], str]) -> tuple[str, ...]:
    """Return a few of the mentions set aside a reason, with the words that decided: for the analyst to check."""
    first = material.aside.drop_duplicates(["mention_id", "reason"]).groupby("reason", sort=True).head(SAMPLES)
    told = first.sort_values(["reason", "mention_id"]).merge(
        material.mentions[["mention_id", "title", "text"]], on="mention_id"
    )
    quote = (told["title"].fillna("") + " " + told["text"].fillna("")).str.strip().str.slice(0, _SAMPLE_CHARACTERS)
    why = [reason_words(reason, language) for reason in told["reason"]]
    detail = told["detail"].where(told["detail"] != "", pd.NA)
    told_why = [f"{words} ({part})" if pd.notna(part) else words for words, part in zip(why, detail, strict=True)]
    lines = zip(told["subject"], told_why, quote, strict=True)
    return tuple(mask(clean(f"{subject}: {reason}: {text}")) for subject, reason, text in lines)

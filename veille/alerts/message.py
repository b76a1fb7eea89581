"""What an alert says: everything its reader needs to act, on one screen of a phone, in the language of the watch.

Words of strangers and of the organisation's own settings are put on one line without signs that cannot be seen, masked,
and never read as markup.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from veille.alerts.flatten import flat
from veille.alerts.tables import Occasion
from veille.language import Language
from veille.masking import mask
from veille.mention import MENTIONS
from veille.names import level_name, level_reasons, people_names
from veille.quotation import address, handles, quote_of, without_addresses
from veille.signals import DUTIES, SignalKind, few, half_decided, journal
from veille.signals.journal import TWO_PEOPLE_FROM
from veille.store import Store
from veille.typography import cut
from veille.watch import Tlp, Watch, confidential_terms

_OPENS, _CLOSES = re.compile(r"[«“„]\s*"), re.compile(r"\s*[»”]")
_INNER = {"fr": ("“", "”"), "en": ("‘", "’")}
QUOTES_SHOWN = 2
QUOTE_LENGTH = 200
"""Characters of one verbatim: two of them leave room on a screen for what is asked."""
DUTIES_SHOWN = 2
TITLE_LENGTH = 140
"""Characters of what happens."""


@dataclass(frozen=True, slots=True)
class Quote:
    """One verbatim, masked: the words, who published them when, and the public address, empty where it names somebody."""

    words: str
    source: str
    url: str


@dataclass(frozen=True, slots=True)
class Message:
    """What is said to one person about one signal; every text is one line, masked, without markup.

    Parameters
    ----------
    language
        ISO 639-1 code.
    code
        Short code by which a reply is matched.
    marking
        TLP marking.
    organisation, subject
        Whose watch it is, and the line of the subject.
    level, occasion
        The level in words, and why the message is sent.
    title, facts
        What happens, and its figures.
    quotes
        One or two verbatims.
    duties
        Rules in force that it triggers, with their delay.
    ask
        What is asked of whom by when.
    answer
        How to acknowledge and to decide.
    clock
        When it was first published, detected, and this was sent.
    short, short_due
        Beginning of the form for short messages, and its deadline.
    urgent
        Whether it is of level 3 or 4.
    """

    language: str
    code: str
    marking: str
    organisation: str
    subject: str
    level: str
    occasion: str
    title: str
    facts: str
    quotes: tuple[Quote, ...]
    duties: tuple[str, ...]
    ask: str
    answer: tuple[str, ...]
    clock: str
    short: str
    short_due: str
    urgent: bool


def message_of(
    watch: Watch,
    store: Store,
    signal: Any,
    alert: Any,
    *,
    code: str,
    people: Sequence[str],
    sent_at: datetime,
    due: datetime | None,
) -> Message:
    """Return what is said about a signal to the people of one message.

    Parameters
    ----------
    watch, store
        The watch and its memory.
    signal, alert
        Rows of SIGNALS and ALERTS.
    code
        Short code by which a reply is matched.
    people
        Ids of those who are asked.
    sent_at, due
        When it is sent, and by when it must be decided; None where nothing is asked by a time.
    """
    language = Language(watch.languages[0])
    terms = confidential_terms(watch)
    names = {subject.id: subject.name or subject.id for subject in watch.subjects}

    def shown(text: str) -> str:
        return flat(mask(text, terms))

    leak = signal.kind == SignalKind.LEAK
    title = language.say("Confidential terms are quoted in public") if leak else shown(signal.title)
    title = cut(title, TITLE_LENGTH)
    level = level_name(int(signal.level), language)
    about = flat(names.get(signal.subject, signal.subject))
    return Message(
        language=language.code,
        code=code,
        marking=str(_marking(watch, leak=leak)),
        organisation=flat(watch.organisation),
        subject=language.say(
            "[{level}] {subject}: {title} [{code}]", level=level, subject=about, title=cut(title, 90), code=code
        ),
        level=language.say("{level} (level {number} of 4)", level=capital(level), number=int(signal.level)),
        occasion=_occasion(watch, alert, language),
        title=title,
        facts=_facts(signal, about, level_reasons(language), watch, language),
        quotes=_quotes(watch, store, signal, terms, language),
        duties=_duties(watch, store, signal, language),
        ask=_confirm(watch, store, alert, people, due, terms, language)
        if alert.occasion == Occasion.CONFIRMATION
        else _ask(watch, signal, alert, people, due, language),
        answer=_answer(watch, signal, alert, code, language),
        clock=_clock(watch, signal, sent_at, language),
        short=language.say("Watch, {level}: {subject}: {title}", level=level, subject=about, title=title),
        short_due=language.say("Decide by {when}", when=f"{due.astimezone(ZoneInfo(watch.timezone)):%d/%m %H:%M}")
        if due
        else "",
        urgent=int(alert.level) >= TWO_PEOPLE_FROM,
    )


def capital(text: str) -> str:
    """Return the text with its first letter a capital."""
    return text[:1].upper() + text[1:]


def _marking(watch: Watch, *, leak: bool) -> Tlp:
    """Return that of the audience `direction`; a leak is for those who must act, whatever else they may read."""
    given = Tlp(watch.audiences.get("direction", Tlp.AMBER))
    return max(given, Tlp.AMBER_STRICT, key=lambda tlp: tlp.rank) if leak else given


def _occasion(watch: Watch, alert: Any, language: Language) -> str:
    absent = people_names(watch, [alert.in_place_of], language) if alert.in_place_of else ""
    sentences = {
        Occasion.OPENED: language.say("New signal"),
        Occasion.RAISED: language.say("Update: the level has risen"),
        Occasion.REOPENED: language.say("Second wave of a signal that had calmed down"),
        Occasion.PRESS_PICKUP: language.say("Update: the press has taken it up"),
        Occasion.CHANGED: language.say("Update: the signal is now about something else"),
        Occasion.UNACKNOWLEDGED: language.say("{name} has not acknowledged: you stand in", name=flat(absent)),
        Occasion.UNDELIVERED: language.say("{name} could not be reached: you stand in", name=flat(absent)),
        Occasion.CONFIRMATION: language.say("A second person’s confirmation is awaited"),
    }
    said = sentences[Occasion(alert.occasion)]
    away = absent and alert.occasion not in (Occasion.UNACKNOWLEDGED, Occasion.UNDELIVERED)
    instead = language.say("{name} is away: you stand in", name=flat(absent))
    return f"{said}. {instead}" if away else said


def _facts(signal: Any, about: str, reasons: Mapping[str, str], watch: Watch, language: Language) -> str:
    counted = language.say(
        "{about}: {stories}, {publishers}, since {when}",
        about=about,
        stories=language.say_many("{count} story", "{count} stories", int(signal.stories)),
        publishers=language.say_many("{count} publisher", "{count} publishers", int(signal.publishers)),
        when=language.moment(signal.first_seen.to_pydatetime(), watch.timezone, year=signal.cutoff.year),
    )
    why = reasons.get(signal.level_reason, "")
    short = language.say("Short history: to be read with care") if signal.short_history else ""
    return ". ".join(part for part in (counted, capital(why), short) if part) + "."


def _quotes(watch: Watch, store: Store, signal: Any, terms: tuple[str, ...], language: Language) -> tuple[Quote, ...]:
    columns = ["mention_id", "source", "publisher", "author", "url", "published_at", "title", "text"]
    # A handful of all that is stored, and as it stands now: what was corrected since is quoted as corrected.
    mentions = store.load(MENTIONS, columns, [("mention_id", "in", list(signal.evidence))]).set_index("mention_id")
    specs = {spec.id: spec for spec in watch.sources}
    public, key = handles(watch), store.key
    found: list[Quote] = []
    chosen = mentions.reindex([one for one in signal.evidence if one in mentions.index]).reset_index()
    for row in few.rows(chosen):
        spec = specs.get(row.source)
        limit = min(QUOTE_LENGTH, spec.rights.quote_max) if spec else QUOTE_LENGTH
        words = flat(mask(quote_of(row.title, row.text, limit), terms)) if limit else ""
        # What an impostor lures to is no link for those who are told of it.
        words = without_addresses(words) if signal.kind == SignalKind.IMPOSTOR else words
        where = flat(mask(row.publisher, terms)) if isinstance(row.publisher, str) else ""
        when = language.moment(row.published_at.to_pydatetime(), watch.timezone, year=signal.cutoff.year)
        url = address(row.url, row.author, terms, key=key, public=public) or ""
        if words or url:
            # Its own marks must not end the quotation early.
            opens, closes = _INNER[language.code]
            words = _CLOSES.sub(closes, _OPENS.sub(opens, words))
            found.append(Quote(words, ", ".join(part for part in (where, when) if part), _one_address(url)))
        if len(found) == QUOTES_SHOWN:
            break
    return tuple(found)


def _duties(watch: Watch, store: Store, signal: Any, language: Language) -> tuple[str, ...]:
    """Return the rules in force that the signal triggers, the most pressing first."""
    rules = {rule.id: rule for rule in watch.rules}
    here = store.load(DUTIES, ["signal_id", "cutoff", "rule_id", "in_force", "due_at"], [("cutoff", "==", signal.cutoff)])
    mine = here.loc[(here["signal_id"] == signal.signal_id) & here["in_force"] & here["rule_id"].isin(list(rules))]
    told = []
    for row in few.rows(mine.sort_values("due_at", kind="stable", na_position="last").head(DUTIES_SHOWN)):
        rule = rules[row.rule_id]
        said = language.say("Duty: {title}, {duty}", title=flat(rule.title), duty=cut(flat(rule.duty or ""), TITLE_LENGTH))
        said = said if rule.duty else language.say("Duty: {title}", title=flat(rule.title))
        when = (
            "" if pd.isna(row.due_at) else language.moment(row.due_at.to_pydatetime(), watch.timezone, year=signal.cutoff.year)
        )
        told.append(language.say("{duty} (at the latest {when})", duty=said, when=when) if when else said)
    return tuple(told)


def _one_address(url: str) -> str:
    """Return the address where it is one word without signs that mark something up; else nothing."""
    return url if url == flat(url) and not set(url) & set(" <>\"'`\\^{|}") and len(url) <= 300 else ""


def _ask(watch: Watch, signal: Any, alert: Any, people: Sequence[str], due: datetime | None, language: Language) -> str:
    names = flat(people_names(watch, people, language))
    if due is None or (signal.role == "competitor" and alert.level < TWO_PEOPLE_FROM):
        return language.say("{names}: please take note.", names=names)
    when = language.moment(due, watch.timezone, weekday=True)
    asked = language.say("{names}: acknowledge now, and decide by {when}.", names=names, when=when)
    two = alert.level >= TWO_PEOPLE_FROM and len(watch.people) != 1
    confirmed = language.say("A decision takes two people.")
    return f"{asked} {confirmed}" if two else asked


def _confirm(
    watch: Watch,
    store: Store,
    alert: Any,
    people: Sequence[str],
    due: datetime | None,
    terms: tuple[str, ...],
    language: Language,
) -> str:
    """Say what one person has decided, and ask another to confirm it or to decide otherwise."""
    names = flat(people_names(watch, people, language))
    decided = half_decided(journal(store)).reindex([alert.signal_id]).iloc[0]
    if pd.isna(decided["at"]):
        return language.say("{names}: please take note.", names=names)
    who, said = flat(mask(str(decided["by"]), terms)), cut(flat(mask(str(decided["note"]), terms)), TITLE_LENGTH)
    opens, closes = _INNER[language.code]
    said = _CLOSES.sub(closes, _OPENS.sub(opens, said))
    told = language.say("{who} has decided: “{decision}”.", who=who, decision=said)
    when = language.moment(due, watch.timezone, weekday=True) if due else ""
    asked = language.say("{names}: confirm it, or decide otherwise.", names=names)
    asked = language.say("{names}: confirm it by {when}, or decide otherwise.", names=names, when=when) if when else asked
    return f"{told} {asked}"


def _answer(watch: Watch, signal: Any, alert: Any, code: str, language: Language) -> tuple[str, ...]:
    decides = alert.level > 1
    lines = []
    if watch.delivery.inbox:
        lines.append(
            language.say("Reply to this message: “seen”, or “decision: …”. Leave {code} in the subject.", code=code)
            if decides
            else language.say("Reply to this message: “seen”. Leave {code} in the subject.", code=code)
        )
    command = f"veille ack {signal.signal_id} --by {flat(alert.person)}"
    if alert.occasion == Occasion.CONFIRMATION:
        command = f"veille decide {signal.signal_id} --by {flat(alert.person)} --decision …"
    lines.append(language.say("Or on the command line: {command}", command=command) if lines else command)
    return tuple(lines)


def _clock(watch: Watch, signal: Any, sent_at: datetime, language: Language) -> str:
    def when(moment: datetime | pd.Timestamp) -> str:
        instant = moment.to_pydatetime() if isinstance(moment, pd.Timestamp) else moment
        return language.moment(instant, watch.timezone, year=sent_at.year)

    return language.say(
        "First published {first}; detected {detected}; sent {sent}.",
        first=when(signal.first_seen),
        detected=when(signal.detected_at),
        sent=when(sent_at),
    )

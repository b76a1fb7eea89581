"""What is known of a signal, and what is not: statements of a situation report from the last detection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from veille.desk.lines import Line, sentence
from veille.desk.present import Present, inner
from veille.desk.sitrep_said import Earlier, Statement, digest
from veille.language import Language
from veille.signals import SignalKind, few
from veille.signals.coordination import Coordination
from veille.typography import cut

KNOWN, UNKNOWN = "known", "unknown"
PARTS = ("gravity", "responsibility", "velocity", "reach", "loaded_words")
_TITLE, _ITEM, _QUOTED = 140, 110, 3


def known_of(known: Present, row: Any, last: Earlier) -> Iterator[Statement]:
    """Yield what is known of a signal at its last detection.

    Parameters
    ----------
    known
        What is known at the moment.
    row
        Row of SIGNALS.
    last
        The reports made before: what is counted is told with what it was.
    """
    say, part, subject = known.language.say, part_of(row), f"subjects.{row.subject}"
    fresh = [str(one) for one in row.evidence if str(one) not in last.shown][:_QUOTED] or [str(one) for one in row.evidence[:1]]

    def line(text: str, lead: str, *of: str, cites: tuple[str, ...] = (), alarming: bool = False, tag: str = "") -> Line:
        return Line(text, part, (subject, *of), cites, lead, tag, alarming=alarming)

    signal = f"signals.{row.signal_id}"
    before = last.said.get("level", "").split(":")[0]
    was = say("level {level} at the last report", level=before) if before not in ("", str(row.level)) else ""
    why = known.reason(row)
    yield Statement("level", f"{row.level}:{row.level_reason}", KNOWN,
                    line(f"{why[:1].upper()}{why[1:]}." if why else "", known.level_words(int(row.level)), signal,
                         cites=tuple(fresh[:1]), alarming=row.level >= 3, tag=was))  # fmt: skip
    title = known.quoted(row, _TITLE)
    yield Statement("told", digest(row.title), KNOWN,
                    line(say("“{title}”.", title=title), say("What is told"), signal, cites=tuple(fresh)))  # fmt: skip
    yield Statement("volume", f"{row.stories}/{row.publishers}/{row.authors}", KNOWN,
                    line(_volume(known, row), say("How much"), signal, tag=_volume_before(known, last)))  # fmt: skip
    when = say("first published {first}; detected {detected}.", first=known.when(row.first_seen),
               detected=known.when(row.detected_at))  # fmt: skip
    yield Statement("first", f"{row.first_seen}/{row.detected_at}", KNOWN, line(when, say("Since when"), signal))
    if pd.isna(row.press_pickup_at):
        yield Statement("press", "none", KNOWN, line(say("has not taken it up."), say("The press"), signal))
    else:
        text = say("has taken it up, on {when}.", when=known.when(row.press_pickup_at))
        yield Statement("press", "taken", KNOWN, line(text, say("The press"), signal, alarming=True))
    if isinstance(row.gravity_category, str):
        yield Statement("alleged", row.gravity_category, KNOWN,
                        line(f"{_alleged(known.language).get(row.gravity_category, row.gravity_category)}.",
                             say("What is alleged"), signal, cites=tuple(fresh[:1])))  # fmt: skip
    yield from _effects(known, row)
    yield from _duties(known, row)


def part_of(row: Any) -> str:
    """Return which part of a bulletin a signal is for its marking."""
    return "leak" if row.kind == SignalKind.LEAK else "signal"


def unknown_of(known: Present, row: Any) -> Iterator[Statement]:
    """Yield what is not known of a signal."""
    say, signal = known.language.say, (f"subjects.{row.subject}", f"signals.{row.signal_id}")

    def open_(key: str, value: str, text: str) -> Statement:
        return Statement(f"unknown.{key}", value, UNKNOWN, Line(text, part_of(row), signal))

    yield open_("facts", "", say("Whether what is told is true: nothing but what people publish was read."))
    if row.kind in (SignalKind.NEGATIVE_EMERGENCE, SignalKind.WEAK):
        if not isinstance(row.responsibility_cluster, str):
            yield open_("cluster", "none", say("Who is held responsible: the words do not tell."))
        elif not isinstance(row.cluster_confirmed_by, str):
            held = _clusters(known.language)[row.responsibility_cluster]
            text = say("Who is held responsible: “{cluster}” is proposed, nobody has confirmed it.", cluster=held)
            yield open_("cluster", row.responsibility_cluster, text)
        missing = [part for part in PARTS if pd.isna(getattr(row, f"part_{part}"))]
        if missing:
            names = ", ".join(_parts(known.language)[part] for part in missing)
            yield open_("parts", "|".join(missing), say("Parts of the score that could not be told: {names}.", names=names))
    if row.publishers < 2:
        yield open_("single", "", say("Whether it holds: a single publisher speaks of it, nothing confirms it."))
    if not row.authors:
        yield open_("authors", "", say("Who wrote it: its authors are not known."))
    if row.short_history:
        yield open_("history", "", say("Whether it is unusual: habit is known from a short past only."))
    if isinstance(row.coordination, str) and row.coordination != Coordination.NONE:
        text = say("Whether accounts that post the same at once have agreed to: it says nothing of intent.")
        yield open_("together", row.coordination, text)


def resolved(key: str, language: Language) -> str:
    """Return what to say of what the last report did not know and is known now; empty for the rest."""
    say = language.say
    return {
        "unknown.cluster": say("Who is held responsible is confirmed."),
        "unknown.parts": say("Every part of the score can be told."),
        "unknown.single": say("More than one publisher speaks of it."),
        "unknown.authors": say("Authors are known."),
        "unknown.history": say("Habit is known from a past long enough."),
        "unknown.together": say("Accounts do not post the same at once any more."),
        "answered.none": say("Somebody has taken note."),
    }.get(key, "")


def _volume(known: Present, row: Any) -> str:
    say_many = known.language.say_many
    authors = say_many("{count} author", "{count} authors", int(row.authors))
    return known.language.say("{counted}, {authors}.", counted=known.counted(row), authors=authors)


def _volume_before(known: Present, last: Earlier) -> str:
    if "volume" not in last.said:
        return ""
    stories, publishers, _ = (int(one) for one in last.said["volume"].split("/"))
    say, say_many = known.language.say, known.language.say_many
    return say("{stories}, {publishers} at the last report",
               stories=say_many("{count} story", "{count} stories", stories),
               publishers=say_many("{count} publisher", "{count} publishers", publishers))  # fmt: skip


def _effects(known: Present, row: Any) -> Iterator[Statement]:
    titles = {item.id: item.title for item in known.watch.strategy.items}
    words, say = _effect_words(known.language), known.language.say
    pairs = zip(row.effects_ids, row.effects, strict=True)
    for item, effect in sorted(pairs, key=lambda pair: (pair[1] != "calls_into_question", pair[1] != "bends")):
        if item in titles:
            text = say("“{title}”.", title=inner(cut(known.own(titles[item]), _ITEM)))
            yield Statement(f"effect.{item}", effect, KNOWN, Line(text, "effect on the strategy", (f"strategy.{item}",),
                            tuple(map(str, row.evidence[:1])), words.get(effect, effect)))  # fmt: skip


def _duties(known: Present, row: Any) -> Iterator[Statement]:
    say, rules = known.language.say, {rule.id: rule for rule in known.watch.rules}
    table = known.duties(pd.DataFrame([{"signal_id": row.signal_id, "cutoff": row.cutoff}]))
    for one in few.rows(table.loc[table["in_force"].astype(bool)]):
        rule = rules[one.rule_id]
        text = f"{rule.title} – {rule.duty}" if rule.duty else rule.title
        due = say("by {when} at the latest", when=known.when(one.due_at)) if pd.notna(one.due_at) else ""
        at_once = say("without delay, known since {when} at the latest", when=known.when(one.known_at)) if one.at_once else ""
        cites = tuple(map(str, one.evidence[:1]))
        told, rule_of = sentence(known.own(text), _ITEM), (f"rules.{one.rule_id}",)
        line = Line(told, "duty", rule_of, cites, say("Duty begun"), due or at_once, alarming=True)
        yield Statement(f"duty.{one.rule_id}", str(one.due_at), KNOWN, line)


def _alleged(language: Language) -> dict[str, str]:
    say = language.say
    return {
        "persons": say("a danger to persons"), "health": say("a danger to health"), "legal": say("a breach of the law"),
        "data": say("a leak of data"), "environment": say("a harm to the environment"), "social": say("a social conflict"),
        "financial": say("a financial loss"), "reputation": say("a harm to the reputation"),
        "service": say("a failure of the service"),
    }  # fmt: skip


def _clusters(language: Language) -> dict[str, str]:
    return {
        "victim": language.say("as a victim"),
        "accident": language.say("for an accident"),
        "preventable": language.say("for what could be prevented"),
    }


def _parts(language: Language) -> dict[str, str]:
    say = language.say
    return {
        "gravity": say("gravity"), "responsibility": say("responsibility"), "velocity": say("velocity"),
        "reach": say("reach"), "loaded_words": say("loaded words"),
    }  # fmt: skip


def _effect_words(language: Language) -> dict[str, str]:
    return {
        "contributes": language.say("Contributes to"),
        "bends": language.say("Bends"),
        "calls_into_question": language.say("Calls into question"),
    }

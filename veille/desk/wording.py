"""What a reply check is told as to a person, in one language."""

from __future__ import annotations

from datetime import timedelta

from veille.desk.answered import FEWEST_READ, LONGEST, Around
from veille.desk.autonomy import Leave
from veille.desk.types import Finding, ReplyCheck, Verdict
from veille.language import Language
from veille.names import level_name
from veille.watch import Alone


def told(checked: ReplyCheck, language: Language) -> str:
    """Return the verdict, what may be said alone at that level, and each finding with where it is and what to do."""
    lines = [verdict_words(checked, language), _level(checked, language)]
    return "\n".join([*lines, *(_finding(finding, language) for finding in checked.findings)])


def verdict_words(checked: ReplyCheck, language: Language) -> str:
    """Return the verdict in words, with whom to ask."""
    verdict = checked.verdict
    if verdict is Verdict.MAY_GO:
        return language.say("May go.")
    if verdict is Verdict.DO_NOT_POST:
        return language.say("Do not post. Correct it, then ask {names}.", names=checked.names)
    return language.say("Ask {names}; answer within {delay}.", names=checked.names, delay=delay_words(checked.within, language))


def alone_words(leave: Leave, language: Language) -> str:
    """Return what may be posted without asking, in words."""
    words = {
        Alone.COURTESY: language.say("thanks, regrets, a question back"),
        Alone.APPROVED: language.say("approved messages"),
    }
    return ", ".join(words[one] for one in leave.alone) or language.say("nothing")


def delay_words(delay: timedelta, language: Language) -> str:
    """Return a delay in minutes, hours or days, whichever is whole."""
    minutes = round(delay.total_seconds() / 60)
    if minutes % 60:
        return language.say_many("{count} minute", "{count} minutes", minutes)
    if minutes % 1440 or minutes < 2880:
        return language.say_many("{count} hour", "{count} hours", minutes // 60)
    return language.say_many("{count} day", "{count} days", minutes // 1440)


def span_words(span: timedelta, language: Language) -> str:
    """Return a length of time that has passed in the largest unit that tells it: minutes, then hours, then days."""
    minutes = round(span.total_seconds() / 60)
    if minutes < 180:
        return language.say_many("{count} minute", "{count} minutes", minutes)
    if minutes < 2880:
        return language.say_many("{count} hour", "{count} hours", round(minutes / 60))
    return language.say_many("{count} day", "{count} days", round(minutes / 1440))


def _level(checked: ReplyCheck, language: Language) -> str:
    leave = Leave(checked.level, checked.alone, checked.ask, checked.within)
    return language.say(
        "Level on this subject: {level}, {name}. Without asking: {alone}.",
        level=checked.level, name=level_name(checked.level, language), alone=alone_words(leave, language),
    )  # fmt: skip


def _finding(finding: Finding, language: Language) -> str:
    where = ""
    if finding.end:
        where = language.say("characters {start} to {end}", start=finding.start + 1, end=finding.end)
        where = f" [{where}] {finding.excerpt}"
    elif finding.excerpt:
        where = f" {finding.excerpt}"
    return f"- {finding.reason}{where}\n  → {finding.do}"


def answered_words(around: Around, by: str, address: str, timezone: str, language: Language, *, new: bool) -> str:
    """Return in lines that a public reply stands in the journal, and what was told before and after it."""
    say, number, percent = language.say, language.number, language.percent
    known = {"who": by, "when": language.moment(around.at, timezone), "address": address}
    first = say("{who} answered in public on {when}: {address}", **known)
    lines = [first if new else say("In the journal already: {first}", first=first)]
    if not around.span:
        return "\n".join([*lines, say("Nothing has been looked at since the reply: look again after the next detection.")])
    before, after, span = around.before, around.after, span_words(around.span, language)
    stories = [language.say_many("{count} story", "{count} stories", side.stories) for side in (before, after)]
    lines += [
        say("Before, over {span}: {stories}, tone read of {read}.", span=span, stories=stories[0], read=number(before.read)),
        say("After, over {span}: {stories}, tone read of {read}.", span=span, stories=stories[1], read=number(after.read)),
    ]
    if around.enough:
        told = {
            f"{name}{end}": percent(value)
            for name, side in (("before", before), ("after", after))
            for end, value in (("", side.share), ("_low", side.low), ("_high", side.high))
        }
        lines += [
            say(
                "Read negative: {before} before (interval {before_low} to {before_high}), "
                "{after} after ({after_low} to {after_high}).",
                **told,
            ),
            say("“After” is not “because”: what else happened meanwhile is not told apart."),
        ]
    elif around.span < LONGEST:
        text = language.say_many(
            "Not enough yet to compare the tone: {count} story read on each side is needed.",
            "Not enough yet to compare the tone: {count} stories read on each side are needed.", FEWEST_READ,
        )  # fmt: skip
        lines.append(text)
    else:
        text = language.say_many(
            "Not enough to compare the tone: {count} story read on each side is needed.",
            "Not enough to compare the tone: {count} stories read on each side are needed.", FEWEST_READ,
        )  # fmt: skip
        lines.append(text)
    return "\n".join(lines)

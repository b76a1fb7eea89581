"""What levels, the rules that give them, and people are called in a language: the same in alerts and in bulletins."""

from __future__ import annotations

from collections.abc import Iterable

from veille.language import Language
from veille.watch import Watch


def level_name(level: int, language: Language) -> str:
    """Return what a level is called, from 0 quiet to 4."""
    return (
        language.say("quiet"),
        language.say("follow"),
        language.say("vigilance"),
        language.say("alert"),
        language.say("critical, to be qualified"),
    )[level]


def level_reasons(language: Language) -> dict[str, str]:
    """Return the rule that gave a level, in words."""
    return {
        "weak": language.say("a few stories with grave words, too few for an alarm"),
        "score": language.say("the crisis score passes the threshold of the level"),
        "emergence": language.say("more negative stories than habit explains"),
        "press_pickup": language.say("the press has taken it up and what is alleged is grave"),
        "leak": language.say("confidential terms are public"),
        "impostor": language.say("an account is made to be taken for the organisation"),
        "impostor_asks": language.say("an account that passes for the organisation asks the public for data or money"),
        "spokesperson": language.say("somebody claims to lead the organisation or to speak for it"),
        "danger_to_persons": language.say("a danger to persons is alleged, in an unusual number of stories"),
        "alleged_danger": language.say("a danger to persons or to health is alleged in plain words, by few: to be verified"),
        "red_line": language.say("a red line is touched"),
        "unknown_part": language.say("a part of the score is not known and could pass the threshold"),
        "short_history": language.say("more stories than habit explains, on a short past"),
    }


def posing_names(language: Language) -> dict[str, str]:
    """Return what a signal of an impostor is called, by how it poses as the organisation; never by its own words."""
    return {
        "name": language.say("Account with a name made like the organisation’s"),
        "speech": language.say("Account that speaks as the organisation"),
        "spokesperson": language.say("Somebody claims to speak for the organisation"),
        "asks": language.say("False account of the organisation asks for data or money"),
    }


def people_names(watch: Watch, ids: Iterable[str], language: Language) -> str:
    """Return the people of these ids as they are printed; a function that nobody was named for in words."""
    functions = {
        "analyst": language.say("analyst"),
        "head_of_communication": language.say("head of communication"),
        "communication_director": language.say("communication director"),
        "general_management": language.say("general management"),
    }
    named = ((watch.person(one), one) for one in ids)
    return ", ".join((person.name or person.id) if person else functions.get(one, one) for person, one in named)

"""Rules in force that a signal triggers: what the law asks of the organisation once it knows, and by when.

A trigger is looked for in whatever form it is written (« fuites de données », « des données ont été volées »), clause by
clause. What is denied, feared or rehearsed triggers nothing, nor does another company's case told beside the organisation's
name. A rule whose time is over is not applied, and that is said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from veille.folding import fold, fold_text, words_of
from veille.watch.strategy import Rule

SAYING_STORIES = 2
"""Stories that must say so; one is enough where it is the press's, or the signal's only one."""

_GAP = r"(?:\W+\w+){0,4}?\W+"
_SMALL = frozenset(words_of("a au aux d de des du en et l la le les un une of the an in on to s"))
_CLAUSE = re.compile(r"(?<=[.!?;…])\s+|\n+|\s[–—]\s|,\s(?=mais|but|alors que|tandis que|while|whereas)")
_DENIED = re.compile(
    r"\b(?:aucune?s?|pas (?:de|d|eu|ete|un|une|subi|connu)|jamais (?:eu|ete|subi|connu)|sans|ni|"
    r"dement(?:ent|i|ie|ir)?|nient?|nie avoir|rumeurs?|infox|canular|fausses? (?:informations?|alertes?|nouvelles?)|"
    r"no|not|never|without|denies|denied|deny|denying|hoax|false (?:alarm|rumou?rs?)|rumou?rs?|isn t|wasn t|hasn t|weren t)\b"
)
_FEARED = re.compile(
    r"\b(?:en cas d|eviter|evite|prevenir|prevention|proteg\w*|contre (?:les|la|le|une?|tout\w*)|exercice\w*|simulation\w*|"
    r"formation\w*|risques? d|et si|si un|si une|pourrait|assurance\w*|in case of|avoid\w*|prevent\w*|protect\w*|against|"
    r"drill\w*|exercise\w*|"
    r"simulat\w*|training|what if|could|might|insurance)\b"
)
_NEAR_LETTERS, _BESIDE_LETTERS = 60, 25
_ELSEWHERE = re.compile(
    r"(?:\bchez|\bat|\bby|\bvisant|\bhits?|\btouche|\bfrappe)\s+(?:(?:la|le|les|the)\s+|l['’])?(?=[A-ZÉÈÀ])([\w&’'-]+)"
)


@cache
def trigger_pattern(triggers: tuple[str, ...]) -> re.Pattern[str]:
    """Compile triggers to one pattern over folded text, each word in any ending and small words between.

    Parameters
    ----------
    triggers
        Words and phrases in any spelling; a trailing `*` makes a stem, a short word must be itself but for its plural.
    """
    phrases = []
    for trigger in triggers:
        words = [word for word in words_of(trigger) if word not in _SMALL] or words_of(trigger)
        if words:
            stem = str(trigger).rstrip().endswith("*")
            parts = [_inflected(word, stem and place == len(words) - 1) for place, word in enumerate(words)]
            phrases.append(_GAP.join(parts))
    return re.compile(rf"(?<!\w)(?:{'|'.join(phrases)})(?!\w)" if phrases else r"(?!)")


def _inflected(word: str, stem: bool) -> str:
    if stem or len(word) <= 4:
        return re.escape(word) + (r"\w*" if stem else "(?:s|x|es)?")
    base = re.sub(r"(?:ees|es|ee|s|x|e)$", "", word)
    return re.escape(base) + r"\w{0,3}"


@cache
def owners_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    """Compile the names of one party to a pattern over folded text; a name of several words also by its first long one."""
    wanted = set()
    for name in names:
        words = words_of(name)
        wanted |= {r"\W+".join(map(re.escape, words))} if words else set()
        wanted |= {re.escape(word) for word in words[:1] if len(word) > 3}
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(wanted, key=len, reverse=True))})(?!\w)" if wanted else r"(?!)")


def triggered(text: pd.Series, rule: Rule, own: Sequence[str], others: Sequence[str]) -> NDArray[np.bool_]:
    """Return which texts say that a rule's trigger has happened to the organisation, shape (texts,).

    Parameters
    ----------
    text
        Title and body, as published.
    rule
        Its `trigger`.
    own, others
        Names of the organisation, and of the other parties of the watch.
    """
    pattern, mine, theirs = trigger_pattern(tuple(rule.trigger)), owners_pattern(tuple(own)), owners_pattern(tuple(others))
    said = fold(text.fillna("")).str.contains(pattern).to_numpy(dtype=bool)
    result = np.zeros(len(text), dtype=bool)
    # Only the few texts that hold a trigger are looked at clause by clause.
    for place in np.flatnonzero(said):
        result[place] = _happened(str(text.iloc[place]), pattern, mine, theirs)
    return result


def _happened(text: str, pattern: re.Pattern[str], mine: re.Pattern[str], theirs: re.Pattern[str]) -> bool:
    spoken_of: bool | None = None
    for clause in _CLAUSE.split(text):
        words = fold_text(clause)
        plain = re.sub(r"[^\w]+", " ", words)
        for match in pattern.finditer(words):
            before = re.sub(r"[^\w]+", " ", words[max(0, match.start() - _NEAR_LETTERS) : match.start()])
            # The words of the trigger itself may hold the denial: « la fuite n'a pas touché de données ».
            inside = re.sub(r"[^\w]+", " ", match.group())
            denied = any(cue.search(part) for cue in (_DENIED, _FEARED) for part in (before, inside))
            owner = _owner(words, match, mine, theirs)
            owner = spoken_of if owner is None else owner
            if not denied and owner is not False and not _elsewhere(clause, match, mine):
                return True
        if mine.search(plain) or theirs.search(plain):
            spoken_of = _last(words, mine) >= _last(words, theirs)
    return False


def _owner(words: str, match: re.Match[str], mine: re.Pattern[str], theirs: re.Pattern[str]) -> bool | None:
    """Whose case a trigger in a clause is: ours, another's, None where the clause names nobody; the nearer name."""
    distances = {
        own: min((_apart(name, match) for name in names.finditer(words)), default=None)
        for own, names in ((True, mine), (False, theirs))
    }
    named = {own: distance for own, distance in distances.items() if distance is not None}
    return min(named, key=lambda own: (named[own], not own)) if named else None


def _apart(name: re.Match[str], match: re.Match[str]) -> int:
    return max(name.start() - match.end(), match.start() - name.end(), 0)


def _last(words: str, names: re.Pattern[str]) -> int:
    return max((name.start() for name in names.finditer(words)), default=-1)


def _elsewhere(clause: str, match: re.Match[str], mine: re.Pattern[str]) -> bool:
    """Whether a clause places what happened at somebody else by name: « une fuite de données chez Untel »."""
    # Folding moves letters by a ligature at most: near enough to say what stands beside the trigger.
    near = (
        place.group(1)
        for place in _ELSEWHERE.finditer(clause)
        if match.start() - _BESIDE_LETTERS <= place.start() <= match.end() + _BESIDE_LETTERS
    )
    first = next(near, None)
    return first is not None and not mine.search(fold_text(first))


def saying(members: pd.DataFrame, said: NDArray[np.bool_]) -> pd.DataFrame:
    """Return the mentions that trigger a rule, none where too few stories say so.

    Parameters
    ----------
    members
        Mentions of one signal: `story_id`, `press`, `published_at`, `mention_id`.
    said
        Which of them say that it happened.
    """
    mine = members.loc[said].sort_values(["published_at", "mention_id"], kind="stable")
    stories = mine["story_id"].nunique()
    enough = stories >= min(SAYING_STORIES, members["story_id"].nunique()) or bool(mine["press"].any())
    return mine if stories and enough else mine.iloc[:0]


def in_force(rule: Rule, today: date) -> bool:
    """Whether a rule holds on a local day: its last day is the last on which it does."""
    return rule.valid_until is None or today <= rule.valid_until

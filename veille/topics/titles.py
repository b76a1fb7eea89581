"""Names of topics that a person would write: the headline of a central story, cut where a clause ends.

A title made of a topic's words reads like debris; somebody has already written a good one. Two topics never share a
title, and a topic keeps the title it has while a central story still carries it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import pandas as pd

from veille.folding import fold, fold_text
from veille.topics.stopwords import STOP_WORDS
from veille.topics.text import clean_text

_GREETING = re.compile(r"(?i)^(?:bonjour|bonsoir|salut|hello|coucou|hi|hey|dear|cher|chère)\b[^,.!?:…]{0,25}[,.!?:…]+\s*")
# What answers another post says nothing by itself.
_OPENERS = re.compile(
    r"(?i)^(?:(?:bonjour|bonsoir|salut|hello|coucou|idem|pareil|merci|oui|non|euh|ok|okay|ah|oh|bah|ben|lol|mdr|yes|yeah|no|well|same|thanks)"
    r"\b(?:[\s,.:;!…]+)(?=\S))+"
)
# "EN DIRECT", "VIDEO." and the like say what sort of article follows, not what it is about.
_RUBRIC = re.compile(
    r"(?i)^(?:en direct|en images|direct|live|vid[eé]os?|photos?|podcast|tribune|enqu[eê]te|reportage|entretien|interview|"
    r"infographies?|exclusif|exclusive|breaking(?: news)?|alerte info|update|watch|listen|opinion|analyse|décryptage|"
    r"édito(?:rial)?)"
    r"\s*(?:[:.|,»!–—-]+\s*|\)\s*)"
)
_SENTENCE_END = re.compile(r"(?<=[^\s.!?…])(?:\s?[!?]+|[.…]+)(?=[\s»\"”']|$)")
# Strong signs end a clause wherever they stand; a comma may be part of a list, "pour" of the verb before it.
_BOUNDARIES = (
    (re.compile(r"\s*[;:|•·]\s+|\s+[–—-]+\s+|\s+[(«\"“\[]"), 1 / 3),
    (re.compile(r",\s+"), 1 / 2),
    (
        re.compile(
            r"(?i)\s+(?=(?:qui|dont|mais|alors que|tandis que|parce que|car|avant|après|afin|selon|pour|à cause|en raison|"
            r"sur fond|grâce|face à|who|which|but|because|while|after|before|according|due to|amid|as)\s)"
        ),
        1 / 2,
    ),
)
# "Après le vote", "F1 : pour le pilote": what begins so, alone or after the last sign, calls for a main clause.
_SUBORDINATE = re.compile(
    r"(?i)^(?:après|avant|pour|selon|depuis|malgré|face à|alors que|tandis que|si|quand|lorsque|after|before|for|since|despite|"
    r"according to|while|when|if|as)\s"
)
_ADVERBIAL = re.compile(r"(?i)^(?:entre|dans|en|au|aux|à|chez|sur|sous|avec|sans|par|lors|in|on|at|with|between|under|by)\s")
_EDGES = ' \t,;:|•·–—-/\\_*~"«»“”()[]<>…'
# Neither French nor English: a picture without a word has no headline.
_NAMELESS = "[…]"
_LEAST_WORDS = 3
_LEAST_CHARACTERS = 12


def headline(title: str, text: str, *, publisher: str = "", most: int = 70) -> str:
    """Return a mention's title, or else its first clause, as a line of at most `most` characters; may be empty.

    Parameters
    ----------
    title, text
        As published.
    publisher
        Its name is taken off the end of the title.
    most
        Longest line, in characters; where no clause ends before, the line is cut between words and ends with "…".
    """
    line = _without_publisher(clean_text(title), publisher) or clean_text(text)
    line = _RUBRIC.sub("", _GREETING.sub("", line)).strip(" ,;:|•·–—-/")
    line = _OPENERS.sub("", line)
    line = _first_sentence(line)
    if len(line) > most:
        line = _clause(line, most)
    return _capital(_balanced(line))


def distinct_titles(
    candidates: Sequence[Sequence[str]],
    words: Sequence[Sequence[str]],
    *,
    taken: Iterable[str] = (),
    most: int = 70,
    kept: Sequence[str] = (),
) -> list[str]:
    """Give each topic the first of its candidates that no topic before it has; joined words where none is left.

    Parameters
    ----------
    candidates
        Headlines of each topic, best first; topics in order of precedence.
    words
        Telling words of each topic.
    taken
        Titles that others have already.
    most
        Longest title, in characters.
    kept
        Title that each topic has and that a central story still carries, empty for none: it stays unless it reads badly.
    """
    joined = [[_capital(", ".join(own[:count])) for count in range(3, 7) if own] for own in words]
    lines = pd.unique(pd.Series([line for options in (*candidates, *joined, taken) for line in options], dtype="str"))
    folded = dict(zip(lines, fold(pd.Series(lines, dtype="str")), strict=True))
    used = {folded[title] for title in taken}
    titles: list[str] = []
    for options, fallback, own, old in zip(candidates, joined, words, kept or [""] * len(words), strict=True):
        # A headline without any of the topic's words tells one of its stories, not what they share.
        said = [fold_text(word) for word in own]
        readable = [line for line in options if reads_well(folded[line])]
        topical = [line for line in readable if line == old or any(word in folded[line] for word in said)]
        short = [line for line in fallback if len(line) <= most]
        choice = [*topical, *(short if len(own) >= _LEAST_WORDS else []), *readable, *short, *options]
        title = next((line for line in choice if folded[line] not in used), "")
        title = title or _numbered(choice[0] if choice else _NAMELESS, used, most)
        used.add(folded.get(title) or fold_text(title))
        titles.append(title)
    return titles


def reads_well(folded_line: str) -> bool:
    """Say whether a line, folded, is more than a greeting or a fragment."""
    words = re.findall(r"[^\W\d_]+", folded_line)
    telling = [word for word in words if len(word) > 1 and word not in STOP_WORDS]
    return len(words) >= _LEAST_WORDS and len(telling) >= 2 and len(folded_line) >= _LEAST_CHARACTERS


def _numbered(line: str, used: set[str], most: int) -> str:
    if line == _NAMELESS and fold_text(line) not in used:
        return line
    number = 2
    while fold_text(title := f"{line[: most - 6].rstrip()} ({number})") in used:
        number += 1
    return title


def _without_publisher(line: str, publisher: str) -> str:
    head, mark, tail = re.sub(r"\s+[|–—-]\s+(?=[^|–—-]*$)", "\0", line, count=1).partition("\0")
    if not mark:
        return line
    name, end = (re.sub(r"[^a-z0-9]", "", _folded(part)) for part in (publisher, tail))
    return head.strip() if end and name and (end in name or name in end) else line


def _first_sentence(line: str) -> str:
    for end in _SENTENCE_END.finditer(line):
        head = line[: end.start()]
        # An initial or an abbreviation ("M. Dupont", "art. 33") ends no sentence.
        abbreviation = end.group() == "." and len(re.split(r"[\s.]", head)[-1]) <= 3
        if len(head) >= _LEAST_CHARACTERS and len(head.split()) >= _LEAST_WORDS and not abbreviation:
            return head + (end.group().rstrip("!?") + "?" if "?" in end.group() else "")
    return line


def _clause(line: str, most: int) -> str:
    for boundary, least_ratio in _BOUNDARIES:
        ends = [end.start() for end in boundary.finditer(line) if least_ratio * most <= end.start() <= most]
        heads = [line[:end] for end in reversed(ends) if not _hangs(line[:end])]
        good = [head for head in heads if len(head.split()) >= _LEAST_WORDS and not _dangles(head)]
        if good:
            return good[0]
    head = line[: most - 1]
    if not line[most - 1].isspace() and " " in head:
        head = head.rsplit(" ", 1)[0]
    while len(head.split()) > _LEAST_WORDS and _hangs(head):
        head = head.rsplit(" ", 1)[0]
    return head.rstrip(_EDGES + ".") + "…"


def _hangs(head: str) -> bool:
    """Say whether a line ends with a word that calls for another, such as "de", "their" or "l’"."""
    last = re.split(r"[\s'’]", head)[-1].strip(_EDGES)
    return not last or _folded(last) in STOP_WORDS


def _dangles(head: str) -> bool:
    """Say whether a cut line is no sentence: a subordinate clause alone, or one word left after the last comma or colon."""
    parts = [part.strip(_EDGES) for part in re.split(r"[,:]\s|\s[–—-]\s", head.rstrip(_EDGES))]
    alone = len(parts) == 1
    return bool(_SUBORDINATE.match(parts[-1])) or (bool(_ADVERBIAL.match(parts[0])) if alone else len(parts[-1].split()) < 2)


def _balanced(line: str) -> str:
    ellipsis = "…" if line.endswith("…") else ""
    inner = line.rstrip("… ").strip()
    for opening, closing in (("«", "»"), ("(", ")"), ("[", "]"), ("“", "”")):
        if inner.count(opening) != inner.count(closing):
            inner = inner.replace(opening, "").replace(closing, "")
    if inner.count('"') % 2:
        inner = inner.replace('"', "")
    return re.sub(r"\s+", " ", inner).strip(" ,;:|•·–—-/\\_*~") + (ellipsis if inner else "")


def _capital(line: str) -> str:
    # "iPhone" and "eBay" keep their small letter.
    return line[:1].upper() + line[1:] if line[1:2] == line[1:2].lower() else line


@lru_cache(maxsize=1 << 14)
def _folded(word: str) -> str:
    return fold_text(word)

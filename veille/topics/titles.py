"""Names of topics that a person would write: the headline of a central story, cut where a clause ends.

A title made of a topic's words reads like debris; somebody has already written a good one. Two topics never share a
title, and a topic keeps the title it has while a central story still carries it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from veille.folding import fold_text
from veille.topics.stopwords import STOP_WORDS
from veille.topics.text import clean_text

_GREETING = re.compile(r"(?i)^(?:bonjour|bonsoir|salut|hello|coucou|hi|hey|dear|cher|chère)\b[^,.!?:…]{0,25}[,.!?:…]+\s*")
# "EN DIRECT", "VIDEO." and the like say what sort of article follows, not what it is about.
_RUBRIC = re.compile(
    r"(?i)^(?:en direct|direct|live|vid[eé]os?|photos?|podcast|tribune|enqu[eê]te|reportage|entretien|interview|infographies?|"
    r"exclusif|exclusive|breaking(?: news)?|alerte info|update|watch|listen|opinion|analyse|décryptage|édito(?:rial)?)"
    r"\s*(?:[:.|,»!–—-]+\s*|\)\s*)"
)
_SENTENCE_END = re.compile(r"(?<=[^\s.!?…])[.!?…]+(?=[\s»\"”']|$)")
_CLAUSE_END = re.compile(r"\s*[,;:|•·]\s+|\s+[–—-]+\s+|\s+[|•·]\s*|\s+[(«\"“\[]")
_EDGES = ' \t,;:|•·–—-/\\_*~"«»“”()[]<>…'
# Where no sign ends a clause, the word that opens the next one does.
_CONJUNCTION = re.compile(
    r"(?i)\s+(?=(?:qui|dont|mais|alors que|tandis que|parce que|car|avant|après|afin|selon|who|which|but|because|while|after|"
    r"before|according)\s)"
)
# Neither French nor English: a picture without a word has no headline.
_NAMELESS = "[…]"
_LEAST_WORDS = 3
_LEAST_CHARACTERS = 15


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
    line = _first_sentence(line)
    if len(line) > most:
        line = _clause(line, most)
    return _capital(_balanced(line))


def distinct_titles(
    candidates: Sequence[Sequence[str]], words: Sequence[Sequence[str]], *, taken: Iterable[str] = (), most: int = 70
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
    """
    used = {fold_text(title) for title in taken}
    titles: list[str] = []
    for options, own_words in zip(candidates, words, strict=True):
        readable = [option for option in options if _reads_well(option)]
        joined = [", ".join(own_words[:count]) for count in range(3, 7) if own_words]
        fallback = [_capital(line) for line in joined if len(line) <= most]
        weak = [option for option in options if option and option not in readable]
        base = [*readable, *fallback, *weak, _NAMELESS]
        title = next((option for option in base if fold_text(option) not in used), "")
        number = 2
        while not title:
            numbered = f"{base[0][: most - 6].rstrip()} ({number})"
            title = numbered if fold_text(numbered) not in used else ""
            number += 1
        used.add(fold_text(title))
        titles.append(title)
    return titles


def _reads_well(line: str) -> bool:
    words = re.findall(r"[^\W\d_]+", line)
    telling = [word for word in words if len(word) > 1 and fold_text(word) not in STOP_WORDS]
    return len(words) >= _LEAST_WORDS and len(telling) >= 2 and len(line) >= _LEAST_CHARACTERS


def _without_publisher(line: str, publisher: str) -> str:
    head, mark, tail = re.sub(r"\s+[|–—-]\s+(?=[^|–—-]*$)", "\0", line, count=1).partition("\0")
    name, end = (re.sub(r"[^a-z0-9]", "", fold_text(part)) for part in (publisher, tail))
    return head.strip() if mark and end and name and (end in name or name in end) else line


def _first_sentence(line: str) -> str:
    for end in _SENTENCE_END.finditer(line):
        head = line[: end.start()]
        # An initial or an abbreviation ("M. Dupont", "art. 33") ends no sentence.
        abbreviation = end.group() == "." and len(re.split(r"[\s.]", head)[-1]) <= 3
        if len(head) >= _LEAST_CHARACTERS and len(head.split()) >= _LEAST_WORDS and not abbreviation:
            return head + ("?" if "?" in end.group() and " " not in end.group() else "")
    return line


def _clause(line: str, most: int) -> str:
    for boundary in (_CLAUSE_END, _CONJUNCTION):
        ends = [end.start() for end in boundary.finditer(line) if most // 3 <= end.start() <= most]
        good = [end for end in ends if len(line[:end].split()) >= _LEAST_WORDS]
        if good:
            return line[: good[-1]]
    head = line[: most - 1]
    if not line[most - 1].isspace() and " " in head:
        head = head.rsplit(" ", 1)[0]
    kept = head.split()
    while len(kept) > _LEAST_WORDS and (fold_text(kept[-1].strip(_EDGES)) in STOP_WORDS or kept[-1].endswith(("'", "’"))):
        kept.pop()
    return " ".join(kept).rstrip(_EDGES + ".") + "…"


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

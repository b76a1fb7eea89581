"""What makes a name of a candidate, and what it stands for: rules shared by both languages, on one text at a time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from veille.folding import fold_text
from veille.reading.entities import lists
from veille.reading.entities.tables import EntityKind

PERSON, ORGANISATION, PLACE = EntityKind.PERSON, EntityKind.ORGANISATION, EntityKind.PLACE

# Heads of names of institutions: what follows them, up to where the name ends, belongs to them.
_NAME = r"[A-ZÀ-Þ][\w'’&-]*"
_OF_THE = r"(?:de\sla\s|de\sl'|des\s|du\s|de\s|d')"
_REST = rf"{_NAME}(?:[\s-](?:d'|du\s|de\s)?{_NAME})*"
_INSTITUTIONS: Final = re.compile(
    rf"""\b(?:
      (?:[Pp]arquet|[Tt]ribunal(?:\s(?:judiciaire|administratif|correctionnel|de\scommerce))?|[Pp]réfecture|[Mm]airie|[Rr]ectorat
        |[Cc]our\sd'appel|CHU|[Mm]étropole|[Uu]niversité|[Aa]éroport|[Pp]ort\sautonome)
        \s{_OF_THE}(?=[A-ZÀ-Þ]){_NAME}(?:[\s-]{_NAME})*
    | [Cc]onseil\s(?:régional|départemental|municipal|général)\s{_OF_THE}(?=[A-ZÀ-Þ]){_REST}
    | (?:Comité|Collectif|Fédération|Syndicat|Association|Fondation|Observatoire|Autorité|Agence|Commission|Confédération
        |Organisation|Institut|Centre|Ligue|Union|Mouvement|Alliance|Banque|Office|Groupement|Coordination|Ordre)
        (?:\s(?:nationale?s?|internationale?s?|européenn?e?s?|mondiale?s?|populaire|française?|régionale?s?|centrale?s?|générale?s?
          |publique?s?|indépendante?s?|interprofessionnel(?:le)?))*
        (?:\s(?:{_OF_THE}|pour\sla\s|pour\sle\s|pour\s|contre\s)[\wÀ-ÿ'-]+(?:\s{_OF_THE}{_REST})?)?
    | (?:Ministry|Department|University|Bank|Court|Council|Office|Institute|House|Board|Bureau)\sof\s(?:the\s)?{_NAME}
        (?:\s(?:and\s)?{_NAME})*
    | (?:{_NAME}\s){{1,4}}(?:Inc|Ltd|Limited|Corp|Corporation|plc|PLC|LLC|GmbH|SA|SAS|SARL|Group|Holdings?|Airlines?|Airways
        |Bank|University|Council|Authority|Association|Foundation|Institute|Agency|Committee|Commission|Ministry|Department|Party
        |Union|Federation|Police|Partners|Technologies|Systems|Industries|Energy|Motors|Pharma|Telecom|Hospital|College|Railways?
        |Rail|Trains?|Buses|Transport|Mobility|Mobilités|Ventures|Capital|Times|Herald|Tribune|Post|News|Water|Power|Insurance
        |Court)\b
    )""",
    re.VERBOSE,
)
_TITLES: Final = re.compile(
    r"^(?:(?:M|MM|Mme|Mmes|Mlle|Dr|Pr|Me|Mr|Mrs|Ms|Sir|Lord|Lady|Prof|Rev|Sen|Gov|Gen|Capt|President|Président|Monsieur|Madame|Maître"
    r"|Docteur|Professeur|Professor|Minister|Mayor|Judge|CEO|Chairman|Senator|Chancellor|Secretary|Commissioner|Prince|Princess|King|Queen"
    r"|Pope|Premier|Prime Minister|Chief Executive|Inspector|Sergeant|Detective)\.?\s+)+"
)
_ARTICLES: Final = re.compile(
    r"^(?:(?:l'|d'|les?\s|la\s|des\s|du\s|de\sla\s|de\sl'|de\s|the\s|The\s|groupe\s|Groupe\s|éditions\s|société\s)\s?)+(?=\S)"
)
# Names of which the article is a part.
_KEPT_ARTICLE: Final = frozenset(
    ("monde", "figaro", "parisien", "point", "havre", "mans", "caire", "cap", "croix", "poste", "rochelle", "haye", "defense")
)
_PARTICLES: Final = frozenset(
    ("de", "du", "des", "d", "le", "la", "les", "al", "el", "ben", "bin", "von", "van", "der", "den", "of", "the", "di", "da",
     "dos", "del", "y", "et", "and", "aux", "en", "sur")
)  # fmt: skip
_EDGES: Final = " \t.,;:!?…«»\"“”()[]'’-–—|/*"
_FEWEST_LETTERS = 2
_ACRONYM_LETTERS = 6


@dataclass(frozen=True, slots=True)
class Span:
    """A name in a text: from `start` to `end`, as it is written, and what it stands for; `sure` where a list knows it."""

    start: int
    end: int
    name: str
    kind: EntityKind
    sure: bool = False


def straight(text: str) -> str:
    """Return the text with straight apostrophes and ordinary spaces, of the same length: what the model was taught on."""
    return text.replace("’", "'").replace("ʼ", "'").replace("\u00a0", " ").replace("\u202f", " ")


def begins_sentence(text: str, start: int) -> bool:
    """Say whether a name stands where any word would bear a capital."""
    before = text[:start].rstrip(" «\"“'([")
    return not before or before[-1] in ".!?…:|;\n•–—»"


def certain(text: str) -> list[Span]:
    """Return what lists and institutions' names alone tell, of a text with straight apostrophes."""
    listed = lists.found(text)
    # "Union européenne de l'Ukraine": a name that is known whole ends where the list says.
    whole = {start for start, _, item in listed if len(item.words) > 1}
    result = [
        Span(match.start(), match.end(), match[0], ORGANISATION, sure=True)
        for match in _INSTITUTIONS.finditer(text)
        if len(match[0].split()) > 1 and match.start() not in whole and fold_text(match[0].split()[0]) not in _CLAUSE_HEADS
    ]
    for start, end, item in listed:
        doubtful = len(item.words) == 1 and item.words[0] in lists.ambiguous()
        if doubtful and begins_sentence(text, start):
            continue
        result.append(Span(start, end, text[start:end], item.kind, sure=not doubtful))
    return apart(result)


# English words that open a sentence before the name of a company: "When Acme Group…".
_CLAUSE_HEADS: Final = frozenset(
    ("when", "why", "how", "the", "this", "that", "our", "your", "my", "an", "a", "and", "but", "if", "in", "at", "on", "is",
     "are", "was", "were")
)  # fmt: skip


def apart(spans: list[Span]) -> list[Span]:
    """Return the spans without those that overlap a longer one, in order of the text."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda one: (-(one.end - one.start), not one.sure, one.start)):
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda one: one.start)


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a candidate's span without the articles, titles, signs and small words around its first and last capital."""
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    words = [(match.start() + start, match.end() + start) for match in re.finditer(r"[^\s'’]+", text[start:end])]
    while words and not _capital(text[words[0][0] : words[0][1]]):
        words.pop(0)
    while words and not _capital(text[words[-1][0] : words[-1][1]]):
        words.pop()
    return (words[0][0], words[-1][1]) if words else (start, start)


def _capital(word: str) -> bool:
    return any(letter.isupper() for letter in word)


def refused(text: str, span: Span) -> bool:
    """Say whether a candidate names nobody: too short, a common word with a capital, a people, or a number."""
    words = lists.split(span.name)
    if not words or sum(letter.isalpha() for letter in span.name) < _FEWEST_LETTERS:
        return True
    telling = [word for word in words if word not in _PARTICLES and not word.isdecimal()]
    if not telling or all(word in lists.not_names() for word in telling):
        return True
    # "Corvenne–Beaucroix" is a line between two places, and who shouts says no acronyms.
    if "–" in span.name or " - " in span.name or (span.name.isupper() and not span.sure and _shouted(text, span.name)):
        return True
    # "Climat : …" is a rubric.
    rubric = len(telling) == 1 and begins_sentence(text, span.start) and text[span.end : span.end + 3].lstrip().startswith(":")
    return rubric and not span.sure and lists.kind_of(span.name) is None


def _shouted(text: str, name: str) -> bool:
    """Say whether a word in capitals is one of several: "NOS BUS EN RETARD", and not "selon l'ANSM"."""
    others = [
        word for word in lists.WORD.findall(text) if len(word) > 2 and word.isalpha() and word.isupper() and word not in name
    ]
    return len(name) > _ACRONYM_LETTERS or any(lists.kind_of(word) is None for word in others)


def without_title(name: str) -> str:
    """Return a name without article and form of address: "M. Macron" is Macron, "la SNCF" SNCF; "Le Monde" stays."""
    bare = _TITLES.sub("", straight(name).strip(_EDGES))
    stripped = _ARTICLES.sub("", bare)
    if stripped != bare and lists.split(stripped)[:1] and lists.split(stripped)[0] in _KEPT_ARTICLE:
        return bare
    return stripped or bare


def titled(text: str, start: int) -> bool:
    """Say whether a form of address or a function stands right before a name."""
    return bool(_BEFORE_PERSON.search(text[max(0, start - 40) : start]))


_BEFORE_PERSON: Final = re.compile(
    r"(?:\b(?:M|MM|Mme|Mmes|Mlle|Dr|Pr|Me|Mr|Mrs|Ms|Sir|Prof|Sen|Gov)\.?\s|\b(?:[Pp]résidente?|[Mm]inistre|[Mm]aire|[Dd]éputée?"
    r"|[Ss]énat(?:eur|rice)|PDG|DG|[Cc]andidate?|[Pp]réf[eè]te?|[Pp]ape|[Jj]uge|CEO|[Mm]inister|[Pp]resident|[Mm]ayor|[Ss]enator"
    r"|[Ss]ecretary|[Cc]hancellor|[Ss]pokes(?:man|woman|person)|[Cc]hairman|[Jj]udge|[Gg]overnor|[Dd]irector|[Mm]anager|[Ff]ounder"
    r"|[Aa]nalyst|[Pp]rofessor)\s)$"
)

"""Whom a draft names: private persons, the organisation's own people, and accounts other than the one that is answered."""

from __future__ import annotations

import re

from veille.desk.draft import Draft, Place
from veille.folding import fold_text
from veille.reading.entities import EntityKind, english, french, lists
from veille.watch import Role, Watch

_TITLED = re.compile(
    r"\b(?:Monsieur|Madame|Mademoiselle|M\.|MM\.|Mme|Mlle|Mr\.?|Mrs\.?|Ms\.?|Dr\.?)\s+(?P<name>[A-ZÀ-Þ][\w'’-]+(?:\s+[A-ZÀ-Þ][\w'’-]+)*)"
)
_BY_FUNCTION = re.compile(
    r"\b(?:conducteur|conductrice|chauffeur|contrôleur|contrôleuse|agente?|collègue|technicien(?:ne)?|mécanicien(?:ne)?|"
    r"responsable|salariée?|stagiaire|driver|inspector|agent|colleague|technician|mechanic|manager|employee|called|named|nommée?|appelée?)"
    r",?\s+(?P<name>[A-ZÀ-Þ][\w'’-]+(?:\s+[A-ZÀ-Þ][\w'’-]+)?)"
)
_HANDLE = re.compile(r"(?<![\w@/.])@[\w.-]*\w(?:@[\w.-]*\w)?")
_NOBODY = frozenset(("bonjour", "merci", "oui", "non", "hello", "aquilon"))


def persons(watch: Watch, draft: Draft) -> list[Place]:
    """Return where a draft names a person whom watch.yml neither lists nor lets be named.

    Notes
    -----
    French is read by a model and English by rules; both look at every draft, for a name is no word of a language. A first name
    alone is found beside a function: « notre conductrice Sandrine ».
    """
    allowed = {fold_text(handle.lstrip("@")) for handle in watch.privacy.public_authors}
    own = {word for subject in watch.subjects for word in lists.split(subject.name or subject.id)}
    own |= set(lists.split(watch.organisation))
    found = [
        Place(span.start, span.end)
        for read in (french.names, english.names)
        for span in read([draft.text])[0]
        if span.kind is EntityKind.PERSON
    ]
    found += [Place(*match.span("name")) for match in _TITLED.finditer(draft.text)]
    found += [
        Place(*match.span("name"))
        for match in _BY_FUNCTION.finditer(draft.text)
        if lists.split(match["name"])[:1] and lists.split(match["name"])[0] in lists.first_names()
    ]
    kept: list[Place] = []
    for place in sorted(set(found), key=lambda one: (one.start, -one.end)):
        words = lists.split(draft.text[place.start : place.end])
        named = "".join(words) in allowed or " ".join(words) in allowed
        if words and not named and not set(words) <= own | _NOBODY and not (kept and place.start < kept[-1].end):
            kept.append(place)
    return kept


def own_people(watch: Watch, draft: Draft) -> list[tuple[Place, str]]:
    """Return where a draft names the organisation's people, by name or function, with the id of each."""
    result = []
    for person in watch.people:
        for name in {person.name, person.title or ""} - {""}:
            # "Communication" and "Vélos" are departments: one common word names nobody.
            if len(lists.split(name)) >= 2:
                result += [(place, person.id) for place in draft.places(_phrase(name))]
    return result


def accounts(watch: Watch, draft: Draft) -> list[Place]:
    """Return the accounts that a draft names, but the organisation's, those that may be named, and the ones it begins with."""
    known = {fold_text(account.handle.lstrip("@")) for account in watch.accounts}
    known |= {fold_text(handle.lstrip("@")) for handle in watch.privacy.public_authors}
    head = re.match(r"(?:\s*@[\w.@-]+[\s,:]*)*", draft.text)
    begun = head.end() if head else 0
    return [
        Place(*match.span())
        for match in _HANDLE.finditer(draft.text)
        if match.start() >= begun and fold_text(match[0].lstrip("@")) not in known
    ]


def others(watch: Watch, draft: Draft) -> list[tuple[Place, str]]:
    """Return where a draft names a competitor or a regulator, with the id of the subject."""
    mine = {word for subject in watch.subjects if subject.role is Role.SELF for word in lists.split(subject.name or subject.id)}
    result = []
    for subject in watch.subjects:
        if subject.role not in (Role.COMPETITOR, Role.REGULATOR):
            continue
        name = subject.name or subject.id
        first = lists.split(name)[:1]
        names = {name} | ({first[0]} if subject.role is Role.COMPETITOR and first and first[0] not in mine else set())
        places = [place for one in sorted(names, key=len, reverse=True) for place in draft.places(_phrase(one))]
        result += [(place, subject.id) for place in places[:1]]
    return result


def _phrase(name: str) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)" + r"\W+".join(re.escape(word) for word in lists.split(name)) + r"(?!\w)")

"""The watch's own names: subjects, the organisation, its people and competitors, found in any language and any case."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from veille.folding import words_of
from veille.reading.entities import lists
from veille.reading.entities.lists import Known
from veille.reading.entities.tables import EntityKind

if TYPE_CHECKING:
    from veille.watch import Watch

_LEAST_LETTERS = 3
# "Direction générale" is a function: a name of a person has two words with a capital.
_NAME_WORDS = 2


def names_of(watch: Watch) -> dict[str, tuple[Known, ...]]:
    """Return the watch's names by their first word, as `lists.found` takes them.

    Notes
    -----
    A subject is also known by the first word of its name where its query looks for that word: "Aquilon" is Aquilon Mobilités.
    """
    names: dict[tuple[str, ...], Known] = {}
    for words, kind, shown in _names(watch):
        if words and sum(map(len, words)) >= _LEAST_LETTERS:
            names.setdefault(words, Known(words, kind, shown))
    by_first: dict[str, list[Known]] = {}
    for item in names.values():
        by_first.setdefault(item.words[0], []).append(item)
    return {first: tuple(sorted(items, key=lambda item: -len(item.words))) for first, items in by_first.items()}


def _names(watch: Watch) -> Iterator[tuple[tuple[str, ...], EntityKind, str]]:
    yield lists.split(watch.organisation), EntityKind.ORGANISATION, watch.organisation
    for subject in watch.subjects:
        # A sector is spoken about, it has no name.
        if str(subject.role) == "sector":
            continue
        name = subject.name or subject.id
        kind = _kind(name)
        yield lists.split(name), kind, name
        first = lists.split(name)[:1]
        if kind is EntityKind.ORGANISATION and first and first[0] in words_of(subject.query):
            yield first, kind, name
    for person in watch.people:
        if sum(word[:1].isupper() for word in person.name.split()) >= _NAME_WORDS:
            yield lists.split(person.name), EntityKind.PERSON, person.name


def _kind(name: str) -> EntityKind:
    """Return organisation, unless the name is a known place or begins with a first name."""
    words = lists.split(name)
    listed = lists.kind_of(name)
    if listed is EntityKind.PLACE:
        return listed
    person = len(words) == _NAME_WORDS and words[0] in lists.first_names()
    return EntityKind.PERSON if person else EntityKind.ORGANISATION


def version(watch: Watch) -> str:
    """Return what changes with the watch's names."""
    told = "\n".join(sorted(f"{item.shown} {item.kind} {item.words}" for items in names_of(watch).values() for item in items))
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:8]

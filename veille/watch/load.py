"""Read watch.yml: every mistake becomes one sentence with its file and line, before anything runs."""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from veille.errors import WatchError
from veille.watch.model import Watch
from veille.watch.yaml import lines_of, read_yaml

_TYPES = {
    "string_type": ("must be text", "put it in single quotes"),
    "int_type": ("must be a whole number", "write a number without quotes"),
    "int_from_float": ("must be a whole number", "write a number without quotes"),
    "float_type": ("must be a number", "write a number without quotes"),
    "finite_number": ("must be a finite number", "write a number"),
    "bool_type": ("must be true or false", "write true or false without quotes"),
    "tuple_type": ("must be a list", "write [a, b], or lines that start with -"),
    "model_type": ("must hold keys", "write key: value lines under it, or {key: value}"),
    "dict_type": ("must hold keys", "write key: value lines under it, or {key: value}"),
    "string_too_short": ("is empty", "write a text"),
    "too_short": ("is empty", "write at least one"),
}
_BOUNDS = {"greater_than_equal": "ge", "greater_than": "gt", "less_than_equal": "le", "less_than": "lt"}
_BOUND_WORDS = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
_EXAMPLES = {
    "watch": "watch: my-watch",
    "organisation": "organisation: Name of the organisation",
    "subjects": "subjects: [{id: us, query: 'our name'}]",
    "query": "query: 'our name'",
    "id": "id: short-name",
}

Place = tuple[str | int, ...]


def load_watch(path: str | Path) -> Watch:
    """Read and check a watch.

    Parameters
    ----------
    path
        The file, usually `watch.yml`.

    Raises
    ------
    WatchError
        The file cannot be read, or something in it is wrong: the first mistake by line, and where the others are.
    """
    file = Path(path)
    content = read_yaml(file)
    lines = lines_of(content.root)
    try:
        watch = Watch.model_validate(content.plain)
    except ValidationError as error:
        mistakes = sorted(_mistakes(error, content.plain, lines), key=lambda mistake: mistake[0])
        line, what, hint = mistakes[0]
        others = [f"line {line}" for line, _, _ in mistakes[1:]]
        if others:
            what += f" (and {len(others)} more: {', '.join(others[:5])}{', …' if len(others) > 5 else ''})"
        raise WatchError(what, file=str(path), line=line, hint=hint) from None
    watch._file = file
    return watch


def _mistakes(error: ValidationError, plain: Any, lines: dict[Place, int]) -> list[tuple[int, str, str]]:
    found: list[tuple[int, str, str]] = []
    misspelt = {
        (*place[:-1], near)
        for place in (detail["loc"] for detail in error.errors(include_url=False) if detail["type"] == "extra_forbidden")
        for near in _nearest(place)
    }
    for detail in error.errors(include_url=False):
        context = detail.get("ctx", {})
        if detail["type"] == "veille_together":
            for place, what, hint in context["problems"]:
                found.append((_line(place, lines), f"{_name(place)}: {what}", hint))
            continue
        place = tuple(part for part in detail["loc"] if part != "[key]")
        if detail["type"] == "missing" and place in misspelt:
            continue
        what, hint = _sentence(detail["type"], place, context, plain)
        found.append((_line(place, lines), what, hint))
    return list(dict.fromkeys(found))


def _sentence(kind: str, place: Place, context: dict[str, Any], plain: Any) -> tuple[str, str]:
    name = _name(place)
    if kind == "extra_forbidden":
        near = _nearest(place)
        return f"unknown key {name}", f"did you mean {near[0]}?" if near else f"keys here are {', '.join(_known_keys(place))}"
    if kind == "missing":
        return f"{name} is missing", f"add {_EXAMPLES.get(str(place[-1]), f'{place[-1]}: …')}"
    if kind == "veille":
        return f"{name}: {context['what']}", context["hint"]
    if kind in _BOUNDS:
        bound = _BOUNDS[kind]
        return f"{name} must be {_BOUND_WORDS[bound]} {context[bound]}", "write such a number"
    if kind == "string_pattern_mismatch":
        return f"{name}: “{_value(place, plain)}” does not have the right form", _PATTERN_HINTS.get(str(place[-1]), "")
    what, hint = _TYPES.get(kind, ("cannot be read", "see the documentation of watch.yml"))
    return f"{name} {what}", hint


_PATTERN_HINTS = {
    "language": "write a language code of two letters, such as fr",
    "holidays": "write a country code of two capitals, such as FR",
}


def _name(place: Place) -> str:
    """Write a place as a path: `subjects[2].query`, counted from 1 as people count."""
    text = ""
    for depth, part in enumerate(place):
        if isinstance(part, int) and not (depth and place[depth - 1] in ("escalation", "autonomy")):
            text += f"[{part + 1}]"
        else:
            text += f".{part}" if text else str(part)
    return text or "the file"


def _line(place: Place, lines: dict[Place, int]) -> int:
    while place not in lines and place:
        place = place[:-1]
    return lines.get(place, 1)


def _value(place: Place, plain: Any) -> Any:
    for part in place:
        plain = plain[part]
    return re.sub(r"\s+", " ", str(plain))[:80]


def _nearest(place: Place) -> list[str]:
    return get_close_matches(str(place[-1]), _known_keys(place), n=1, cutoff=0.6)


def _known_keys(place: Place) -> list[str]:
    model: type[BaseModel] = Watch
    for part in place[:-1]:
        field = model.model_fields.get(part) if isinstance(part, str) else None
        inner = _model_in(field.annotation) if field else None
        model = inner or model
    return list(model.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for part in get_args(annotation) if (model := _model_in(part))), None)

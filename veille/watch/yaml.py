"""YAML 1.2 as a tree that knows its lines, and nothing more: no tags, no doubled keys, no alias that grows without end."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.composer import Composer
from ruamel.yaml.constructor import DuplicateKeyError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from veille.errors import WatchError

MOST_BYTES = 2_000_000
"""Largest file that is read."""
MOST_VALUES = 100_000
"""Most values of a file, aliases written out."""
MOST_DEPTH = 30
"""Deepest nesting of a file."""

Place = tuple[str | int, ...]


class _Constructor(RoundTripConstructor):
    """Leaves dates as text, so that a day that does not exist is reported by its own key."""


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: node.value)


class _Composer(Composer):
    """Stops at a depth nobody writes, long before Python's own limit."""

    _depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise RecursionError
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1


@dataclass(frozen=True, slots=True)
class Content:
    """A file as it was written (`root`, with lines) and as plain values."""

    root: CommentedMap
    plain: dict[Any, Any]


def read_yaml(file: Path) -> Content:
    """Read a file whose root holds keys.

    Raises
    ------
    WatchError
        It is missing, not a file, not UTF-8, empty, too large, not YAML 1.2, or not a mapping.
    """
    text = _text(file)
    yaml = YAML(typ="rt", pure=True)
    yaml.Constructor = _Constructor
    yaml.Composer = _Composer
    try:
        root = yaml.load(text)
    except DuplicateKeyError as error:
        raise _wrong(file, f"the key {_doubled_key(error)} stands twice", _mark(error), "keep one of the two") from None
    except MarkedYAMLError as error:
        raise _syntax(file, error) from None
    except (YAMLError, ValueError, RecursionError, ArithmeticError, TypeError, KeyError, AttributeError) as error:
        if isinstance(error, RecursionError):
            raise _wrong(file, "it is nested too deep", 1, "write it flatter") from None
        raise _wrong(file, "it is not YAML", 1, str(error).strip().splitlines()[0] if str(error).strip() else "") from None
    if root is None:
        raise WatchError("it is empty", file=str(file), hint="docs/watch.md has an example to start from")
    if not isinstance(root, CommentedMap):
        raise _wrong(file, "it does not hold keys", 1, "start with a line such as watch: my-watch")
    return Content(root, _plain(root, file, [0], 0, 1))


def lines_of(root: CommentedMap) -> dict[Place, int]:
    """Return the line, from 1, of every key and item, by its place in the tree."""
    lines: dict[Place, int] = {(): 1}
    _collect(root, (), lines)
    return lines


def _collect(node: Any, place: Place, lines: dict[Place, int]) -> None:
    if isinstance(node, CommentedMap):
        for key, value in node.items():
            spots = node.lc.data or {}
            if key in spots:
                lines[(*place, key)] = spots[key][0] + 1
            _collect(value, (*place, key), lines)
    elif isinstance(node, CommentedSeq):
        for number, value in enumerate(node):
            spots = node.lc.data or {}
            if number in spots:
                lines[(*place, number)] = spots[number][0] + 1
            _collect(value, (*place, number), lines)


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise WatchError(f"it is larger than {MOST_BYTES} bytes", file=str(file), hint="is it the right file?")
        return file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise WatchError(
            "there is no such file", file=str(file), hint="write one as docs/watch.md shows, or name another with --watch"
        ) from None
    except IsADirectoryError:
        raise WatchError("it is a folder", file=str(file), hint=f"name the file, such as {file / 'watch.yml'}") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise _wrong(file, "it is not UTF-8", line, "save it with the encoding UTF-8") from None
    except OSError as error:
        raise WatchError(f"it cannot be read: {error.strerror}", file=str(file), hint="check its permissions") from None


def _plain(node: Any, file: Path, count: list[int], depth: int, line: int) -> Any:
    """Return the values without ruamel's types."""
    count[0] += 1
    if count[0] > MOST_VALUES or depth > MOST_DEPTH:
        raise _wrong(
            file, "it holds too much, or aliases (*) that repeat without end", line, "write values out, without aliases"
        )
    if isinstance(node, CommentedMap | CommentedSeq) and node.tag.value is not None:
        raise _wrong(file, "it uses a YAML tag (!…)", line, "leave the tag out")
    if isinstance(node, CommentedMap):
        plain = {}
        for key, value in node.items():
            spot = (node.lc.data or {}).get(key)
            here = spot[0] + 1 if spot else line
            if not isinstance(key, str | int):
                raise _wrong(file, f"“{key}” cannot be a key", here, "write a word before the colon")
            plain[key if isinstance(key, int) else str(key)] = _plain(value, file, count, depth + 1, here)
        return plain
    if isinstance(node, CommentedSeq):
        return [_plain(value, file, count, depth + 1, line) for value in node]
    for kind in (bool, int, float, str):
        if isinstance(node, kind):
            return kind(node)
    if node is None:
        return None
    raise _wrong(file, "it uses a YAML tag (!…)", line, "put the value in single quotes")


def _syntax(file: Path, error: MarkedYAMLError) -> WatchError:
    problem = str(error.problem or error.context or "it is not YAML").replace("\n", " ")
    line = _mark(error)
    if "\\t" in problem or "tab" in problem.lower():
        return _wrong(file, "a tab stands where YAML wants spaces", line, "replace the tab by spaces")
    if "'@'" in problem or "'`'" in problem or "'%'" in problem:
        return _wrong(file, f"it is not YAML: {problem}", line, "put the value in quotes, such as '@name'")
    if "mapping values are not allowed" in problem:
        return _wrong(file, "it is not YAML: a colon stands inside a value", line, "put the value in single quotes")
    if "<block end>" in problem or "',' or" in problem:
        hint = "check the indentation; put a value that starts with a double quote, such as a query, in single quotes"
        return _wrong(file, f"it is not YAML: {problem}", line, hint)
    return _wrong(file, f"it is not YAML: {problem}", line, "check quotes, colons and indentation")


def _mark(error: MarkedYAMLError) -> int:
    mark = error.problem_mark or error.context_mark
    return int(mark.line) + 1 if mark else 1


def _doubled_key(error: DuplicateKeyError) -> str:
    words = str(error.problem or "").split('"')
    return words[1] if len(words) > 1 else ""


def _wrong(file: Path, what: str, line: int, hint: str) -> WatchError:
    return WatchError(what, file=str(file), line=line, hint=hint)

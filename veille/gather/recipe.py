"""Recipes: what the columns of a vendor's or a tool's export mean, as files that a user can read and correct."""

from __future__ import annotations

import re
from functools import reduce
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
from pydantic import Field, ValidationError, field_validator

from veille.errors import UsageError
from veille.gather.mapping import Mapping
from veille.gather.rows import FIELDS
from veille.sources import plain_text
from veille.watch.values import AsTuple, Model, Text, Texts, problem
from veille.watch.yaml import Content, lines_of, read_yaml

FOLDER = Path(__file__).with_name("recipes")
RECIPES = tuple(sorted(file.stem for file in FOLDER.glob("*.yml")))
"""Exports whose columns are known, by the name that `--format` takes."""

READERS = {
    "csv": "csv",
    "tsv": "csv",
    "txt": "csv",
    "xlsx": "xlsx",
    "json": "jsonl",
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "parquet": "parquet",
}
_ARCHIVES = ("zip", "tar", "tgz")
_PREPARED = "veille:"


class Extract(Model):
    """A part of a column."""

    column: Text = Field(description="The column")
    pattern: Text = Field(description="Regular expression; its first group is taken where it is found")

    @field_validator("pattern")
    @classmethod
    def _readable(cls, pattern: str) -> str:
        try:
            groups = re.compile(pattern).groups
        except re.error as error:
            raise problem(f"“{pattern}” is no regular expression: {error}", "write one such as /status/([0-9]+)") from None
        if groups != 1:
            raise problem(f"“{pattern}” has {groups} groups", "put what is wanted, and nothing else, in parentheses")
        return pattern


class Recipe(Model):
    """How an export is read."""

    verified: bool = Field(default=False, description="Whether its names of columns were seen in a document of its maker")
    note: Text = Field(default="", description="Where its names come from")
    rows: Text = Field(default="", description="Key that holds the rows, in JSON that is no list of rows")
    member: Text = Field(default="", description="File of an archive that is read")
    columns: dict[str, Texts] = Field(description="Columns of each field; of several the first that says something")
    fixed: dict[str, Text] = Field(default={}, description="Value of all rows, by field")
    meanings: dict[str, dict[str, Text]] = Field(
        default={}, description="What values become, by field; letter case does not count"
    )
    extract: dict[str, Extract] = Field(default={}, description="Parts of columns, taken before `columns`, by field")
    markup: Annotated[tuple[str, ...], AsTuple] = Field(default=(), description="Fields that hold HTML")
    day_first: bool | None = Field(default=None, description="Whether 03/11/2026 is 3 November")

    @field_validator("columns", "fixed", "meanings", "extract")
    @classmethod
    def _fields(cls, given: dict[str, Any]) -> dict[str, Any]:
        for name in given:
            if name not in FIELDS:
                raise problem(f"a mention has no field “{name}”", f"its fields are {', '.join(FIELDS)}")
        return given

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields that it says something about."""
        return tuple(name for name in FIELDS if name in self.columns or name in self.extract)


def load_recipe(name: str = "", file: Path | None = None) -> Recipe:
    """Read a recipe: a user's own file, else the one that comes with veille under that name.

    Raises
    ------
    UsageError
        There is none, or something in it is wrong.
    """
    place = file or FOLDER / f"{name}.yml"
    if not place.is_file():
        raise UsageError(f"there is no file {place}", "print a recipe into it: veille import --format NAME --show-mapping")
    content = read_yaml(place)
    try:
        return Recipe.model_validate(content.plain)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        hint = str(first.get("ctx", {}).get("hint", "")) or "compare it with `veille import --format NAME --show-mapping`"
        line = _line(content, first["loc"])
        raise UsageError(f"{place}:{line}: {where}: {first['msg']}", hint) from None


def _line(content: Content, place: tuple[int | str, ...]) -> int:
    """Return the line of what is wrong, or of what it is in."""
    lines = lines_of(content.root)
    return next(lines[place[:length]] for length in range(len(place), -1, -1) if place[:length] in lines)


def shown_recipe(name: str) -> str:
    """Return the text of the recipe that comes with veille."""
    return (FOLDER / f"{name}.yml").read_text(encoding="utf-8")


def reader_of(file: Path) -> str:
    """Return the format in which a file is read, by its suffix; archives hold JSON.

    Raises
    ------
    UsageError
        The suffix is of no format that is read.
    """
    suffixes = [suffix.lstrip(".").lower() for suffix in file.suffixes]
    kind = next((suffix for suffix in reversed(suffixes) if suffix != "gz"), "")
    if kind in _ARCHIVES:
        return "jsonl"
    if kind not in READERS:
        known = ", ".join(f".{suffix}" for suffix in [*READERS, *_ARCHIVES])
        raise UsageError(f"{file.name} is of no kind that an export is read from", f"its name should end with one of {known}")
    return READERS[kind]


def prepare(recipe: Recipe, frame: pd.DataFrame, name: str, asked: Mapping) -> pd.DataFrame:
    """Return the rows of a file with a column for each field of the recipe, which `mapped` names.

    Parameters
    ----------
    recipe
        How it is read.
    frame
        Its rows, values as they are.
    name
        How messages call the file.
    asked
        What the command line maps itself: it needs no column of the recipe.

    Raises
    ------
    UsageError
        No column that holds a title or a text is there.
    """
    if frame.empty and not len(frame.columns):
        return frame
    folded = {str(column).strip().casefold(): str(column) for column in reversed(list(frame.columns))}
    told = {field for field in ("title", "text") if field in asked.columns or field in asked.fixed}
    wanted = [column for field in ("title", "text") for column in recipe.columns.get(field, ())]
    if not told and not any(_there(part, folded) for column in wanted for part in column.split("+")):
        has = ", ".join(map(str, frame.columns[:40]))
        raise UsageError(
            f"{name} has no column for the text: the recipe knows {', '.join(wanted)}; the file has {has}",
            "correct the recipe: print it with --show-mapping, and give yours with --mapping FILE; or name one with --map",
        )
    prepared = frame.assign(**{_PREPARED + field: _field(recipe, frame, field, folded) for field in recipe.fields})
    return prepared.drop(columns=_naming(recipe, folded, asked))


def mapped(recipe: Recipe, asked: Mapping) -> Mapping:
    """Return the mapping of prepared files; what the command line says comes first."""
    columns = {field: _PREPARED + field for field in recipe.fields if field not in asked.columns and field not in asked.fixed}
    fixed = {name: value for name, value in recipe.fixed.items() if name not in asked.columns and name not in columns}
    return Mapping({**columns, **asked.columns}, {**fixed, **asked.fixed})


def _naming(recipe: Recipe, folded: dict[str, str], asked: Mapping) -> list[str]:
    """Return the columns that name authors: refused rows are kept aside, and must not name them there."""
    heads = {name.split(".", 1)[0].strip().casefold() for name in recipe.columns.get("author", ())}
    spoken_of = {part.split(".", 1)[0].strip().casefold() for text in asked.columns.values() for part in text.split("+")}
    return [folded[head] for head in sorted(heads - spoken_of) if head in folded]


def _field(recipe: Recipe, frame: pd.DataFrame, field: str, folded: dict[str, str]) -> pd.Series:
    value = pd.Series([None] * len(frame), index=frame.index, dtype="object")
    part = recipe.extract.get(field)
    if part and _there(part.column, folded):
        texts = _dotted(frame, part.column, folded)
        pattern = re.compile(part.pattern)
        value = texts.map(lambda text: _first_group(pattern, text))
    for alternative in recipe.columns.get(field, ()):
        parts = [_dotted(frame, name, folded) for name in alternative.split("+") if _there(name, folded)]
        if parts:
            value = value.where(value.map(_says), reduce(lambda one, two: _joined(one, two, field), parts))
    if field in recipe.markup:
        value = value.map(lambda text: plain_text(text) if isinstance(text, str) else text)
    known = recipe.meanings.get(field)
    if known is not None:
        lower = {key.strip().casefold(): meant for key, meant in known.items()}
        value = value.map(lambda said: lower.get(str(said).strip().casefold(), lower.get("*")) if _says(said) else None)
    default = recipe.fixed.get(field)  # of a field that is in columns too
    return value.where(value.map(_says), default) if default is not None else value


def _there(path: str, folded: dict[str, str]) -> bool:
    return path.strip().casefold() in folded or path.strip().split(".", 1)[0].casefold() in folded


def _dotted(frame: pd.DataFrame, path: str, folded: dict[str, str]) -> pd.Series:
    """Return a column, or what lies below it: `user.name`; of a list each member's, `media.url`."""
    whole = folded.get(path.strip().casefold())
    if whole is not None:
        return frame[whole]
    head, *rest = path.strip().split(".")
    return frame[folded[head.casefold()]].map(lambda value: _below(value, rest))


def _below(value: object, path: list[str]) -> object:
    for number, key in enumerate(path):
        if isinstance(value, list):
            found = [_below(member, path[number:]) for member in value]
            return [item for item in found if item is not None] or None
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _joined(one: pd.Series, two: pd.Series, field: str) -> pd.Series:
    space = "\n\n" if field == "text" else " "
    pairs = zip(one, two, strict=True)
    return pd.Series([space.join(str(part) for part in pair if _says(part)) for pair in pairs], index=one.index, dtype="object")


def _says(value: object) -> bool:
    if isinstance(value, (str, list, dict)):
        return bool(value)
    return value is not None and not pd.isna(value)  # type: ignore[call-overload, no-any-return, unused-ignore]


def _first_group(pattern: re.Pattern[str], text: object) -> str | None:
    found = pattern.search(text) if isinstance(text, str) else None
    return found[1] if found else None

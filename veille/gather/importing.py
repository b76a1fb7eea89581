"""Bring in files: exports of vendors, archives, saved feeds. A bad row is kept aside and never stops the rest."""

from __future__ import annotations

import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pandas as pd

from veille.errors import ImportFileError, UsageError
from veille.gather.files import FORMATS, Options, RawFile, read_file
from veille.gather.mapping import Mapping, missing_columns, read_mapping, resolve
from veille.gather.recipe import RECIPES, load_recipe, mapped, prepare, reader_of
from veille.gather.rejects import Reject, refused_rows, write_rejects
from veille.gather.rows import mentions_frame
from veille.gather.save import save
from veille.gather.subjects import refresh_subjects
from veille.gather.values import DAY_OR_MONTH, typed
from veille.mention import MentionKind
from veille.store import Merged, Store
from veille.watch import Watch

DEFAULT_SOURCE = "import"
"""Source of what is imported without saying where it came from."""

_UNSURE_DIGITS = 2**53


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did; `unchanged` is what is left of `read`.

    Parameters
    ----------
    read
        Rows in the files.
    new
        Mentions that were not known.
    updated
        Rows that changed a known mention, one of the same files included.
    refused
        Rows kept aside.
    rejects_file
        Where they are, with their reasons; None where there are none.
    warnings
        What a person should know.
    """

    read: int
    new: int
    updated: int
    refused: int
    rejects_file: Path | None
    warnings: tuple[str, ...]

    @property
    def unchanged(self) -> int:
        """Rows that said nothing new."""
        return self.read - self.new - self.updated - self.refused


def import_files(
    watch: Watch,
    store: Store,
    files: Sequence[Path | str],
    *,
    format: str,  # noqa: A002 - named as its flag
    as_of: datetime,
    source: str = DEFAULT_SOURCE,
    mapping: Sequence[str] = (),
    timezone: str | None = None,
    day_first: bool | None = None,
    sheet: str | None = None,
    recipe_file: Path | None = None,
) -> Imported:
    """Bring in files. All are read before anything is written.

    Parameters
    ----------
    watch, store
        The watch and its memory.
    files
        Files of one format, packed with gzip or not. Later rows of the same mention win.
    format
        One of `FORMATS`, or of `RECIPES` for an export whose columns are known.
    as_of
        Start of the run: `imported_at`, and when the counters were seen.
    source
        Id of the source they came from; its type, outlet and language are taken over. Where watch.yml has sources it must
        be one of them, or the default. A mapped `source` column is data and is not compared with watch.yml.
    mapping
        `field=column`, `field=column+column` or `field==value`; fields are those of `Mention`. Columns with a field's
        own name, or one of `ALIASES`, map by themselves.
    timezone
        IANA name of the zone of times without offset; that of the watch by default.
    day_first
        Whether `03/11/2026` is 3 November; None lets the files decide, and refuses what they leave open.
    sheet
        Sheet of a workbook; None takes the first that holds the columns, else the first that holds rows.
    recipe_file
        The user's own recipe, instead of the one that comes with veille under the name of the format.

    Raises
    ------
    UsageError
        An unknown format, source, sheet or time zone, a mapping that cannot be read, or that names a column no file has.
    ImportFileError
        A file cannot be read at all, or has no column with a text.
    """
    if format not in (*FORMATS, *RECIPES) and not recipe_file:
        raise UsageError(f"no format {format!r} can be imported", f"the formats are {', '.join((*FORMATS, *RECIPES))}")
    recipe = load_recipe(format, recipe_file) if recipe_file or format in RECIPES else None
    check_source(watch, source)
    zone = timezone or watch.timezone
    try:
        zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(f"{zone!r} is not a time zone", "write an IANA name such as Europe/Paris") from None
    asked = read_mapping(mapping)
    readers = [reader_of(Path(file)) if recipe else format for file in files]
    if sheet is not None and "xlsx" not in readers:
        raise UsageError(f"--sheet is of no use for the format {format}", "leave it out; only xlsx has sheets")
    options = Options(source, zone, tuple(asked.columns.values()), sheet)
    if recipe:
        options = replace(options, rows=recipe.rows, member=recipe.member)
    raws = [read_file(Path(file), reader, options) for file, reader in zip(files, readers, strict=True)]
    if recipe:
        raws = [replace(raw, frame=prepare(recipe, raw.frame, raw.name, asked)) for raw in raws]
        asked = mapped(recipe, asked)
        day_first = recipe.day_first if day_first is None else day_first
    check_columns(asked, raws)
    defaults = defaults_of(watch, format, source)
    # Before anything is added: what is stored under older queries is asked again, what is added asks for itself.
    refresh_subjects(watch, store)
    frames: list[pd.DataFrame] = []
    rejects: list[Reject] = []
    warnings: list[str] = [text for raw in raws for text in raw.warnings]
    if recipe and not recipe.verified and not recipe_file:
        warnings.append(
            f"the names of columns of {format} exports could not be verified: look at what was imported; --show-mapping prints "
            "the recipe to correct, --mapping FILE takes yours"
        )
    for batch in _batches(raws):
        frame, refused, said = typed_files(batch, asked, defaults, zone, day_first, store.key)
        frames.append(frame)
        rejects += refused
        warnings += said
    merged = Merged(0, 0, 0)
    # The index of the rows says their order over all files, in which the later of two versions wins.
    good = pd.concat(frames).sort_index(kind="stable") if frames else pd.DataFrame()
    if len(good):
        rows = mentions_frame(good, watch, store.key, imported_at=as_of)
        warnings += _time_warnings(rows, as_of)
        merged = save(watch, store, rows, as_of)
    path = write_rejects(watch.state_path / "rejects", rejects)
    read = sum(len(raw.lines) + len(raw.unparsed) for raw in raws)
    # Where days and months cannot be told apart, a sentence has said so already.
    if rejects and len(rejects) == read and not any(reject.reason.endswith(DAY_OR_MONTH) for reject in rejects):
        warnings.append("every row was refused: is the format right?")
    return Imported(read, merged.new, merged.updated, len(rejects), path, tuple(dict.fromkeys(warnings)))


def check_source(watch: Watch, source: str, default: str = DEFAULT_SOURCE) -> None:
    """Look whether watch.yml has a source, where it has any; the default is always right.

    Raises
    ------
    UsageError
        It has not.
    """
    known = [spec.id for spec in watch.sources]
    if known and source != default and source not in known:
        raise UsageError(
            f"{watch.file} has no source {source!r}",
            f"its sources are {', '.join(known)}; name one of them, add it to watch.yml, or leave --source out",
        )


def defaults_of(watch: Watch, file_format: str, source: str) -> dict[str, str]:
    """Return the fields that rows of a file have where it does not say them."""
    types = {spec.id: spec.type for spec in watch.sources}
    is_feed = file_format == "rss"
    return {
        "source": source,
        # A saved feed and the same feed read live must give a mention the same id.
        "source_type": types.get(source, "rss" if is_feed else "import"),
        "kind": MentionKind.ARTICLE.value if is_feed else MentionKind.POST.value,
    }


def check_columns(asked: Mapping, raws: list[RawFile]) -> None:
    """Look whether the files have the columns that are needed.

    Raises
    ------
    UsageError
        A column that was named is in none of them.
    ImportFileError
        No column holds a text or a title.
    """
    available = list(dict.fromkeys(str(name) for raw in raws for name in raw.frame.columns))
    if not available:
        return
    missing = missing_columns(asked, available)
    listed = f"the columns are {', '.join(available[:40])}"
    if missing:
        raise UsageError(f"no column {', '.join(missing)} in the files", listed)
    if not {"text", "title"} & ({*resolve(asked, available)} | asked.fixed.keys()):
        raise ImportFileError("no column holds a text or a title", f"name one with --map text=column; {listed}")


def _batches(raws: list[RawFile]) -> list[list[RawFile]]:
    """Return the files by their columns: a hundred small files of one kind are typed at once."""
    batches: dict[tuple[str, ...], list[RawFile]] = {}
    start = 0
    for raw in raws:
        raw.frame.index = pd.RangeIndex(start, start + len(raw.frame))
        start += len(raw.frame)
        batches.setdefault(tuple(map(str, raw.frame.columns)), []).append(raw)
    return list(batches.values())


def typed_files(
    raws: list[RawFile], asked: Mapping, defaults: dict[str, str], timezone: str, day_first: bool | None, key: bytes
) -> tuple[pd.DataFrame, list[Reject], list[str]]:
    """Type the rows of files with the same columns: those that can be mentions, the others with their reasons, warnings."""
    values = pd.concat([raw.frame for raw in raws])
    columns = resolve(asked, [str(name) for name in values.columns])
    fields = typed(values, columns, asked.fixed, timezone, day_first)
    frame = fields.frame
    for name, value in defaults.items():
        frame[name] = frame[name].where(frame[name].notna() & (frame[name] != ""), value)
    named = raws[0].name + (f" and {len(raws) - 1} more" if len(raws) > 1 else "")
    warnings = [f"{named}: {text}" for text in fields.warnings]
    authors = [*columns.get("author", []), *columns.get("author_name", [])]
    rejects = [reject for raw in raws for reject in refused_rows(raw, fields.reasons.loc[raw.frame.index], authors, key)]
    for raw in raws:
        ids = [raw.frame[name] for name in columns.get("native_id", []) if raw.name.lower().endswith((".xlsx", ".xlsx.gz"))]
        if any(column.map(_is_unsure).any() for column in ids):
            warnings.append(f"{raw.name}: ids of more than 15 digits are kept as numbers and have lost their last digits")
    return frame.loc[fields.reasons == ""], rejects, warnings


def _is_unsure(value: object) -> bool:
    return isinstance(value, (int, float)) and abs(value) > _UNSURE_DIGITS


def _time_warnings(rows: pd.DataFrame, as_of: datetime) -> list[str]:
    undated = int(rows["published_at"].isna().sum())
    later = int((rows["published_at"] > pd.Timestamp(as_of)).sum())
    warnings = [f"{undated} mentions have no time of publication: kept, never counted"] if undated else []
    if later:
        warnings.append(f"{later} mentions are dated after this run: not visible until then")
    return warnings

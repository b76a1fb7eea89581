"""The files of an edition: pages, data and the typed inputs that make the same pages again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from veille.bulletin.audience import for_audience
from veille.bulletin.dates import with_dates
from veille.bulletin.render import mail_pictures, render, render_mail
from veille.bulletin.seal import check, said_by_the_public
from veille.bulletin.table import figures_csv
from veille.bulletin.types import Bulletin, Marking
from veille.errors import EditionError
from veille.language import Language
from veille.watch import confidential_terms

if TYPE_CHECKING:
    from veille.store import Store
    from veille.watch import Watch

INPUTS = "inputs"
AUDIENCES = "audiences"
_CEILINGS = f"{INPUTS}/{AUDIENCES}.json"


@dataclass(frozen=True, slots=True)
class Audiences:
    """The files that were written for audiences, and why those of an audience were not, by its name."""

    paths: tuple[Path, ...]
    refused: Mapping[str, EditionError]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person must see, a sentence each."""
        return tuple(str(error) for error in self.refused.values())


def write(bulletins: Sequence[Bulletin], folder: Path) -> tuple[Path, ...]:
    """Write the files of an edition and return their paths.

    Parameters
    ----------
    bulletins
        One a language; the first is the main one, a twin page `bulletin.<language>.html` is written of each other.
    folder
        Folder of the run; it is made where it is missing.
    """
    if not bulletins:
        raise EditionError("there is no bulletin to write")
    contents = _files(bulletins)
    contents |= {
        f"{INPUTS}/bulletin.{number}.{one.edition.language}.json": one.to_json().encode("utf-8")
        for number, one in enumerate(bulletins)
    }
    return _written(contents, folder)


def write_audiences(watch: Watch, store: Store, bulletins: Sequence[Bulletin], folder: Path) -> Audiences:
    """Write what each audience of the watch may read of an edition, under `audiences/<name>/`.

    An audience whose files would hold anything above its marking gets none, and the others theirs.

    Parameters
    ----------
    watch, store
        The watch and its memory; what mentions say is no secret of the organisation.
    bulletins, folder
        As for `write`, which comes first.
    """
    terms, said = confidential_terms(watch), said_by_the_public(store, bulletins[0])
    watch = with_dates(watch, store, bulletins[0].edition.as_of)
    contents: dict[str, bytes] = {}
    ceilings, refused = {}, {}
    for name, tlp in watch.audiences.items():
        ceiling = Marking(str(tlp))
        files = _for(bulletins, ceiling, name)
        try:
            check(files, watch, ceiling, terms, said)
        except EditionError as error:
            refused[name] = error
        else:
            contents |= files
            ceilings[name] = ceiling.value
    shutil.rmtree(folder / AUDIENCES, ignore_errors=True)
    paths = _written(contents, folder)
    _written({_CEILINGS: json.dumps(ceilings, indent=2).encode()}, folder)
    return Audiences(paths, refused)


def redraw(watch: Watch, store: Store, bulletins: Sequence[Bulletin], folder: Path) -> Audiences:
    """Write the pages of an edition over those that are there, for its audiences too; its saved inputs stay as they were.

    Parameters
    ----------
    watch, store, folder
        As for `write_audiences`.
    bulletins
        What the pages are to say now, such as a draft without what a person withheld.
    """
    contents = _files(bulletins)
    for gone in {path.name for path in folder.glob("mail-*.png")} - contents.keys():
        (folder / gone).unlink()
    for name, content in contents.items():
        # A reader finds the old page or the new one, and a copy that shares the file keeps its own.
        whole = folder / f".{name}"
        whole.write_bytes(content)
        whole.replace(folder / name)
    return write_audiences(watch, store, bulletins, folder) if (folder / AUDIENCES).exists() else Audiences((), {})


def _for(bulletins: Sequence[Bulletin], ceiling: Marking, name: str) -> dict[str, bytes]:
    files = _files([for_audience(one, ceiling, name) for one in bulletins])
    return {f"{AUDIENCES}/{name}/{file}": content for file, content in files.items()}


def _written(contents: Mapping[str, bytes], folder: Path) -> tuple[Path, ...]:
    paths = []
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        paths.append(path)
    return tuple(paths)


def rerender(folder: Path) -> dict[str, bytes]:
    """Return the files of an edition, made again from the typed inputs that were saved with it, by name.

    Raises
    ------
    EditionError
        The folder holds no inputs, or what it holds is no bulletin.
    """
    bulletins, ceilings = saved(folder), folder / _CEILINGS
    told: dict[str, str] = json.loads(ceilings.read_text(encoding="utf-8")) if ceilings.exists() else {}
    cut = [_for(bulletins, Marking(tlp), name) for name, tlp in told.items()]
    return {name: content for files in (_files(bulletins), *cut) for name, content in files.items()}


def for_reader(folder: Path, language: str, audience: str | None = None) -> tuple[Path, Bulletin]:
    """Return the folder that is sent from and the bulletin in a reader's language, the main one where it has no such twin.

    Parameters
    ----------
    folder
        Folder of the run.
    language
        ISO 639-1 code.
    audience
        Audience that the readers are of; None for the whole edition.

    Raises
    ------
    EditionError
        The folder holds no inputs, or what it holds is no bulletin.
    OSError
        The audience has no files there.
    """
    every = saved(folder)
    place = folder if audience is None else folder / AUDIENCES / audience
    twin = next((one for one in every[1:] if one.edition.language == language), None)
    if twin is not None and (place / f"mail.{language}.html").exists():
        ceilings: dict[str, str] = json.loads((folder / _CEILINGS).read_text(encoding="utf-8")) if audience else {}
        return place, for_audience(twin, Marking(ceilings[audience]), audience) if audience else twin
    return place, Bulletin.model_validate_json((place / "bulletin.json").read_bytes()) if audience else every[0]


def saved(folder: Path) -> list[Bulletin]:
    """Return the bulletins that an edition was rendered from, the main one first; see `rerender` for what is raised."""
    inputs = sorted((folder / INPUTS).glob("bulletin.*.json"))
    if not inputs:
        raise EditionError(f"{folder} holds no inputs of a rendering", "only editions that were done can be made again")
    try:
        return [Bulletin.model_validate_json(path.read_bytes()) for path in inputs]
    except ValidationError as error:
        raise EditionError(f"the inputs in {folder / INPUTS} are not a bulletin: {error.errors()[0]['msg']}") from error


def _files(bulletins: Sequence[Bulletin]) -> dict[str, bytes]:
    first = bulletins[0]
    mail, text = render_mail(first)
    twins = {twin.edition.language: render_mail(twin, f"bulletin.{twin.edition.language}.html") for twin in bulletins[1:]}
    pages = {
        "bulletin.html": render(first),
        **{f"bulletin.{twin.edition.language}.html": render(twin) for twin in bulletins[1:]},
        "bulletin.json": first.to_json(),
        "mail.html": mail,
        "mail.txt": text,
        **{f"mail.{code}.html": twin for code, (twin, _) in twins.items()},
        **{f"mail.{code}.txt": twin for code, (_, twin) in twins.items()},
        "figures.csv": figures_csv(first, Language(first.edition.language)),
    }
    return {name: content.encode("utf-8") for name, content in pages.items()} | mail_pictures(first)

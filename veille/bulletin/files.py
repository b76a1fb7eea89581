"""The files of an edition: pages, data and the typed inputs that make the same pages again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from veille.bulletin.render import mail_pictures, render, render_mail
from veille.bulletin.table import figures_csv
from veille.bulletin.types import Bulletin
from veille.errors import EditionError
from veille.language import Language

INPUTS = "inputs"


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
    return _files(saved(folder))


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
    pages = {
        "bulletin.html": render(first),
        **{f"bulletin.{twin.edition.language}.html": render(twin) for twin in bulletins[1:]},
        "bulletin.json": first.to_json(),
        "mail.html": mail,
        "mail.txt": text,
        "figures.csv": figures_csv(first, Language(first.edition.language)),
    }
    return {name: content.encode("utf-8") for name, content in pages.items()} | mail_pictures(first)

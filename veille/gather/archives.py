"""Archives as networks hand them out: one file of a zip or tar, read in memory and never unpacked to disk."""

from __future__ import annotations

import io
import tarfile
import zipfile
from typing import TypeVar

from veille.errors import ImportFileError

Info = TypeVar("Info")

_MOST_BYTES = 2 * 1024**3


def member(name: str, content: bytes, wanted: str) -> bytes:
    """Return the file of an archive that is called `wanted`, wherever it lies; what is no archive comes back as it is.

    Raises
    ------
    ImportFileError
        The archive is broken, holds no such file, or one that unpacks to too much.
    """
    try:
        if zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                inner = min((info for info in archive.infolist() if _is(info.filename, wanted)), key=_depth, default=None)
                return archive.read(_bounded(name, inner, inner.file_size if inner else 0, wanted))
        if content[257:262] == b"ustar":
            with tarfile.open(fileobj=io.BytesIO(content)) as tar:
                found = next((info for info in tar if info.isfile() and _is(info.name, wanted)), None)
                stream = tar.extractfile(_bounded(name, found, found.size if found else 0, wanted))
                return stream.read() if stream else b""
    except (zipfile.BadZipFile, tarfile.TarError, OSError, EOFError, RuntimeError, NotImplementedError) as error:
        raise ImportFileError(f"{name} is a broken archive: {type(error).__name__}", "download it again") from error
    return content


def _is(path: str, wanted: str) -> bool:
    return path.rsplit("/", 1)[-1] == wanted


def _depth(info: zipfile.ZipInfo) -> int:
    return info.filename.count("/")


def _bounded(name: str, info: Info | None, size: int, wanted: str) -> Info:
    if info is None:
        raise ImportFileError(f"{name} holds no {wanted}", "give the archive as it was downloaded")
    if size > _MOST_BYTES:
        raise ImportFileError(f"{wanted} in {name} unpacks to more than {_MOST_BYTES >> 30} GB", "import it in parts")
    return info

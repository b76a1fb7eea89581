"""What a file says to somebody who searches it: its text in every dress it may wear."""

from __future__ import annotations

import base64
import gzip
import html
import json
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import pyarrow.parquet as parquet

from veille.folding import fold_text
from veille.masking import spellings

_CODE = re.compile(r"\\u([0-9a-fA-F]{4})")
_ENCODED = re.compile(r"[A-Za-z0-9+/]{40,}={0,2}")


def surfaces(name: str, content: bytes) -> Iterator[str]:
    """Yield the texts of a file: as it is, unescaped, decoded, unpacked."""
    if name.endswith(".parquet"):
        rows = parquet.read_table(BytesIO(content)).to_pylist()
        yield json.dumps(rows, ensure_ascii=False, default=str)
        return
    if name.endswith(".gz"):
        yield from surfaces(name.removesuffix(".gz"), gzip.decompress(content))
        return
    if name.endswith((".xlsx", ".zip")):
        with zipfile.ZipFile(BytesIO(content)) as packed:
            for part in packed.namelist():
                yield from surfaces(part, packed.read(part))
        return
    text = content.decode("utf-8", "replace")
    yield text
    yield content.decode("utf-16-le", "ignore")
    yield _CODE.sub(lambda match: chr(int(match[1], 16)), text)
    yield html.unescape(text)
    yield unquote(text)
    # What a tag or a sign of a table parts is one word to who reads it.
    yield html.unescape(re.sub(r"<[^>]*>", "", text))
    for found in _ENCODED.findall(text):
        whole = found.rstrip("=")
        yield base64.b64decode(whole[: len(whole) // 4 * 4]).decode("utf-8", "replace")


def holding(files: dict[str, bytes], term: str) -> list[str]:
    """Return the names of the files that hold a term in a spelling that the mask knows, or its rarer word alone."""
    pattern = re.compile("|".join([*spellings([term]), re.escape(fold_text(term.split()[-1]))]))
    return [name for name, content in files.items() if any(pattern.search(fold_text(text)) for text in surfaces(name, content))]


def files_below(folder: Path) -> dict[str, bytes]:
    """Return the content of all files below a folder, by their path in it."""
    files = [file for file in sorted(folder.rglob("*")) if file.is_file() and not file.is_symlink()]
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}

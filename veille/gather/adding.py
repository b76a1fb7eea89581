"""Bring in one thing that a person has before their eyes: a page, a text, a transcript, a picture of a screen."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from veille.errors import ImportFileError, SourceError, StoreError, UsageError
from veille.gather.importing import Imported, check_source
from veille.gather.pages import read_page
from veille.gather.rows import mentions_frame
from veille.gather.save import save
from veille.gather.subjects import refresh_subjects
from veille.mention import Extent, Mention, MentionKind
from veille.sources import Client, clean, decode, parse_time
from veille.store import Store
from veille.watch import Watch

DEFAULT_SOURCE = "add"
"""Source, and type of source, of what is added without saying where it came from."""
MEDIA = "media"
"""Folder of copied pictures, below the state of the watch."""
MOST_TEXT_BYTES = 5 * 1024 * 1024
MOST_PICTURE_BYTES = 30 * 1024 * 1024
_OCR_SECONDS = 120
_SIGNS = {
    b"\x89PNG\r\n\x1a\n": ".png",
    b"\xff\xd8\xff": ".jpg",
    b"GIF8": ".gif",
    b"BM": ".bmp",
    b"II*\x00": ".tif",
    b"MM\x00*": ".tif",
}
_TESSERACT = {"fr": "fra", "en": "eng", "de": "deu", "es": "spa", "it": "ita", "nl": "nld", "pt": "por"}


@dataclass(frozen=True, slots=True)
class Added:
    """What a person says of what they bring in; what is left out is read where it can be.

    Parameters
    ----------
    url
        Address of the page; read where neither text nor file is given.
    text
        The words.
    file
        A text file (a transcript) or a picture (a screenshot).
    kind
        What sort of utterance it is (`MentionKind`); None: an article for an address, a transcript for a text file, a
        screenshot for a picture, else a post.
    title, publisher, author
        As they should stand; an author is stored as a pseudonym.
    published
        When it was published, as text.
    source
        Id of the source in watch.yml that it counts for.
    """

    url: str = ""
    text: str = ""
    file: Path | None = None
    kind: str | None = None
    title: str = ""
    publisher: str = ""
    author: str = ""
    published: str = ""
    source: str = DEFAULT_SOURCE


def add(watch: Watch, store: Store, as_of: datetime, said: Added, *, client: Client | None = None) -> Imported:
    """Bring in one mention.

    Parameters
    ----------
    watch, store
        The watch and its memory.
    as_of
        Start of the run: `gathered_at`; an edition of an earlier moment does not see it.
    said
        What is brought in.
    client
        The HTTP client; a new one by default.

    Raises
    ------
    UsageError
        Nothing, or too much, is given; a kind, source, time or address that is none; a picture without words.
    SourceError
        The page cannot be read, does not want to be read by programs, or holds no article.
    ImportFileError
        The file cannot be read.
    StoreError
        The picture cannot be copied.
    """
    _check(said)
    check_source(watch, said.source, DEFAULT_SOURCE)
    published_at = parse_time(said.published, watch.timezone) if said.published else None
    if said.published and published_at is None:
        raise UsageError(f"{said.published!r} is no time that can be read", "write it like 2026-11-18 or 2026-11-18T14:30")
    source_type = {spec.id: spec.type for spec in watch.sources}.get(said.source, DEFAULT_SOURCE)
    warnings: list[str] = []
    if said.file is not None:
        mention = _from_file(said, said.file, watch, warnings)
    elif said.text:
        mention = Mention(said.source, source_type, clean(said.text).strip(), kind=said.kind or MentionKind.POST.value)
    else:
        mention = _from_page(said.url, watch, client, warnings)
        mention.kind = said.kind or mention.kind
    mention.source, mention.source_type = said.source, source_type
    mention.url = mention.url or said.url or None
    mention.title = clean(said.title).strip() or mention.title
    mention.publisher = said.publisher.strip() or mention.publisher
    mention.author = said.author.strip() or mention.author
    mention.published_at = published_at or mention.published_at
    mention.gathered_at = as_of
    if mention.published_at is None:
        warnings.append("nothing says when it was published: it is kept and never counted; add it again with --published")
    elif mention.published_at > as_of:
        warnings.append("it is dated after this moment: not visible until then")
    refresh_subjects(watch, store)
    rows = mentions_frame([mention], watch, store.key)
    if not rows["subjects"].map(len).any():
        warnings.append("it matches no query of watch.yml: it is kept, and no edition counts it")
    merged = save(watch, store, rows, as_of)
    return Imported(1, merged.new, merged.updated, 0, None, tuple(warnings))


def _check(said: Added) -> None:
    if not (said.url or said.text.strip() or said.file):
        raise UsageError("nothing is given", "give an address, --text TEXT or --file FILE; - reads standard input")
    if said.url:
        try:
            parts = urlsplit(said.url)
            right = parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", said.url)
        except ValueError:
            right = False
        if not right:
            raise UsageError(f"{said.url[:200]!r} is no web address", "write it with https://, or give a text with --text")
    if said.kind is not None and said.kind not in list(MentionKind):
        raise UsageError(f"{said.kind!r} is no kind of mention", f"write one of {', '.join(MentionKind)}")


def _from_page(url: str, watch: Watch, client: Client | None, warnings: list[str]) -> Mention:
    own = client or Client()
    try:
        article = read_page(own.page(url), watch.timezone)
    except SourceError as error:
        hint = error.hint if error.hint and "veille add" not in error.hint else ""
        raise SourceError(error.message, hint or "copy its words and give them with --text, beside the address") from error
    finally:
        if client is None:
            own.close()
    mention = article.mention(DEFAULT_SOURCE, DEFAULT_SOURCE)
    if mention.extent == Extent.PAYWALLED:
        warnings.append("the page shows a part to those who do not pay: only that part is kept")
    return mention


def _from_file(said: Added, file: Path, watch: Watch, warnings: list[str]) -> Mention:
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_PICTURE_BYTES + 1)
    except OSError as error:
        raise ImportFileError(f"{file} cannot be read: {error.strerror or error}", "give the path of a file") from error
    suffix = _picture(content)
    if said.kind == MentionKind.SCREENSHOT and not suffix:
        raise ImportFileError(f"{file.name} is no picture", "give a PNG, JPEG, GIF, WebP, BMP or TIFF file")
    if suffix:
        return _from_picture(said, content, suffix, watch, warnings)
    if len(content) > MOST_TEXT_BYTES:
        raise ImportFileError(f"{file.name} is larger than {MOST_TEXT_BYTES >> 20} MB", "give the part that matters")
    if b"\x00" in content[:1024] and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise ImportFileError(f"{file.name} is neither a text nor a picture", "save its words as a text file")
    text = clean(decode(content).text).replace("\r\n", "\n").replace("\r", "\n").strip()
    text = f"{said.text.strip()}\n\n{text}".strip() if said.text else text
    if not text:
        raise ImportFileError(f"{file.name} is empty", "give a file with a text")
    return Mention(said.source, DEFAULT_SOURCE, text, kind=said.kind or MentionKind.TRANSCRIPT.value)


def _from_picture(said: Added, content: bytes, suffix: str, watch: Watch, warnings: list[str]) -> Mention:
    if len(content) > MOST_PICTURE_BYTES:
        raise ImportFileError(f"the picture is larger than {MOST_PICTURE_BYTES >> 20} MB", "save it smaller")
    name = hashlib.sha256(content).hexdigest()[:32]
    kept = _keep(watch.state_path / MEDIA / f"{name}{suffix}", content)
    text = clean(said.text).strip()
    if not text:
        text = _read_by_tesseract(kept, watch)
        warnings.append("its words were read by tesseract: compare them with the picture")
    return Mention(
        said.source,
        DEFAULT_SOURCE,
        text,
        kind=said.kind or MentionKind.SCREENSHOT.value,
        # The same picture again is the same mention, whatever is said of it.
        native_id=name,
        media=[f"{MEDIA}/{kept.name}"],
    )


def _picture(content: bytes) -> str:
    """Return the suffix of a picture by its first bytes; empty where it is none."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return ".webp"
    return next((suffix for sign, suffix in _SIGNS.items() if content.startswith(sign)), "")


def _keep(path: Path, content: bytes) -> Path:
    written = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # It shows whoever was on the screen: nobody else on this machine needs to read it.
        descriptor = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        written.replace(path)
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}", "see who owns the state folder") from error
    return path


def _read_by_tesseract(picture: Path, watch: Watch) -> str:
    program = shutil.which("tesseract")
    hint = "give them with --text"
    if program is None:
        raise UsageError("nothing says the words of the picture", f"{hint}, or install tesseract, which reads them")
    languages = "+".join(_TESSERACT[code] for code in watch.languages if code in _TESSERACT) or "eng"
    try:
        done = subprocess.run(  # noqa: S603 - the program of the path, on a copy of ours
            [program, str(picture), "stdout", "-l", languages], capture_output=True, timeout=_OCR_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UsageError(f"tesseract could not read the picture: {type(error).__name__}", hint) from error
    text = clean(decode(done.stdout).text).strip()
    if done.returncode or not text:
        raise UsageError("tesseract finds no words in the picture", hint)
    return text

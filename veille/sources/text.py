"""Bytes and markup of strangers as plain text: nothing here may lose a whole file, or a whole row, to one bad byte."""

from __future__ import annotations

import codecs
import html
import re
from dataclasses import dataclass

from lxml import etree
from lxml import html as lxml_html

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    # The UTF-32 mark begins with the UTF-16 one.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BLOCKS = (
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "footer",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "td",
    "th", "tr", "ul",
)  # fmt: skip
_UNSEEN = ("script", "style", "head", "template", "noscript", "iframe", "object", "svg")
_MARKUP = re.compile(r"<[a-zA-Z!/?]|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_REPAIR = "veille-windows-1252"
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text of a file.

    Parameters
    ----------
    text
        The text, without byte order mark.
    encoding
        What it was read as.
    repaired_lines
        Lines that held bytes that are no UTF-8 and were read as Windows-1252.
    """

    text: str
    encoding: str
    repaired_lines: int = 0


def decode(content: bytes) -> Decoded:
    """Return the text of a file whose encoding nobody says.

    UTF-8, UTF-16 and UTF-32 by their mark, UTF-16 without mark by its zero bytes, else UTF-8; each byte that cannot be
    UTF-8 is read as Windows-1252 where it stands, so that one bad byte does not garble the accents of the other lines.
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            if encoding == "utf-8":
                content = content[len(mark) :]
                break
            return Decoded(content[len(mark) :].decode(encoding, "replace"), encoding)
    else:
        guessed = _utf16_without_mark(content[:4096])
        if guessed:
            return Decoded(content.decode(guessed, "replace"), guessed)
    try:
        return Decoded(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    lines = content.split(b"\n")
    texts = [_repaired(line) for line in lines]
    repaired = sum(changed for _, changed in texts)
    return Decoded("\n".join(text for text, _ in texts), "windows-1252", repaired)


def clean(text: str) -> str:
    """Return the text without NUL and with its surrogates joined; one that stands alone becomes U+FFFD."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    if _SURROGATES.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def plain_text(markup: str | None) -> str:
    """Return what a reader of that HTML sees, one line a block; text without markup keeps its words as they are.

    Parameters
    ----------
    markup
        HTML fragment of any quality, or text.
    """
    if not markup:
        return ""
    markup = clean(markup)
    if not _MARKUP.search(markup):
        return _tidy(markup)
    if "<" not in markup:
        return _tidy(html.unescape(markup))
    # libxml2 refuses control characters, which say nothing to a reader.
    markup = re.sub(r"[\x01-\x08\x0b\x0c\x0e-\x1f]", "", markup)
    try:
        root = lxml_html.fragment_fromstring(markup, create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return _tidy(html.unescape(re.sub(r"<[^>]*>", " ", markup)))
    etree.strip_elements(root, etree.Comment, etree.ProcessingInstruction, *_UNSEEN, with_tail=False)
    for element in root.iter(*_BLOCKS):
        element.tail = "\n" + (element.tail or "")
        if element.tag != "br":
            element.text = "\n" + (element.text or "")
    return _tidy(clean("".join(root.itertext())))


def _tidy(text: str) -> str:
    lines = (" ".join(re.split(r"[ \t\r\f\v\xa0]+", line)).strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _utf16_without_mark(head: bytes) -> str:
    if len(head) < 4:
        return ""
    even, odd = head[0::2].count(0) / len(head[0::2]), head[1::2].count(0) / len(head[1::2])
    if odd > 0.4 and even < 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 and odd < 0.1 else ""


def _repaired(line: bytes) -> tuple[str, bool]:
    try:
        return line.decode("utf-8"), False
    except UnicodeDecodeError:
        # A handler keeps this linear in the line: feeds may be one line of megabytes.
        codecs.register_error(_REPAIR, _as_windows_1252)
        return line.decode("utf-8", _REPAIR), True


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(map(_windows_1252, error.object[error.start : error.end])), error.end


def _windows_1252(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)

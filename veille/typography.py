"""French typography by one pure function, so that no template and no translator has to think of it.

It is meant for generated text only: verbatims and addresses stay as they were published.
"""

from __future__ import annotations

import re

NARROW = "\u202f"
WIDE = "\u00a0"
_SPACES = "[ \u00a0\u202f]*"
_ADDRESS = re.compile(r"(\S+://\S+|\S+@\S+\.\S+)")
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<=\w)'(?=\w|\{)"), "’"),
    (re.compile(r"\.\.\."), "…"),
    (re.compile(r"[“\"]([^“”\"]*)[”\"]"), "«\\1»"),
    (re.compile(f"«{_SPACES}(?=\\S)"), f"«{NARROW}"),
    (re.compile(f"(?<=\\S){_SPACES}»"), f"{NARROW}»"),
    (re.compile(f"(?<=[\\w)\\]}}»%’…]){_SPACES}([;!?]+)"), f"{NARROW}\\1"),
    (re.compile(f"(?<=[\\w)\\]}}»%’…]){_SPACES}:(?=\\s|$)"), f"{WIDE}:"),
    (re.compile(f"(?<=[\\d}}]){_SPACES}%"), f"{NARROW}%"),
    (re.compile(r"(?<![\d.,])(\d+)\.(\d+)(?![\d.])"), "\\1,\\2"),
    (re.compile(r"\bA(?= (?:la|l’|partir|noter|suivre|surveiller|ce|cette|qualifier|défaut)\b)"), "À"),
    (re.compile(r"\bCa(?= )"), "Ça"),
    (
        re.compile(
            r"\bE(?=(?:tat|tats|cart|carts|chéance|chéances|diteur|diteurs|dition|levé|levée|volution|vénement|vénements|quipe)\b)"
        ),
        "É",
    ),
)


def typeset(text: str, language: str) -> str:
    """Return generated text with the spaces, quotation marks and accents its language asks for.

    Parameters
    ----------
    text
        Generated text; `{placeholders}` of a translation may stand in it.
    language
        ISO 639-1 code; only French is changed.

    Returns
    -------
    str
        The text; giving it again changes nothing. Addresses in it are left alone.
    """
    if language != "fr":
        return text
    pieces = _ADDRESS.split(text)
    return "".join(piece if index % 2 else _apply(piece) for index, piece in enumerate(pieces))


def cut(text: str, length: int) -> str:
    """Return the text in at most so many characters, cut between words, with an ellipsis for what was left out."""
    if len(text) <= length:
        return text
    kept = text[: length - 1]
    return (kept.rsplit(" ", 1)[0] if " " in kept[length // 2 :] else kept).rstrip(" ,;:.–-") + "…"


_PAIRS = {"«": f"{NARROW}»", "“": "”", "(": ")", "[": "]"}
_CLOSING = frozenset("»”)]")


def closed(text: str) -> str:
    """Return a text that was cut, with the closing marks of the quotations and brackets that the cut left open.

    A quotation without end makes what follows it read as part of it. Straight marks are closed where their number is odd; a
    mark that closes nothing, as in a smiley or a list, stays.
    """
    left: list[str] = []
    for sign in text:
        if sign in _PAIRS:
            left.append(sign)
        elif sign in _CLOSING and any(_PAIRS[mark].strip() == sign for mark in left):
            while _PAIRS[left.pop()].strip() != sign:
                pass
    straight = '"' if text.count('"') % 2 else ""
    return text + straight + "".join(_PAIRS[mark] for mark in reversed(left))


def _apply(text: str) -> str:
    # Marks inside marks take one more turn; each turn leaves fewer straight ones, so that this ends.
    while True:
        before = text
        for pattern, replacement in _RULES:
            text = pattern.sub(replacement, text)
        if text == before:
            return text

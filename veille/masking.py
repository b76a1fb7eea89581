"""Hide what must not be read in an output: handles, pages of people, mail addresses, phone numbers, confidential terms.

Stored text stays as it was published; every page, mail, table and alert goes through here. In doubt more is hidden:
a hidden word costs a reader a second, a shown one costs its owner more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import pandas as pd

from veille.folding import clean_text, fold_text, words_of

HANDLE = "@…"
MAIL = "[mail]"
PHONE = "[téléphone]"
CONFIDENTIAL = "[confidentiel]"

_PLACEHOLDER = re.compile(f"({'|'.join(re.escape(text) for text in (HANDLE, MAIL, PHONE, CONFIDENTIAL))})")

# Possessive quantifiers: a stranger's text must not make these backtrack.
_MAIL = re.compile(
    r"""(?<![\w+%@-])(?<![\w+%-]\.)\w[\w.+%-]*+
        (?:@|\s?[\[(]\s?(?:at|arobase|@)\s?[\])]\s?)
        [^\W_][\w-]*+(?:(?:\.|\s?[\[(]\s?(?:dot|point|\.)\s?[\])]\s?)[\w-]++)+""",
    re.VERBOSE | re.IGNORECASE,
)
_HANDLE = re.compile(
    r"""(?: (?<!\d)@(?=\w) | @(?=[^\W\d]) )        # 3@5 is a price
        \w++(?:[.-]\w++)*+                         # @name, @name.example.org
        (?:@\w[\w-]*+(?:\.[\w-]++)*+)?             # @name@server
        | (?<![\w/])/?u/[\w-]{3,}+                 # u/name of Reddit
    """,
    re.VERBOSE,
)
# Addresses whose path names a person. What of a path names nobody (a page of the network itself) is left.
_RESERVED = {
    r"(?:x|twitter)\.com/": "i home search explore hashtag intent share settings login privacy tos",
    r"(?:facebook|fb)\.com/(?:(?:people|pages)/)?+": "groups events watch sharer share hashtag help photo reel marketplace",
    r"instagram\.com/(?:stories/)?+": "p reel reels tv explore accounts stories",
    r"threads\.(?:net|com)/": "search t",
    r"linkedin\.com/(?:in|pub|posts)/": "",
    r"(?:t|telegram)\.me/(?:s/)?+": "joinchat share addstickers proxy iv s",
    r"bsky\.app/profile/": "",
    r"reddit\.com/(?:user|u)/": "",
    r"youtube\.com/(?:user|c|channel)/": "",
    r"(?:vk\.com|twitch\.tv|snapchat\.com/add)/": "",
}
_PLACES = "|".join(
    rf"(?<![\w-]){host}" + rf"(?!(?:{'|'.join(words.split()) or '(?!)'})(?![\w.-]))" for host, words in _RESERVED.items()
)
_PROFILE = re.compile(
    rf"""(?P<place>{_PLACES}
        | ://[^\s/@]++/(?:(?=@|%40)|users?/|u/|profile/)              # https://server/@name of Mastodon, TikTok, YouTube
        | (?<![\w-])(?:tiktok|youtube|threads)\.\w{{2,3}}/(?=@|%40))    # written without https
        (?:@|%40)?(?P<name>\w++(?:[.:-]\w++)*+)
        (?:@\w[\w.-]*+)?(?:[/?#](?:[^\s<>()\[\]{{}}"'«»“”]*[\w/=&-])?)?   # what follows, a post, leads to its author too
    """,
    re.VERBOSE | re.IGNORECASE,
)
_GAP = r"[\s.\-/]"
_PHONE = re.compile(
    rf"""(?<!\d)(?<!\d[.,])(?:
          (?:(?:\+|00)33{_GAP}?(?:\(0\){_GAP}?)?|\(?0)[1-9]\)?{_GAP}?\d\d({_GAP}?)\d\d(?:\1\d\d){{2}}    # 06 12 34 56 78
        | (?:(?:\+|00)33{_GAP}?|0{_GAP}?)8\d\d{_GAP}?(?:\d\d{_GAP}?\d\d{_GAP}?\d\d|\d{{3}}{_GAP}?\d{{3}})  # 0 825 123 456
        | (?:\+?1[\s.\-])?(?:\(\d{{3}}\)\s?|\d{{3}}[.\-])\d{{3}}[.\-]\d{{4}}                             # (555) 123-4567
        )(?!\d)""",
    re.VERBOSE,
)
_ABROAD = re.compile(r"(?<!\d)(?:\+|00)[1-9]\d{0,2}(?:[\s.\-/]?\(?\d{1,5}\)?){2,6}(?!\d)")
_GROUPED = re.compile(r"\+\d{1,3}(?:[\s.]\d{3})+")
_UNIT = re.compile(r"\s?(?:[€$£%]|[ck]?eur|euro|dollar|habitant|million|milliard|tonne|km|people|point)", re.IGNORECASE)
# What may stand between the words of a confidential term, quotation marks too: all but what belongs to placeholders.
_BETWEEN = r"(?:[^\w\[\]@…]|_)*+"
_OF_PLACEHOLDERS = "[]@…"
# Signs that are part of a short name (C++, C#, $UN), where quotation marks and stops only stand around it.
_TELLING = re.compile(r"[+#&%!?=~$€£¥₿™®©°]|[\U0001f000-\U0001faff\u2600-\u27bf]")


# Signs people put between letters so that a search does not find the word: "p r o j e t", "pro.jet", "pro_jet".
_GAP_OF_LETTERS = r"[\s\W_]{0,2}"
# Figures written for letters, and letters of Cyrillic and Greek that are drawn as Latin ones.
_LOOKALIKES = {
    "a": "[a4@аα]",
    "b": "[b8вβ]",
    "c": "[cсϲ]",
    "d": "[dԁ]",
    "e": "[e3€еε]",
    "g": "[g9]",
    "h": "[hһн]",
    "i": "[i1!іι]",
    "j": "[jј]",
    "k": "[kкκ]",
    "l": "[l1ӏ]",
    "m": "[mм]",
    "n": "[nпη]",
    "o": "[o0оο]",
    "p": "[pрρ]",
    "s": "[s5$ѕ]",
    "t": "[t7тτ]",
    "u": "[uυ]",
    "v": "[vѵν]",
    "w": "[wԝω]",
    "x": "[xхχ]",
    "y": "[yуγ]",
}
_ENDING = r"(?:s|x|e|es|aux|'s)?"
_SHORT_LETTERS = 5


def mask(text: str, terms: Iterable[str] = ()) -> str:
    """Return the text with what must not be read replaced by placeholders.

    Parameters
    ----------
    text
        Any text of an output; not an address that must stay a working link.
    terms
        Confidential words and phrases. Case, accents and what stands between their words (spaces, hyphens, nothing)
        do not count; a trailing `*` hides every word that starts so.

    Returns
    -------
    str
        `@…` for handles and for what in an address names a person or leads to one, `[mail]`, `[téléphone]` and
        `[confidentiel]`. Masking twice changes nothing.
    """
    pattern = _confidential(terms if isinstance(terms, tuple) else tuple(terms))
    return _mask(text, pattern)


def mask_series(series: pd.Series, terms: Iterable[str] = ()) -> pd.Series:
    """Return the texts masked as by `mask`; missing values stay missing."""
    pattern = _confidential(tuple(terms))
    masked = {text: _mask(str(text), pattern) for text in series.dropna().unique()}
    return pd.Series(series.astype("object").map(masked), index=series.index, name=series.name, dtype="str")


def mask_terms(text: str, terms: Iterable[str] = ()) -> str:
    """Return the text with confidential terms alone hidden: what the organisation wrote itself may name its own accounts."""
    pattern = _confidential(terms if isinstance(terms, tuple) else tuple(terms))
    return text if pattern is None else _mask_terms(clean_text(text), pattern)


def profile_of(address: str) -> str | None:
    """Return the handle that the path of an address names, without its `@`; None where it names nobody.

    Only what is written in the address is looked at: networks that are not known to name people there name nobody.
    """
    found = _PROFILE.search(address)
    return found["name"] if found else None


def mask_words(words: Iterable[str], terms: Iterable[str] = ()) -> list[str]:
    """Return a list of telling words, masked, without those that a confidential term is made of.

    A name of two words is given away by its rarer one standing alone among the words of a topic.
    """
    hidden = tuple(terms)
    parts = {part for term in hidden for part in words_of(term)}
    kept = (word for word in words if not {fold_text(word), *words_of(word)} & (parts | {f"{part}s" for part in parts}))
    return [mask(word, hidden) for word in kept]


def mask_frame(frame: pd.DataFrame, terms: Iterable[str] = ()) -> pd.DataFrame:
    """Return a frame to be shown, every text and list of texts in it masked."""
    hidden = tuple(terms)
    shown = frame.copy()
    for name in frame.columns:
        if frame[name].dtype == "object" or pd.api.types.is_string_dtype(frame[name]):
            shown[name] = frame[name].astype("object").map(lambda value: _mask_value(value, hidden))
    return shown


def _mask_value(value: object, terms: tuple[str, ...]) -> object:
    if isinstance(value, str):
        return mask(value, terms)
    return mask_words(map(str, value), terms) if isinstance(value, list | tuple | np.ndarray) else value


def _mask(text: str, pattern: re.Pattern[str] | None) -> str:
    text = clean_text(text)
    while True:
        masked = _outside(_MAIL, MAIL, text) if "@" in text or "(" in text or "[" in text else text
        masked = _outside(_PROFILE, rf"\g<place>{HANDLE}", masked) if "/" in masked else masked
        masked = _outside(_HANDLE, HANDLE, masked) if "@" in masked or "u/" in masked else masked
        masked = _ABROAD.sub(_abroad, _PHONE.sub(PHONE, masked))
        masked = masked if pattern is None else _mask_terms(masked, pattern)
        # Hiding one thing can uncover another: a handle glued to a confidential term.
        if masked == text:
            return text
        text = masked


def _outside(pattern: re.Pattern[str], placeholder: str, text: str) -> str:
    """Replace what matches, placeholders apart."""
    parts = _PLACEHOLDER.split(text)
    return "".join(part if number % 2 else pattern.sub(placeholder, part) for number, part in enumerate(parts))


def _abroad(match: re.Match[str]) -> str:
    """Tell `+34 612 345 678` from a rise of `+12 000 000` or `+34 612 345 euros`."""
    number = match[0]
    digits = sum(sign.isdigit() for sign in number)
    amount = _GROUPED.fullmatch(number) and (number.endswith("000") or _UNIT.match(match.string, match.end()))
    return number if amount or not 8 <= digits <= 17 else PHONE


def _mask_terms(text: str, pattern: re.Pattern[str]) -> str:
    # Each folded character remembers which written one it comes from: ligatures fold to two, accents to none.
    pieces = [_fold_sign(sign) for sign in text]
    if not any(match["term"] for match in pattern.finditer("".join(pieces))):
        return text
    origin = [place for place, piece in enumerate(pieces) for _ in piece]
    result: list[str] = []
    done = 0
    for match in pattern.finditer("".join(pieces)):
        if not match["term"]:
            continue
        start, end = origin[match.start()], origin[match.end() - 1] + 1
        # Accents written as signs of their own, after the last letter.
        while end < len(text) and not pieces[end]:
            end += 1
        if start >= done:
            result += [text[done:start], CONFIDENTIAL]
        done = max(done, end)
    return "".join([*result, text[done:]])


@lru_cache(maxsize=65_536)
def _fold_sign(sign: str) -> str:
    return fold_text(sign)


@lru_cache(maxsize=16)
def _confidential(terms: tuple[str, ...]) -> re.Pattern[str] | None:
    alternatives = spellings(terms)
    if not alternatives:
        return None
    longest_first = "|".join(alternatives)
    placeholders = "|".join(re.escape(fold_text(text)) for text in (HANDLE, MAIL, PHONE, CONFIDENTIAL))
    return re.compile(f"(?:{placeholders})|(?P<term>{longest_first})")


def spellings(terms: Iterable[str]) -> list[str]:
    """Return one regular expression a term, on folded text, longest first: what finds a leak is what hides it.

    Case, accents, plurals of each word, figures for letters, signs between words and, in terms of five letters and
    more, between letters do not hide a term.
    """
    alternatives = {pattern for term in terms if (pattern := _term(term))}
    return sorted(alternatives, key=lambda pattern: (-len(pattern), pattern))


def _term(term: str) -> str:
    folded = fold_text(term).strip()
    words = [word.strip("@#_") for piece in words_of(term) for word in piece.split("_")]
    words = [word for word in words if word]
    if not words:
        # A code name of signs alone, an emoji: as it is written.
        return re.escape(folded)
    short = sum(len(word) for word in words) < _SHORT_LETTERS
    spelled = [re.escape(word) if short else _GAP_OF_LETTERS.join(map(_letter, word)) + _ENDING for word in words]
    body = _between(folded).join(spelled)
    # A phrase is searched inside hashtags too (#StopProjetSoleil); one short word would be found everywhere.
    begins = "" if len(words) > 1 and not short else r"(?<![^\W_])"
    ends = "" if folded.endswith("*") else r"(?![^\W_])"
    edges = [re.split(r"[^\W_]", folded, maxsplit=1)[0].lstrip("@#_*"), re.split(r"[^\W_]", folded)[-1].rstrip("*")]
    before, after = map(_signs, edges)
    # C++ and .NET are told from the letter C and from the net by their signs alone.
    needed = short and len(words) == 1
    if before and needed and (_TELLING.search(edges[0]) or edges[0] == "."):
        begins = rf"{before}\s?"
    elif before:
        begins = rf"(?:{before}\s?)?{begins}"
    if after and needed and _TELLING.search(edges[1]):
        ends = rf"\s?{after}"
    elif after:
        ends = rf"(?:\s?{after}|{ends})"
    return begins + body + ends


def _between(folded: str) -> str:
    """Return what may stand between the words of a term: any signs, and those of the term itself."""
    own = {inner for inner in re.findall(r"(?<=[^\W_])[\W_]+(?=[^\W_])", folded) if set(inner) & set(_OF_PLACEHOLDERS)}
    return f"(?:{'|'.join([*map(re.escape, sorted(own)), _BETWEEN])})" if own else _BETWEEN


def _signs(written: str) -> str:
    """Return the signs that a term begins or ends with, in any spacing; nothing where placeholders have one of them."""
    if set(written) & set(_OF_PLACEHOLDERS):
        return ""
    return r"\s?".join(re.escape(sign) for sign in written if not sign.isspace())


def _letter(letter: str) -> str:
    return _LOOKALIKES.get(letter, re.escape(letter))

"""One way to make two spellings of the same words comparable, shared by everything that looks words up.

Queries, masking, pseudonyms and lists of terms must agree on what "case and accents do not count" means; a second
definition would let a mention match a query and slip through the mask. Everything is Arrow compute: RE2 runs in time
linear in the text, whatever a stranger wrote in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

# Written as the same letter by people, never decomposed by Unicode.
_LIGATURES = (("œ", "oe"), ("æ", "ae"), ("ß", "ss"), ("ø", "o"), ("ł", "l"), ("đ", "d"), ("ı", "i"))
# Arabic letters that people write one for the other, the stroke that only lengthens a word, and the digits of Arabic.
_ARABIC = str.maketrans("ٱىیېکڪةھەہ", "ايييككهههه", "ـ") | {
    first + number: str(number) for first in (0x0660, 0x06F0) for number in range(10)
}
_APOSTROPHES = "[\u2018\u2019\u201a\u201b\u02bc\u02b9\u2032\u00b4\u0060\uff07]"
_APOSTROPHE = re.compile(_APOSTROPHES)
_DASHES = "[\u2010-\u2015\u2212\u2043\ufe58\ufe63\uff0d]"
_QUOTES = "[\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033]"
# Letters and signs of European languages, where Python's own steps give what Arrow's do, and start at once.
_EUROPEAN = re.compile("[\u0000-\u024f\u2000-\u206f]*")
_UNSEEN = re.compile("[\u00ad\u0300-\u036f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f]+")
_SPELLED = str.maketrans(dict(_LIGATURES)) | {
    ord(sign): plain
    for signs, plain in (
        ("\u2018\u2019\u201a\u201b\u02bc\u02b9\u2032\u00b4\u0060", "'"),
        ("\u2010\u2011\u2012\u2013\u2014\u2015\u2043", "-"),
        ("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"'),
    )
    for sign in signs
}
_WORD = r"\p{L}\p{M}\p{N}_"
# An @ inside a word separates; of several signs the last one counts; a sign without word is dropped.
_SIGNS = ((r"([a-zA-Z0-9_])@+", r"\1 "), (r"[@#]*([@#])", r" \1"), (r"[@#]( |$)", " "))


def fold(series: pd.Series) -> pd.Series:
    """Return the texts in lower case without accents, with ligatures and typographic signs spelled out.

    Parameters
    ----------
    series
        Texts; missing values stay missing.

    Returns
    -------
    pandas.Series
        Dtype `str`, same index and name. Folding twice changes nothing. Characters that are not seen (zero-width
        spaces, soft hyphens, marks of direction) are dropped. Arabic loses its vowel signs, hamzas on letters and strokes;
        final yeh and teh marbuta, written either way, become one, and its digits those of the West.
    """
    folded = _fold(arrow_texts(series))
    return pd.Series(folded.to_numpy(zero_copy_only=False), index=series.index, name=series.name, dtype="str")


def fold_text(text: str) -> str:
    """Return one text folded as `fold` does a series."""
    if text.isascii():
        return text.lower().replace("`", "'")
    if _EUROPEAN.fullmatch(text):
        seen = _UNSEEN.sub("", unicodedata.normalize("NFKD", _APOSTROPHE.sub("'", text)))
        return seen.lower().translate(_SPELLED)
    return str(_fold(pa.array([clean_text(text)], pa.string()))[0].as_py())


def clean_text(text: str) -> str:
    """Return the text with lone surrogates, which no file can hold, replaced by a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def arrow_texts(series: pd.Series) -> pa.Array:
    """Return a series of texts as one Arrow array; missing values are null and lone surrogates question marks."""
    try:
        array = pa.array(series, type=pa.string(), from_pandas=True)
    except (UnicodeEncodeError, pa.ArrowInvalid, pa.ArrowTypeError):
        cleaned = series.astype("object").map(lambda text: clean_text(str(text)), na_action="ignore")
        array = pa.array(cleaned, type=pa.string(), from_pandas=True)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def token_text(array: pa.Array, *, exact: bool = False) -> pa.Array:
    """Return each text as its words between single spaces, with a space before the first and after the last.

    Parameters
    ----------
    array
        Texts; null counts as empty.
    exact
        Keep case and accents (texts are only brought to Unicode form NFC).

    Returns
    -------
    pyarrow.Array
        `"L'eau, #Paris @sncf !"` becomes `" l eau #paris @sncf "`: a sign stays only at the head of a word, an `@`
        inside a word (a mail address) separates.
    """
    words = pc.utf8_normalize(array, form="NFC") if exact else _fold(array)
    words = pc.fill_null(words, "")
    words = _sub(words, rf"[^{_WORD}@#]+", " ")
    words = _sub(words, rf"([{_WORD}])@+", r"\1 ")
    for pattern, replacement in _SIGNS[1:]:
        words = _sub(words, pattern, replacement)
    return _sub(pc.binary_join_element_wise("", words, "", " "), " +", " ")


def words_of(text: str, *, exact: bool = False) -> list[str]:
    """Return the words of one text as `token_text` separates them, each with its `@` or `#`."""
    if text.isascii():
        # The same steps without Arrow, which takes milliseconds to start: queries ask this of every word.
        words = re.sub(r"[^a-zA-Z0-9_@#]+", " ", text if exact else text.lower())
        for pattern, replacement in _SIGNS:
            words = re.sub(pattern, replacement, words)
        return words.split()
    return str(token_text(pa.array([clean_text(text)], pa.string()), exact=exact)[0].as_py()).split()


def terms_pattern(terms: Iterable[str]) -> re.Pattern[str]:
    """Compile a list of plain phrases to one pattern over folded text.

    Parameters
    ----------
    terms
        Words or phrases in any spelling; a trailing `*` makes a stem. `@x` and `#x` match only with their sign; a
        plain word also matches inside `#word`, never the handle `@word`. Blank ones are left out.

    Returns
    -------
    re.Pattern
        Matches whole words only, the longest term first; between the words of a phrase any punctuation or space may
        stand. A list without any word gives a pattern that matches nothing.
    """
    alternatives = {pattern for term in terms if (pattern := _term_pattern(term))}
    if not alternatives:
        return re.compile(r"(?!)")
    longest_first = sorted(alternatives, key=lambda pattern: (-len(pattern), pattern))
    return re.compile(rf"(?:{'|'.join(longest_first)})(?!\w)")


def _term_pattern(term: str) -> str:
    words = words_of(term)
    if not words:
        return ""
    head = "" if words[0][0] in "@#" else r"(?<![\w@])"
    tail = r"\w*" if term.rstrip().endswith("*") else ""
    return head + r"[^\w]+".join(re.escape(word) for word in words) + tail


def _fold(array: pa.Array) -> pa.Array:
    folded = _sub(array, _APOSTROPHES, "'")
    folded = _sub(pc.utf8_normalize(folded, form="NFKD"), r"[\p{M}\p{Cf}]+", "")
    # Again: some signs decompose into apostrophes.
    folded = _one_arabic(pc.utf8_lower(_sub(folded, _APOSTROPHES, "'")))
    for letter, spelled in _LIGATURES:
        folded = pc.replace_substring(folded, letter, spelled)
    return _sub(_sub(folded, _DASHES, "-"), _QUOTES, '"')


def _one_arabic(array: pa.Array) -> pa.Array:
    """Return the texts with one spelling of Arabic; the hamza on a letter went with the accents."""
    arabic = pc.fill_null(pc.match_substring_regex(array, "[\u0600-\u06ff]"), False)
    if not pc.any(arabic).as_py():
        return array
    spelled = [text.translate(_ARABIC) for text in array.filter(arabic).to_pylist()]
    return pc.replace_with_mask(array, arabic, pa.array(spelled, array.type))


def _sub(array: pa.Array, pattern: str, replacement: str) -> pa.Array:
    return pc.replace_substring_regex(array, pattern=pattern, replacement=replacement)

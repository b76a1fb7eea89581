"""Names as they look: what a reader takes for the same name is one text here.

After the skeletons of Unicode Technical Standard 39, with the letters of it that accounts are faked with: its whole table
weighs more than all else here, and no library that keeps it is among those veille rests on.
"""

from __future__ import annotations

import re

from veille.folding import fold_text

# On folded text: lower case, accents and compatibility forms (fullwidth, mathematical) are gone already.
_LOOKS = {
    "a": "аɑα@4",
    "b": "ьƅβ8в",
    "c": "сϲⅽ",
    "d": "ԁⅾ",
    "e": "еєҽεⅇ3€",
    "f": "ғƒϝ",
    "g": "ɡցԍ9",
    "h": "һհн",
    "j": "јϳ",
    "k": "кκқ",
    "l": "iі1!|ǀӏιɩⅼļłاוⲓ",
    "m": "мⅿ",
    "n": "ոηпո",
    "o": "оοօ0ഠσⲟ",
    "p": "рρⲣ",
    "q": "ԛզգ",
    "r": "гᴦⲅ",
    "s": "ѕꜱ5$",
    "t": "тτ7ⲧ",
    "u": "սυцᴜ",
    "v": "ѵνᴠ",
    "w": "ԝωшա",
    "x": "хχⲭ",
    "y": "уүγყ",
    "z": "ᴢʐ2",
}
_TABLE = str.maketrans({sign: letter for letter, signs in _LOOKS.items() for sign in signs})
_PAIRS = (("rn", "m"), ("vv", "w"))
_OTHER = re.compile(r"[\W_]+")


def bare(name: str) -> str:
    """Return the letters and figures of a name, folded: spaces, signs, case and accents do not count."""
    return _OTHER.sub("", fold_text(name))


def skeleton(name: str) -> str:
    """Return what a name looks like: letters and figures that are taken for one another are one letter.

    The letter i, a capital I, the figure 1 and l are one; so are o and 0, rn and m, and the letters of other alphabets that
    are drawn as Latin ones. Two names that look alike have one skeleton; it is no name, and is shown to nobody.
    """
    letters = _OTHER.sub("", fold_text(name).translate(_TABLE))
    for pair, one in _PAIRS:
        letters = letters.replace(pair, one)
    return letters


def one_apart(first: str, second: str) -> bool:
    """Say whether two texts differ by one letter: put in, left out, changed, or two neighbours swapped (Damerau 1964)."""
    if first == second or abs(len(first) - len(second)) > 1:
        return False
    short, long = sorted((first, second), key=len)
    place = next((place for place, (one, other) in enumerate(zip(short, long, strict=False)) if one != other), len(short))
    if len(short) < len(long):
        return short[place:] == long[place + 1 :]
    swapped = short[place : place + 2] == long[place : place + 2][::-1] and short[place + 2 :] == long[place + 2 :]
    return swapped or short[place + 1 :] == long[place + 1 :]

"""Words of strangers made harmless before they enter a message: one line, no sign that cannot be seen, no markup."""

from __future__ import annotations

import re
import unicodedata

_BREAKS = frozenset({"Cc", "Zl", "Zp"})
_SPACES = re.compile(r" {2,}")
_UNSEEN = frozenset({"Cf", "Cs", "Co", "Cn"})
# Chat services read these as links, mentions of everybody, code; their look-alikes are read as themselves.
_MARKUP = str.maketrans({"<": "‹", ">": "›", "`": "'", "[": "(", "]": ")"})
# What the alphabet of short messages (GSM 03.38) has no letter for; with one of these a message holds 70 characters.
_PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "«": '"', "»": '"', "“": '"', "”": '"', "…": "...", "–": "-", "—": "-", "−": "-", "œ": "oe", "Œ": "OE"}
    | {"\u00a0": " ", "\u202f": " ", "‹": "(", "›": ")"}
)
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)


def flat(text: str) -> str:
    """Return the text on one line, without control and format signs: no direction marks, no zero-width letters."""
    signs = (
        " " if unicodedata.category(sign) in _BREAKS else "" if unicodedata.category(sign) in _UNSEEN else sign for sign in text
    )
    return _SPACES.sub(" ", "".join(signs)).strip()


def unmarked(text: str) -> str:
    """Return the text without the signs by which chat services mark up: it is read as it stands."""
    return text.translate(_MARKUP)


def short_letters(text: str) -> str:
    """Return the text in the alphabet of short messages (GSM 03.38); letters it lacks lose their accent, others become `?`."""
    return "".join(_gsm(sign) for sign in text.translate(_PLAIN))


def _gsm(sign: str) -> str:
    if sign in _GSM:
        return sign
    bare = unicodedata.normalize("NFKD", sign)[:1]
    return bare if bare in _GSM else "?"

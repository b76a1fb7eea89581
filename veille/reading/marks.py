"""What posts say besides words: emojis, marks of irony, hashtags glued together, letters drawn out."""

from __future__ import annotations

import re

import pandas as pd

_SMILE = r"(?::-?\)|;-?\)|:-?D\b|<3|\^\^|[😀-😆😉-😎😍😘🙂🤗🤩🥰❤♥👍👏💪🎉🙏😻✅💚💙🥳])"
_FROWN = r"(?::-?\(|:-?/(?!/)|:'\(|[😒😓😔😕😖😞-😨😩-😭😰😱😠😡🤬🤮🤢👎💔🙁☹😤😣🖕💩🙄])"
# Said aside or last of all; in the middle of a sentence irony is spoken of ("l'ironie du sort"), not meant.
_IRONY_WORD = r"(?:ironi[ec]|ironique|irony|sarcasme?|sarcastic|sarcastique)"
_IRONY = rf"(?i:(?:^|\s)/s(?=\W*$)|[(\[*]\s*{_IRONY_WORD}\s*[)\]*]|(?<!')(?<!’)\b{_IRONY_WORD}(?=\W*$)|#{_IRONY_WORD}\b)|🙃"
_DRAWN = re.compile(r"([^\W\d_])\1{2,}")
_CAMEL = r"(?<=[a-zà-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ])"


def smiles(text: pd.Series) -> pd.Series:
    """Return how many glad emojis and smileys each text has."""
    return text.str.count(_SMILE)


def frowns(text: pd.Series) -> pd.Series:
    """Return how many sad or angry emojis and smileys each text has."""
    return text.str.count(_FROWN)


def ironic(text: pd.Series) -> pd.Series:
    """Say which texts tell that they are meant ironically: `/s`, `(ironie)`, a last `#sarcasm`, an upside-down face."""
    return text.str.contains(_IRONY, regex=True)


def hashtags_apart(text: pd.Series) -> pd.Series:
    """Return the texts with glued words set apart: `ServiceNul` says `Service Nul`."""
    return text.str.replace(_CAMEL, " ", regex=True)


def drawn_out(word: str) -> bool:
    """Say whether a letter of the word is drawn out: three times or more."""
    return _DRAWN.search(word) is not None


def shortened(word: str) -> tuple[str, str]:
    """Return the word with what is drawn out written once, and twice: `goood` is `god`, and `good`."""
    return _DRAWN.sub(r"\1", word), _DRAWN.sub(r"\1\1", word)

"""Counters as exports write them: `1 234`, `1,2 k`, `3M`; one that cannot be read for sure is missing, and costs no row."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from veille.masking import mask
from veille.sources.times import BLANK

_BIGGEST = 2**63 - 1
_SPACE = "[\u00a0\u202f\u2009 ]"
# A whole number, or one in scientific notation as spreadsheets write them. Three noughts behind a sign are thousands.
_PLAIN = re.compile(r"\+?([0-9]{1,19})(?:[.,]0{0,2})?|\+?([0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{1,2})")
# Thousands set apart; by points only where two of them say that they are no decimals, as in 1.234.567.
_GROUPED = re.compile(rf"\+?[0-9]{{1,3}}(?:(?:{_SPACE}[0-9]{{3}})+|(?:[,'’][0-9]{{3}})+|(?:\.[0-9]{{3}}){{2,}})(?:[.,]00?)?")
# As networks shorten them. Three decimals could be thousands (1,234k), and a small m is a thousand or a million.
_SHORT = re.compile(rf"\+?([0-9]{{1,6}}(?:[.,][0-9]{{1,2}})?){_SPACE}?(k|K|M|B|Md)")
_TIMES = {"k": 10**3, "K": 10**3, "M": 10**6, "B": 10**9, "Md": 10**9}
_SHOWN = 40


def read_counts(values: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Read a column of counters.

    Parameters
    ----------
    values
        Numbers and texts as a file has them, dtype object.

    Returns
    -------
    counts : pandas.Series
        Dtype Int64, missing where there was none or it cannot be read for sure.
    bad : pandas.Series
        Whether there was something that cannot be read; the same index.
    """
    texts = values.astype("object").map(_as_text)
    numbers = {text: _count(text) for text in texts.dropna().unique()}
    counts = pd.Series([numbers.get(text) for text in texts], index=values.index, dtype="Int64")
    return counts, texts.notna() & counts.isna()


def left_out(field: str, columns: Iterable[str], values: pd.Series, bad: pd.Series) -> str:
    """Return the sentence on counters that cannot be read: how many, in which column, and one of them.

    Parameters
    ----------
    field
        Field of the mention.
    columns
        Columns of the file it was read from.
    values, bad
        The column, and which of it cannot be read.
    """
    # A column that was mapped by mistake may hold a name.
    first = values.loc[bad].iloc[0]
    example = mask(str(first)) if isinstance(first, (str, int, float)) else type(first).__name__
    shown = example if len(example) <= _SHOWN else example[:_SHOWN] + "…"
    column = " + ".join(columns) or field
    named = f"{column!r}" + (f" ({field})" if column != field else "")
    said = f"{int(bad.sum())} values of column {named} are no whole numbers from 0 up, such as {shown!r}"
    return f"{said}: left out, their rows kept"


def _as_text(value: Any) -> str | None:
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, (bool, np.bool_)):
        return str(value)
    if isinstance(value, (float, np.floating)):
        # A number is read as the number it is: 1.234 as a text could be thousands.
        return None if np.isnan(value) else str(int(value)) if float(value).is_integer() else repr(float(value))
    text = (value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)).strip()
    return None if text.lower() in BLANK else text


def _count(text: str) -> int | None:
    plain, short = _PLAIN.fullmatch(text), _SHORT.fullmatch(text)
    if plain:
        number = Decimal((plain[1] or plain[2]).replace(",", "."))
    elif short:
        number = Decimal(short[1].replace(",", ".")) * _TIMES[short[2]]
    elif _GROUPED.fullmatch(text):
        number = Decimal(re.sub(r"\D", "", re.sub(r"[.,]0{1,2}$", "", text)))
    else:
        return None
    return int(number) if number <= _BIGGEST and number == number.to_integral_value() else None

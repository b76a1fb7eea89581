"""The measure of one sheet: what is least needed is left out, and counted, until the page holds on one A4.

Widths are those of the widest of the fonts that pages name, so that a page that fits here fits everywhere.
"""

from __future__ import annotations

from math import ceil

from veille.bulletin.sheets.types import Part, Sentence, Sheet

# Points of height and characters of width, as the styles print them; what is reckoned is an eighth above what is measured,
# so that 805 stands for the 762 points of a sheet with a margin.
_SHEET, _BAND, _LINE, _WIDE, _CITE, _HEAD = 805.0, 74.0, 9.9, 11.6, 7.6, 16.0
_COLUMN_CHARACTERS, _WIDE_CHARACTERS, _CITE_CHARACTERS = 50, 92, 62
_MARK_CHARACTERS = 14
_LARGER = 1.13
"""How much larger the letters of a report are than those of a brief."""
_WHOLE = ("essential", "changed")
# What goes first where there is no room, and how many sentences of it stay whatever else goes.
_GOES = (
    ("said", 4), ("rules", 3), ("news", 4), ("may", 3), ("speaks", 4), ("questions", 5), ("not", 4),
    ("said", 2), ("unknown", 3), ("answered", 3), ("known", 4), ("rules", 1), ("news", 2), ("may", 2),
    ("story", 4), ("lessons", 3), ("questions", 3), ("changed", 6),
)  # fmt: skip


def fit(sheet: Sheet) -> Sheet:
    """Return the page with as many of its sentences as one sheet holds; `left_out` says how many it does not."""
    left_out = 0
    for name, least in _GOES:
        while height(sheet) > _SHEET:
            part = next((one for one in sheet.parts if one.name == name), None)
            if part is None or len(part.sentences) <= least:
                break
            sheet, left_out = _without_last(sheet, name), left_out + 1
    return sheet.model_copy(update={"left_out": left_out})


def height(sheet: Sheet) -> float:
    """Return the height of a page as it is printed, in points."""
    larger = 1.0 if sheet.kind == "brief" else _LARGER
    wide, column = int(_WIDE_CHARACTERS / larger), int(_COLUMN_CHARACTERS / larger)
    whole = sum(_of_part(part, sheet, wide, _WIDE * larger) for part in sheet.parts if part.name in _WHOLE)
    columns = sum(_of_part(part, sheet, column, _LINE * larger) for part in sheet.parts if part.name not in _WHOLE)
    cites = sum(
        ceil((len(one.quote) + len(one.publisher) + 34) / _CITE_CHARACTERS) * _CITE + 1.0 for one in sheet.evidence.values()
    )
    gaps = sum(ceil(len(gap) / 110) * _LINE for gap in sheet.gaps) + (_HEAD if sheet.gaps else 0)
    # Columns are balanced but for what may not be parted.
    return _BAND + whole + columns / 2 + 2 * _LINE + gaps + cites / 2 + _HEAD


def _of_part(part: Part, sheet: Sheet, characters: int, line: float) -> float:
    return _HEAD + sum(_lines(one, sheet, characters) * line + 1.8 for one in part.sentences)


def _lines(one: Sentence, sheet: Sheet, characters: int) -> int:
    beside = 4 * len(one.numbers) + len(one.tag) + len(" ".join(one.sources)) // 2
    beside += _MARK_CHARACTERS if one.marking != sheet.common else 0
    if not one.answer:
        return ceil((len(one.lead) + 3 + len(one.text) + beside) / characters)
    answer = len(one.lead) + 3 + len(one.answer) + len(one.proofs)
    return ceil((len(one.text) + beside) / characters) + ceil(answer / characters)


def _without_last(sheet: Sheet, name: str) -> Sheet:
    parts = tuple(
        part.model_copy(update={"sentences": part.sentences[:-1]}) if part.name == name else part for part in sheet.parts
    )
    cites = {one for part in parts for sentence in part.sentences for one in sentence.evidence}
    order = [one for one in sheet.evidence if one in cites]
    number = {one: place for place, one in enumerate(order, start=1)}
    parts = tuple(
        part.model_copy(
            update={
                "sentences": tuple(
                    one.model_copy(update={"numbers": tuple(number[each] for each in one.evidence)}) for one in part.sentences
                )
            }
        )
        for part in parts
    )
    return sheet.model_copy(update={"parts": parts, "evidence": {one: sheet.evidence[one] for one in order}})

"""Ways of comparing that say which of two is preferred, in words a model of tone cannot attribute."""

from __future__ import annotations

import re

import pandas as pd

from veille.reading.terms import Terms

_ME, _OTHER = "_me_", "_other_"
_BETTER = r"(?:mieux|meilleure?s?|better|nicer|superieure?s?|best)"
_WORSE = r"(?:pires?|worse|plus nule?|moins bien|moins bons?)"
_THAN = r"(?:que|qu|than)"
_GAP = r"(?: [^ ]+){0,3} "
_LEFT = r"(?:quitt[^ ]*|fui|fuis|switched from|moved from|switching from|left|leaving|ditched|plaque|lache)"
_FOR = r"(?:pour|to|for|chez)"
_PREFER = r"(?:prefere[^ ]*|prefer|preferons|rather have)"
_OVER = r"(?:a|plutot que|to|over|rather than)"


def _pair(before: str, after: str) -> str:
    return before.replace("1", _ME).replace("2", _OTHER) + "|" + after.replace("1", _OTHER).replace("2", _ME)


# Patterns over words in which the subject is `_me_` and any other subject `_other_`.
POSITIVE = re.compile(
    " (?:"
    + "|".join(
        (
            rf"{_ME}{_GAP}{_BETTER} {_THAN}{_GAP}?{_OTHER}",
            rf"{_ME} (?:is |est )?{_BETTER} {_THAN} {_OTHER}",
            rf"{_OTHER}{_GAP}?{_WORSE} {_THAN} {_ME}",
            rf"{_OTHER} (?:is |est )?{_WORSE} {_THAN} {_ME}",
            rf"{_PREFER}(?: [^ ]+){{0,3}} {_ME} {_OVER} {_OTHER}",
            rf"{_LEFT} {_OTHER} {_FOR} {_ME}",
            rf"(?:passez chez|passe chez|passer chez|revenez chez|vive|thank god for|thank you|going back to|go back to) {_ME}",
            rf"(?:should have taken|should have gone with|should have used) {_ME}",
            rf"heureusement(?: que)?(?: [^ ]+){{0,3}} {_ME}",
        )
    )
    + ") "
)
NEGATIVE = re.compile(
    " (?:"
    + "|".join(
        (
            rf"{_OTHER}{_GAP}{_BETTER} {_THAN}{_GAP}?{_ME}",
            rf"{_OTHER} (?:is |est )?{_BETTER} {_THAN} {_ME}",
            rf"{_ME}{_GAP}?{_WORSE} {_THAN} {_OTHER}",
            rf"{_ME} (?:is |est )?{_WORSE} {_THAN} {_OTHER}",
            rf"{_PREFER}(?: [^ ]+){{0,3}} {_OTHER} {_OVER} {_ME}",
            rf"{_LEFT} {_ME} {_FOR} {_OTHER}",
            rf"(?:fuyez|evitez|boycottez|avoid|stay away from|dont use|never again) {_ME}",
            rf"{_ME} (?:would never|should learn|devrait en prendre)",
            rf"(?:pas|not) {_ME} (?:qui|who|that)",
        )
    )
    + ") "
)
# Beside these a subject is the foil of the other: what is said of one is not said of it.
FOIL = re.compile(rf" (?:contrairement a|unlike|a la difference de|compared to|compare a)(?: [^ ]+){{0,6}} {_ME} ")


def compared(words: pd.Series, me: pd.Series, subjects: dict[str, Terms]) -> pd.DataFrame:
    """Say what comparisons in texts mean for one subject of each.

    Parameters
    ----------
    words
        Texts as of `words_text`.
    me
        Id of the subject asked about, on the same index.
    subjects
        What names each subject, by its id.

    Returns
    -------
    pandas.DataFrame
        Flags `better`, `worse` and `foil`.
    """
    masked = words.copy()
    for subject, names in subjects.items():
        rows = masked.index[names.holds(masked)]
        mine = (me.loc[rows] == subject).to_numpy()
        for place, sign in ((rows[mine], _ME), (rows[~mine], _OTHER)):
            masked.loc[place] = masked.loc[place].str.replace(names.pattern, sign, regex=True)
    return pd.DataFrame(
        {"better": masked.str.contains(POSITIVE), "worse": masked.str.contains(NEGATIVE), "foil": masked.str.contains(FOIL)},
        index=words.index,
    ).astype(bool)

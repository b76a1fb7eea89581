"""Turn a hand-written text with choices and slots into one wording of it."""

from __future__ import annotations

import random
import re

from builder.places import SLOTS

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")
_CONTRACTIONS = (
    (re.compile(r"\b([Dd])e Les (?=\S)"), r"\1es "),
    (re.compile(r"\bà Les (?=\S)"), "aux "),
    (re.compile(r"\bÀ Les (?=\S)"), "Aux "),
    (re.compile(r"\b([Dd])e le (?=\S)"), r"\1u "),
    (re.compile(r"\b([Dd])e les (?=\S)"), r"\1es "),
    (re.compile(r"\bà le (?=\S)"), "au "),
    (re.compile(r"\bÀ le (?=\S)"), "Au "),
    (re.compile(r"\bà les (?=\S)"), "aux "),
    (re.compile(r"\b([Dd])e ([AEIOUÉÈÊaeiouéèêâ])"), r"\1'\2"),
    (re.compile(r"\b([Qq])ue ([AEIOUÉÈÊaeiouéèêâ])"), r"\1u'\2"),
)
_SPACES = re.compile(r" {2,}")
_BEFORE = re.compile(r" +([,.…)])")


class Slots:
    """Values of the slots of one mention: the same slot has the same value throughout it."""

    def __init__(self, rng: random.Random, **fixed: str) -> None:
        self._rng = rng
        self._values = dict(fixed)

    def get(self, name: str) -> str:
        """Return the value of a slot; a capital asks for the same value at the start of a sentence."""
        key = name[0].lower() + name[1:]
        if key not in self._values:
            base = key.rstrip("2")
            taken = self._values.get(base) if base != key else None
            values = [value for value in SLOTS[base] if value != taken]
            self._values[key] = self._rng.choice(values)
        value = self._values[key]
        return value[0].upper() + value[1:] if name[0].isupper() else value


def expand(rng: random.Random, text: str, slots: Slots) -> str:
    """Return one wording: choices taken, slots filled, articles contracted."""
    while match := _CHOICE.search(text):
        text = text[: match.start()] + rng.choice(match[1].split("|")) + text[match.end() :]
    text = _SLOT.sub(lambda match: slots.get(match[1]), text)
    for pattern, replacement in _CONTRACTIONS:
        text = pattern.sub(replacement, text)
    return _BEFORE.sub(r"\1", _SPACES.sub(" ", text)).strip()

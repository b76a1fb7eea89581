"""What every part of a bulletin is made of: text cleaned of what no page should carry, closed models, and markings."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Return the text without the characters that XML refuses or that turn the direction of a line."""
    return _UNPRINTABLE.sub("", text)


Text = Annotated[str, AfterValidator(clean)]
Ids = tuple[Text, ...]


class Model(BaseModel):
    """Base of every part: frozen, closed, written under the names of the contract."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)


class Marking(StrEnum):
    """Traffic Light Protocol 2.0, from what anyone may read to what nobody passes on; never translated."""

    CLEAR = "TLP:CLEAR"
    GREEN = "TLP:GREEN"
    AMBER = "TLP:AMBER"
    AMBER_STRICT = "TLP:AMBER+STRICT"
    RED = "TLP:RED"

    @property
    def rank(self) -> int:
        """0 for CLEAR to 4 for RED: markings are compared by it, never as texts."""
        return list(Marking).index(self)


def highest(*markings: Marking) -> Marking:
    """Return the most restricted of some markings, CLEAR of none."""
    return max(markings, key=lambda marking: marking.rank, default=Marking.CLEAR)


class Marked(Model):
    """Base of every item that is read, or withheld, on its own; what nobody has marked is not public."""

    marking: Marking = Field(Marking.AMBER, description="Who may read it; `veille.bulletin.marking` says why")

"""What every part of a bulletin is made of: text cleaned of what no page should carry, and frozen, closed models."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Return the text without the characters that XML refuses or that turn the direction of a line."""
    return _UNPRINTABLE.sub("", text)


Text = Annotated[str, AfterValidator(clean)]
Ids = tuple[Text, ...]


class Model(BaseModel):
    """Base of every part: frozen, closed, written under the names of the contract."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)

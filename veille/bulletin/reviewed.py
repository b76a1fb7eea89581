"""What an edition says of the people who looked at it before readers did, and of the released one that it replaces."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from veille.bulletin.base import Marked, Model, Text


class Correction(Model):
    """What an edition says of the released one that it replaces."""

    replaces: Text = Field(description="Run id of the edition that was released before")
    place: Text = Field(description="Its folder, beside that of the week")
    at: datetime = Field(description="When it was replaced")
    changes: tuple[Text, ...] = Field(description="What changed on page 1, a sentence each; empty where nothing did")


class Reviewed(Marked):
    """What a person withheld, or put in another order, before this edition was released; what is withheld is not told."""

    act: Literal["withheld", "ordered"]
    what: Text = Field(description="In words, such as a signal of level 2 about a subject")
    by: Text
    at: datetime
    reason: Text

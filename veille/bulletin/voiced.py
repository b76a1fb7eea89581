"""Whom a bulletin tells of beside the organisation: competitors, in one measure with it, and those around all of them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from veille.bulletin.base import Ids, Marked, Text


class Heard(Marked):
    """What was said of one subject in the week; a story that names several counts for each."""

    subject: Text = Field(description="Id of the subject; of the organisation, that of its first")
    name: Text
    stories: int
    stories_before: int | None = Field(description="The week before; null where there is none")
    negative: int = Field(description="Stories called negative, as read")
    read: int = Field(description="Stories whose tone could be read")
    negative_share: float | None = Field(description="Of the stories that were read, 0 to 1; corrected where `corrected`")
    negative_low: float | None = Field(description="Lower end of its 95 % interval")
    negative_high: float | None = Field(description="Upper end of its 95 % interval")
    negative_change: float | None = Field(
        description="Against the week before, in points (0 to 100); null where the intervals do not support a change"
    )
    corrected: bool = Field(False, description="Whether the share is corrected for the measured error of the tone, wholly")


class Voice(Heard):
    """The organisation or a competitor, and its share of the stories told of all of them."""

    role: Literal["self", "competitor"]
    share: float | None = Field(description="Its stories by the sum of those of all, 0 to 1: the shares of a week add up to 1")
    share_low: float | None = Field(description="Lower end of its 95 % interval")
    share_high: float | None = Field(description="Upper end of its 95 % interval")
    share_change: float | None = Field(description="Against the week before, in points (0 to 100)")


class Around(Heard):
    """A regulator, or the sector: a subject of its own, which is measured against nobody."""

    role: Literal["regulator", "sector"]
    changed: Text = Field("", description="What changed, in a sentence")
    topic_ids: Ids = Field((), description="Topics of the edition in which it is spoken of most")
    signal_ids: Ids = Field((), description="Signals of the edition about it")
    evidence: Ids = ()

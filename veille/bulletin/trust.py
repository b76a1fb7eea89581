"""What an edition says of how far its readings can be trusted: what was not read, what was set aside, what people checked."""

from __future__ import annotations

from pydantic import Field

from veille.bulletin.base import Marked, Text


class NotRead(Marked):
    """Mentions of the week in one language whose tone was not read: they are in no share."""

    language: Text = Field(description="ISO 639-1 code, `und` where it cannot be told")
    name: Text
    mentions: int


class SetAside(Marked):
    """Mentions of the week that match a query and are no public opinion about its subject, by reason."""

    verdict: Text = Field(description="`own_account`, `homonym`, `spam` or `off_topic`")
    reason: Text = Field(description="Code of the reason, as in the table `relevance`")
    words: Text
    mentions: int


class Checked(Marked):
    """How right one reading of one subject was on what people labelled; intervals at 95 %, 0 to 1."""

    subject: Text = Field(description="Id of the subject, `*` for all together")
    name: Text
    what: Text = Field(description="`tone` or `relevance`")
    value: Text = Field(description="The reading, such as `negative`")
    labels: int = Field(description="Labels that say so")
    precision: float | None = Field(None, description="Of what was read so, the share that people call so")
    precision_low: float | None = None
    precision_high: float | None = None
    recall: float | None = Field(None, description="Of what people call so, the share that was read so")
    recall_low: float | None = None
    recall_high: float | None = None

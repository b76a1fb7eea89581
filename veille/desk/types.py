"""What the desk answers: findings on a draft, and the verdict that follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from veille.watch import Alone


class Verdict(StrEnum):
    """Whether a draft may be posted."""

    MAY_GO = "may_go"
    ASK = "ask"
    DO_NOT_POST = "do_not_post"

    @property
    def rank(self) -> int:
        """0 for may go to 2 for do not post."""
        return list(Verdict).index(self)


class Check(StrEnum):
    """What a draft is looked at for."""

    CONFIDENTIAL = "confidential"
    INTERNAL = "internal"
    NON_PUBLIC_MESSAGE = "non_public_message"
    EXPIRED_MESSAGE = "expired_message"
    UNAPPROVED = "unapproved"
    RED_LINE = "red_line"
    RULE = "rule"
    VOICE = "voice"
    PERSON = "person"
    OTHERS = "others"
    SIGNAL = "signal"
    PROMISE = "promise"
    ADMISSION = "admission"
    TONE = "tone"
    PICTURE = "picture"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found on a draft.

    Parameters
    ----------
    check
        What was looked for.
    verdict
        The least verdict that it allows.
    reason, do
        Why, and what to do, in the language asked for. Neither ever holds a confidential term, nor what is internal.
    start, end
        Where in the draft, in characters, `end` excluded; both 0 where it concerns the whole.
    excerpt
        What stands there, confidential terms hidden; empty where it concerns the whole.
    item
        Id of the message, rule, objective, decision, red line or signal concerned; empty where there is none.
    ask
        Ids of people who own the matter.
    picture
        Number of the picture, from 1, in whose words the place is; 0 for the draft itself.
    """

    check: Check
    verdict: Verdict
    reason: str
    do: str
    start: int = 0
    end: int = 0
    excerpt: str = ""
    item: str = ""
    ask: tuple[str, ...] = ()
    picture: int = 0


@dataclass(frozen=True, slots=True)
class ReplyCheck:
    """What was found on a draft.

    Parameters
    ----------
    findings
        The gravest first, then in order of the text.
    level
        Highest level of an open signal that the draft speaks of, 0 where it speaks of none.
    signals
        Ids of those signals.
    alone
        What may be posted without asking at that level.
    ask
        Ids of the people to ask, empty where nobody needs to be.
    names
        Their names as they are printed.
    within
        Longest time to their answer.
    """

    findings: tuple[Finding, ...]
    level: int
    signals: tuple[str, ...]
    alone: tuple[Alone, ...]
    ask: tuple[str, ...]
    names: str
    within: timedelta

    @property
    def verdict(self) -> Verdict:
        """The gravest that a finding asks for; `may_go` where nothing was found."""
        return max((finding.verdict for finding in self.findings), key=lambda verdict: verdict.rank, default=Verdict.MAY_GO)

"""What a community manager may answer alone at each level, whom to ask otherwise, and within how long."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from veille.watch.people import LEVELS, Escalation
from veille.watch.values import AsTuple, Duration, Model, Slug, problem

AUTONOMY_LEVELS = (0, *LEVELS)
"""0 quiet, then the levels of signals."""
_ASKED_FROM = 2


class Alone(StrEnum):
    """What a reply is made of, as far as leave to post it goes."""

    COURTESY = "courtesy"
    APPROVED = "approved"


def _alone(value: Any) -> Any:
    if isinstance(value, str) and value not in list(Alone):
        raise problem(f"“{value}” is nothing that may be answered alone", f"write {' or '.join(Alone)}")
    return Alone(value) if isinstance(value, str) else value


class Autonomy(Model):
    """What may be answered alone at one level, whom to ask, within how long."""

    alone: Annotated[tuple[Annotated[Alone, BeforeValidator(_alone)], ...], AsTuple] | None = Field(
        default=None,
        description="What may be posted without asking: `courtesy` (thanks, a question back) and `approved` messages",
    )
    ask: Annotated[tuple[Slug, ...], AsTuple] = Field(
        default=(), description="Ids of the people to ask otherwise; those whom `escalation` tells at that level where empty"
    )
    within: Duration | None = Field(
        default=None, description="Longest time to their answer; `send_within` of `escalation` at that level where left out"
    )


ALONE_DEFAULTS: dict[int, tuple[Alone, ...]] = {
    0: (Alone.COURTESY, Alone.APPROVED),
    1: (Alone.COURTESY, Alone.APPROVED),
    2: (Alone.COURTESY, Alone.APPROVED),
    3: (Alone.COURTESY,),
    4: (),
}
"""What may be posted without asking at a level that watch.yml says nothing of."""


def completed(given: Mapping[int, Autonomy], escalation: Mapping[int, Escalation]) -> dict[int, Autonomy]:
    """Return the autonomy of every level, 0 to 4; who follows signals answers alone, so below level 2 those of 2 are asked."""
    result = {}
    for level in AUTONOMY_LEVELS:
        mine, step = given.get(level, Autonomy()), escalation[max(level, _ASKED_FROM)]
        result[level] = Autonomy(
            alone=ALONE_DEFAULTS[level] if mine.alone is None else mine.alone,
            ask=mine.ask or step.to,
            within=mine.within or step.send_within or dt.timedelta(hours=4),
        )
    return result

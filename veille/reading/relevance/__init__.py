"""Whether a mention is about the subject whose query it matches; what is not is set aside with its reason, never dropped."""

from veille.reading.relevance.judge import RelevanceResult, judge, verdicts
from veille.reading.relevance.own import own_voice
from veille.reading.relevance.standing import remaining, set_aside, standing
from veille.reading.relevance.tables import RELEVANCE, Reason

__all__ = [
    "RELEVANCE",
    "Reason",
    "RelevanceResult",
    "judge",
    "own_voice",
    "remaining",
    "set_aside",
    "standing",
    "verdicts",
]

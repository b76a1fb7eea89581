"""What an analyst looks around with: search, time line, map of topics, one mention. Thin notebooks stand on it."""

from veille.workbook.explorer import Explorer
from veille.workbook.figures import timeline, topic_map
from veille.workbook.responding import Responder, autonomy, page, public_questions
from veille.workbook.search import Found, search
from veille.workbook.trial import Exact, Removed, Trial, try_on, try_query

__all__ = [
    "Exact",
    "Explorer",
    "Found",
    "Removed",
    "Responder",
    "Trial",
    "autonomy",
    "page",
    "public_questions",
    "search",
    "timeline",
    "topic_map",
    "try_on",
    "try_query",
]

"""What an analyst looks around with: search, time line, map of topics, one mention. Thin notebooks stand on it."""

from veille.workbook.explorer import Explorer
from veille.workbook.figures import timeline, topic_map
from veille.workbook.search import Found, search

__all__ = ["Explorer", "Found", "search", "timeline", "topic_map"]

"""What analysts say of mentions: corrections of tone and relevance, as events that are only added."""

from veille.labels.events import add, current, label_rows
from veille.labels.tables import LABELS, WITHDRAWN, Relevance, What

__all__ = ["LABELS", "WITHDRAWN", "Relevance", "What", "add", "current", "label_rows"]

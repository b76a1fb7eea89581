"""What people talk about: topics that keep their identity over updates, and what people decide about them."""

from veille.topics.acts import ignore, merge, rename, undo, watch
from veille.topics.carry import Carried, model
from veille.topics.listing import current, history
from veille.topics.settings import TopicSettings
from veille.topics.update import TopicsResult, update

__all__ = [
    "Carried",
    "TopicSettings",
    "TopicsResult",
    "current",
    "history",
    "ignore",
    "merge",
    "model",
    "rename",
    "undo",
    "update",
    "watch",
]

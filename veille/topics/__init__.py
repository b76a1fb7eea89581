"""What people talk about: topics that keep their identity over updates, and what people decide about them."""

from veille.topics.acts import declare, ignore, merge, rename, undo, watch
from veille.topics.carry import Carried, model
from veille.topics.listing import current, history, known_titles, silent
from veille.topics.settings import TopicSettings
from veille.topics.splitting import parts, split
from veille.topics.update import TopicsResult, update

__all__ = [
    "Carried",
    "TopicSettings",
    "TopicsResult",
    "current",
    "declare",
    "history",
    "ignore",
    "known_titles",
    "merge",
    "model",
    "parts",
    "rename",
    "silent",
    "split",
    "undo",
    "update",
    "watch",
]

"""What the organisation wrote itself, watch.yml, shown without its confidential terms.

The titles of a strategy and the approved answers are where such terms stand most often. They are hidden twice: before
titles are shortened, which could leave half of a term that no mask knows; and in the finished bulletin, whatever text a
later section brings. Handles and phones of the organisation's own texts stay: it gives them itself.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from veille.bulletin.types import Bulletin
from veille.masking import CONFIDENTIAL, mask_terms
from veille.watch import Watch

# Ids that a machine made, addresses that were looked at on their own, and values of closed sets.
_KEPT = frozenset({
    "signal_id", "topic_id", "signal_ids", "evidence", "run_id", "url", "week", "timezone", "language", "status", "marking",
    "kind", "role", "topic_ids", "effect", "unit", "tone", "grade", "parts", "versions",
})  # fmt: skip


def masked_watch(watch: Watch, terms: tuple[str, ...]) -> Watch:
    """Return the watch as its texts may be printed; ids, queries and terms are as they were."""

    def hidden(item: Any, *names: str) -> Any:
        return item.model_copy(update={name: hide_terms(getattr(item, name), terms) for name in names})

    strategy = watch.strategy
    return watch.model_copy(
        update={
            "organisation": mask_terms(watch.organisation, terms),
            "subjects": tuple(hidden(subject, "name") for subject in watch.subjects),
            "people": tuple(hidden(person, "name") for person in watch.people),
            "strategy": strategy.model_copy(
                update={
                    part: tuple(hidden(item, "title") for item in getattr(strategy, part))
                    for part in ("objectives", "decisions", "red_lines")
                }
            ),
            "calendar": tuple(hidden(entry, "title") for entry in watch.calendar),
            "messages": tuple(hidden(message, "question", "answer") for message in watch.messages),
        }
    )


def without_terms(bulletin: Bulletin, terms: tuple[str, ...]) -> Bulletin:
    """Return the bulletin with no confidential term in any of its texts."""
    if not terms:
        return bulletin
    # The mentions cited are known by their ids; only what they say is looked at.
    cited = {mention_id: hide_terms(cited, terms) for mention_id, cited in bulletin.evidence.items()}
    hidden: Bulletin = hide_terms(bulletin, terms)
    return hidden.model_copy(update={"evidence": cited})


def without_hidden_words(bulletin: Bulletin) -> Bulletin:
    """Return the bulletin without the words and names, of lists of them, that hide a term: they tell nobody anything.

    Left in, one of them would keep a topic or a signal from all who may not read of leaks.
    """

    def kept(item: Any) -> Any:
        lists = {name: getattr(item, name) for name in ("words", "named")}
        return item.model_copy(
            update={name: tuple(text for text in texts if CONFIDENTIAL not in text) for name, texts in lists.items()}
        )

    parts = ("topics", "signals", "weak_signals")
    return bulletin.model_copy(update={part: tuple(kept(item) for item in getattr(bulletin, part)) for part in parts})


def hide_terms(value: Any, terms: tuple[str, ...]) -> Any:
    """Return a value, and whatever it is made of, with no confidential term in any text that is not an id."""
    if isinstance(value, BaseModel):
        names = [name for name in type(value).model_fields if name not in _KEPT]
        return value.model_copy(update={name: hide_terms(getattr(value, name), terms) for name in names})
    if isinstance(value, tuple):
        return tuple(hide_terms(item, terms) for item in value)
    if isinstance(value, dict):
        return {key: hide_terms(item, terms) for key, item in value.items()}
    # A member of a closed set is text too: it stays what it is.
    return mask_terms(value, terms) if type(value) is str else value

"""A query in Lucene syntax as a predicate over mentions, fast enough to ask of every stored mention.

`parse` refuses what the stored mentions cannot answer, with the place in the query; `Query.matches` evaluates over a
whole frame at once.
"""

from veille.folding import fold, fold_text, terms_pattern
from veille.query.evaluate import Folded, Query, fold_mentions
from veille.query.parse import parse
from veille.query.parts import exchanged, exclusions, forms, looked_for, searches, written
from veille.query.tree import Node, Token, Words

__all__ = [
    "Folded",
    "Node",
    "Query",
    "Token",
    "Words",
    "exchanged",
    "exclusions",
    "fold",
    "fold_mentions",
    "fold_text",
    "forms",
    "looked_for",
    "parse",
    "searches",
    "terms_pattern",
    "written",
]

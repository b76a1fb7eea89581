"""A query in Lucene syntax as a predicate over mentions, fast enough to ask of every stored mention.

`parse` refuses what the stored mentions cannot answer, with the place in the query; `Query.matches` evaluates over a
whole frame at once.
"""

from veille.folding import fold, fold_text, terms_pattern
from veille.query.evaluate import Folded, Query, fold_mentions
from veille.query.parse import parse

__all__ = ["Folded", "Query", "fold", "fold_mentions", "fold_text", "parse", "terms_pattern"]

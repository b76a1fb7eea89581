"""Quotations: taken word for word from the store, checked against it, then masked.

A bulletin that quotes what nobody wrote is worse than none, so a quotation that is not in its stored text stops the
edition.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from veille.bulletin.material import records
from veille.bulletin.types import Evidence
from veille.errors import EditionError
from veille.masking import mask
from veille.quotation import QUOTE_MAX, address, handles, quote_of

if TYPE_CHECKING:
    from veille.watch import Watch


def verify(mention_id: str, quote: str, title: str, text: str) -> None:
    """Check that a quotation stands word for word in its mention.

    Raises
    ------
    EditionError
        It does not, or it is empty.
    """
    if not quote or (quote not in title and quote not in text):
        raise EditionError(
            f"the quotation of mention {mention_id} is not in its stored text",
            "the mention changed since it was read; run the edition again",
        )


def grade(letter: str, publishers: int) -> str:
    """Return the Admiralty code: the source's letter; 1 to 3 by how many publishers tell it in their own words, 6 for one."""
    digit = {0: 6, 1: 6, 2: 3, 3: 2}.get(publishers, 1)
    return f"{letter}{digit}"


def gather_evidence(
    watch: Watch, mentions: pd.DataFrame, ids: Iterable[str], terms: tuple[str, ...], *, key: bytes
) -> dict[str, Evidence]:
    """Return the evidence of these mentions, each quotation verified and then masked.

    Parameters
    ----------
    mentions
        Mentions with `story_id`, `topic_id`, `language` and `tone`; an id that is not among them is left out.
    ids
        Mention ids the bulletin names.
    terms
        Confidential terms to hide.
    key
        Key of the pseudonyms, see `address`.
    """
    public = handles(watch)
    wanted = sorted(set(ids))
    # Copies of one story confirm nothing: what counts is publishers that told the topic in stories of their own.
    founders = mentions[mentions["mention_id"] == mentions["story_id"]]
    confirmations = founders.groupby("topic_id")["publisher"].nunique()
    chosen = mentions[mentions["mention_id"].isin(wanted)].drop_duplicates("mention_id").sort_values("mention_id")
    specs = {source.id: source for source in watch.sources}
    result = {}
    for row in records(chosen):
        spec = specs.get(row.source)
        limit = min(QUOTE_MAX, spec.rights.quote_max) if spec else QUOTE_MAX
        quote = quote_of(row.title, row.text, limit)
        # A source whose rights allow no quotation, or a mention without a word, is cited by publisher and date alone.
        if limit and (row.title.strip() or row.text.strip()):
            verify(row.mention_id, quote, row.title, row.text)
        result[row.mention_id] = Evidence(
            publisher=mask(row.publisher if isinstance(row.publisher, str) else row.source, terms),
            published_at=row.published_at.to_pydatetime(),
            quote=mask(quote, terms),
            url=address(row.url, row.author, terms, key=key, public=public),
            grade=grade(spec.grade if spec else "F", int(confirmations.get(row.topic_id, 1))),
            language=row.language,
            tone=row.tone,
            kind=row.kind,
        )
    return result

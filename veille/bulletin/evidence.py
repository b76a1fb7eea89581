"""Quotations: taken word for word from the store, checked against it, then masked.

A bulletin that quotes what nobody wrote is worse than none, so a quotation that is not in its stored text stops the
edition.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pandas as pd

from veille.bulletin.material import records
from veille.bulletin.types import Evidence
from veille.errors import EditionError
from veille.folding import fold_text
from veille.masking import mask, profile_of
from veille.pseudonym import pseudonym

if TYPE_CHECKING:
    from veille.watch import Watch

QUOTE_MAX = 280
_SENTENCE = re.compile(r"[.!?…](?:[»\"”')]*)(?=\s)")
_ADDRESS = ("https://", "http://")
_PIECES = re.compile(r"[/?&=#]+")


def quote_of(title: str, text: str, limit: int = QUOTE_MAX) -> str:
    """Return the words of a mention that are quoted, at most `limit` characters.

    The title where there is one, else the first sentences of the text; cut between words where it must be cut.
    """
    whole = title.strip() or text.strip()
    if len(whole) <= limit:
        return whole
    ends = [match.end() for match in _SENTENCE.finditer(whole, 0, limit)]
    if ends and ends[-1] >= limit // 3:
        return whole[: ends[-1]]
    return whole[:limit].rsplit(maxsplit=1)[0] if re.search(r"\s", whole[:limit]) else whole[:limit]


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


def address(url: object, author: object, terms: tuple[str, ...], *, key: bytes, public: frozenset[str]) -> str | None:
    """Return the address of a mention as it may be followed, None where it says what must not be read.

    Parameters
    ----------
    url, author
        Address and pseudonym of the mention, as stored; anything else than text is missing.
    terms
        Confidential terms.
    key
        Key of the pseudonyms: on networks that nobody has described it is the stored pseudonym that tells whether a
        piece of the path is the author's handle.
    public
        Handles that may be named, as `handles` gives them.
    """
    if not isinstance(url, str) or not url.startswith(_ADDRESS):
        return None
    named = profile_of(url)
    pieces = [unquote(piece) for piece in _PIECES.split(url)[2:]] if isinstance(author, str) else []
    named = named or next((piece for piece in pieces if fold_text(piece).strip(" @") and pseudonym(key, piece) == author), None)
    if named is None:
        return url if mask(url, terms) == url else None
    if _folded(named) not in public:
        return None
    # The handle is public; the rest of the address is looked at without it.
    rest = url.replace(named, "", 1).replace("/@", "/")
    return url if mask(rest, terms) == rest else None


def handles(watch: Watch) -> frozenset[str]:
    """Return the handles that may be named: the organisation's own accounts and those of `privacy.public_authors`."""
    named = (*(account.handle for account in watch.accounts), *watch.privacy.public_authors)
    # `@name@server` is `name` in the addresses of its own server.
    return frozenset(form for handle in named for form in (_folded(handle), _folded(handle).split("@")[0]))


def _folded(handle: str) -> str:
    return fold_text(handle).strip().removeprefix("@")


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

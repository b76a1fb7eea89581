"""What of a mention may be shown word for word: its quotation, and the address under which it can be followed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from veille.folding import fold_text
from veille.masking import mask, profile_of
from veille.pseudonym import pseudonym

if TYPE_CHECKING:
    from veille.watch import Watch

QUOTE_MAX = 280
_SENTENCE = re.compile(r"[.!?…](?:[»\"”')]*)(?=\s)")
_WEB = re.compile(
    r"(?:https?://|www\.)[^\s<>\"«»“”]+|(?<![\w@.-])[\w-]++(?:\.[\w-]++)++(?<=[a-z]{2})/[^\s<>\"«»“”]*", re.IGNORECASE
)
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


def without_addresses(quote: str) -> str:
    """Return a quotation with an ellipsis for each address of the web in it."""
    return _WEB.sub("[…]", quote)


def handles(watch: Watch) -> frozenset[str]:
    """Return the handles that may be named: the organisation's own accounts and those of `privacy.public_authors`."""
    named = (*(account.handle for account in watch.accounts), *watch.privacy.public_authors)
    # `@name@server` is `name` in the addresses of its own server.
    return frozenset(form for handle in named for form in (_folded(handle), _folded(handle).split("@")[0]))


def _folded(handle: str) -> str:
    return fold_text(handle).strip().removeprefix("@")

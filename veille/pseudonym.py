"""Authors as pseudonyms: the same person keeps one name per watch, and nobody reads a handle from the store.

A keyed hash, not a plain one: without the key, a list of known handles cannot be hashed and compared.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

import pandas as pd

from veille.folding import fold_text

KEY_BYTES = 32
"""Length of a new key, in bytes."""


def new_key() -> bytes:
    """Return a new random key of `KEY_BYTES` bytes."""
    return secrets.token_bytes(KEY_BYTES)


def pseudonym(key: bytes, handle: str) -> str:
    """Return the pseudonym of a handle: `a_` and the first 8 bytes, hex, of HMAC-SHA256 (RFC 2104).

    Parameters
    ----------
    key
        The key of the watch; must not be empty.
    handle
        Handle or name as published. Case, accents, surrounding spaces and one leading `@` do not count.

    Raises
    ------
    ValueError
        The key is empty.
    """
    if not key:
        raise ValueError("a pseudonym needs a key that is not empty")
    name = fold_text(handle).strip().removeprefix("@")
    return "a_" + hmac.new(key, name.encode("utf-8"), hashlib.sha256).digest()[:8].hex()


def tombstone(key: bytes, name: str) -> str:
    """Return what may be kept of an erased id or pseudonym, to know it again: the first 16 bytes, hex, of its HMAC-SHA256.

    Without the key it says nothing; with it, it can be compared, not read.
    """
    return hmac.new(key, b"erased\x1f" + name.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()[:16].hex()


def bare_term(term: str) -> str:
    """Return the letters and figures of a confidential term, folded; of a term of signs alone, the signs."""
    return "".join(sign for sign in fold_text(term) if sign.isalnum()) or fold_text(term).strip()


def sealed_term(key: bytes, term: str) -> str:
    """Return what may be kept of a confidential term, to know it again: the first 16 bytes, hex, of its HMAC-SHA256.

    Case, accents and what stands between its words do not count. Without the key it says nothing, whoever has a list of
    likely terms; who has the key can try such a list, and a short term, in no time: it is a seal, not a safe.
    """
    return hmac.new(key, b"term\x1f" + bare_term(term).encode("utf-8"), hashlib.sha256).digest()[:16].hex()


def pseudonyms(key: bytes, handles: pd.Series) -> pd.Series:
    """Return the pseudonyms of a series of handles.

    Parameters
    ----------
    key
        The key of the watch.
    handles
        Handles; missing and blank ones come back missing.

    Returns
    -------
    pandas.Series
        Dtype `str`, same index and name.
    """
    known = {handle: pseudonym(key, str(handle)) for handle in handles.dropna().unique() if fold_text(str(handle)).strip(" @")}
    return pd.Series(handles.astype("object").map(known), index=handles.index, name=handles.name, dtype="str")

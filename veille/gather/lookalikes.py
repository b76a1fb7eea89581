"""Names that are like those of the organisation, told before an author becomes a pseudonym.

Of a name nothing is kept but how it is like an official one; a pseudonym cannot be looked at afterwards.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files

import pandas as pd
from ruamel.yaml import YAML

from veille.folding import fold_text, words_of
from veille.gather.skeleton import bare, one_apart, skeleton
from veille.mention import Resemblance
from veille.watch import Role, Watch
from veille.watch.strategy import SITES

LONG_LETTERS = 10
"""From so many letters on a name is nobody's by chance: shorter ones are also those of boats, bands and people."""
_LEAST_LETTERS = 5
_WORDS: dict[str, list[str]] = YAML(typ="safe", pure=True).load((files("veille.gather") / "offices.yml").read_text("utf-8"))
_LEADS = re.compile(
    r"\b(?:porte[- ]?parole|directeur|directrice|pdg|dg|president(?:e)?|ceo|spokes(?:person|man|woman)|head of|"
    r"chief \w+ officer|director|responsable de la communication|dirigeante?)\b"
)
_FORMER = re.compile(r"\b(?:ex|anciens?|ancienne|former|parodie|parody|fake|faux|fan|anti)\b")
_SERVERS = (".bsky.social",)


@dataclass(frozen=True)
class Names:
    """What names are compared with.

    Parameters
    ----------
    handles
        Official handles without server, folded.
    whole
        Skeletons of the official handles, of the organisation's name and of those of its own subjects.
    offices
        What the skeleton of a name with words of an office looks like.
    own
        Pattern, on folded text, of the organisation's names and handles, spoken out.
    brands
        Skeletons of the words that tell the organisation from others, its whole names among them.
    """

    handles: frozenset[str]
    whole: dict[str, frozenset[str]]
    offices: re.Pattern[str]
    own: re.Pattern[str]
    brands: tuple[str, ...]

    @property
    def written(self) -> frozenset[str]:
        """All names, as they are written without signs."""
        return frozenset().union(*self.whole.values())

    @property
    def known(self) -> bool:
        """Whether there is a name that anybody could take."""
        return bool(self.whole)


def names_of(watch: Watch) -> Names:
    """Return what the names of authors are compared with: accounts of watch.yml, and how the organisation is called."""
    handles = frozenset(_handle(item.handle) for item in watch.accounts if item.network not in SITES)
    called = [watch.organisation, *(one.name for one in watch.subjects if one.role is Role.SELF and one.name)]
    telling = telling_words(called)
    whole: dict[str, set[str]] = {}
    for name in (*handles, *called):
        if len(bare(name)) >= _LEAST_LETTERS:
            whole.setdefault(skeleton(name), set()).add(bare(name))
    brands = sorted({*whole, *map(skeleton, telling)}, key=lambda brand: (-len(brand), brand))
    beside = {skeleton(word) for word in (*_WORDS["beside"], *(word for name in called for word in words_of(name)))}
    words = {skeleton(word) for word in _WORDS["offices"]}
    office, other = (f"(?:{'|'.join(map(re.escape, sorted(part, key=len, reverse=True)))})" for part in (words, beside | words))
    brand = f"(?:{'|'.join(map(re.escape, brands)) or '(?!)'})"
    offices = re.compile(rf"{other}*?{office}{other}*?{brand}{other}*|{other}*?{brand}{other}*?{office}{other}*")
    spoken = sorted({fold_text(name) for name in (*called, *telling, *handles)}, key=len, reverse=True)
    own = re.compile(rf"(?<!\w)@?(?:{'|'.join(map(re.escape, spoken)) or '(?!)'})(?!\w)")
    return Names(handles, {look: frozenset(written) for look, written in whole.items()}, offices, own, tuple(brands))


def telling_words(names: list[str]) -> list[str]:
    """Return the words of names that tell the organisation from others of its trade."""
    return sorted({word for name in names for word in words_of(name) if len(word) >= _LEAST_LETTERS} - set(_WORDS["trades"]))


def resemblances(watch: Watch, handles: pd.Series, shown: pd.Series) -> pd.Series:
    """Return how the names that mentions were published under are like those of the organisation.

    Parameters
    ----------
    watch
        Its `accounts`, its name and those of its own subjects.
    handles, shown
        Handle and name of each author as published, missing where there is none. A handle with a space in it is a name.

    Returns
    -------
    Series
        Values of `Resemblance`, missing where nothing is alike, on the index of `handles`; dtype `str`.
    """
    names = names_of(watch)
    pairs = pd.DataFrame({"handle": handles, "shown": shown}).astype("object").where(lambda frame: frame.notna(), None)
    if not names.known:
        return pd.Series(None, index=handles.index, dtype="str")
    known = {pair: resemblance(names, *pair) for pair in set(zip(pairs["handle"], pairs["shown"], strict=True))}
    found = [known[pair] for pair in zip(pairs["handle"], pairs["shown"], strict=True)]
    return pd.Series(found, index=handles.index, dtype="object").astype("str")


def resemblance(names: Names, handle: str | None, shown: str | None = None) -> str | None:
    """Return how one author's names are like those of the organisation; None where they are not."""
    written = _handle(handle or "")
    if " " in written:
        return _of_shown(names, handle or "", alone=True)
    if written in names.handles:
        return Resemblance.SAME.value
    found = (_of_handle(names, written) if written else None) or (
        _of_shown(names, shown, alone=not written) if shown and shown.strip() else None
    )
    # Where watch.yml names no account, one that bears the name may be the organisation's own: its words decide.
    deceives = found in (Resemblance.LOOKALIKE, Resemblance.SPOKESPERSON, None) and bare(written) not in names.written
    return found if names.handles or deceives else Resemblance.SAME.value


def _of_handle(names: Names, handle: str) -> str | None:
    letters, look = bare(handle), skeleton(handle)
    spellings = names.whole.get(look, frozenset())
    if spellings and letters not in spellings:
        return Resemblance.LOOKALIKE.value
    around = skeleton(letters.strip("0123456789"))
    near = [known for known in names.whole if len(known) >= LONG_LETTERS]
    written = [name for known in near for name in names.whole[known]]
    apart = any(one_apart(name, known) for known in near for name in (look, around))
    if look in near or around in near or apart or any(one_apart(letters, known) for known in written):
        return Resemblance.LOOKALIKE.value
    return Resemblance.ADDED_WORDS.value if names.offices.fullmatch(look) or names.offices.fullmatch(around) else None


def _of_shown(names: Names, name: str, *, alone: bool) -> str | None:
    """Judge a name that is shown; alone, without a handle, the organisation's own name is no sign: it may be its account."""
    letters, look, said = bare(name), skeleton(name), fold_text(name)
    spellings = names.whole.get(look, frozenset())
    if spellings:
        if letters not in spellings:
            return Resemblance.LOOKALIKE.value
        return None if alone or len(look) < LONG_LETTERS else Resemblance.DISPLAY_NAME.value
    if names.offices.fullmatch(look):
        return Resemblance.DISPLAY_NAME.value
    speaks = _LEADS.search(said) and names.own.search(said) and not _FORMER.search(said)
    return Resemblance.SPOKESPERSON.value if speaks else None


def _handle(written: str) -> str:
    """Return a handle folded, without sign and server."""
    name = fold_text(written).strip().removeprefix("@").partition("@")[0]
    for server in _SERVERS:
        name = name.removesuffix(server)
    return name

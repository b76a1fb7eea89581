"""The organisation's own voice: its official accounts and the hosts of its own pages.

Authors are stored as keyed hashes, so the handles of watch.yml are hashed with the same key and compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from veille.folding import fold_text, words_of
from veille.mention import MentionKind
from veille.pseudonym import pseudonym
from veille.watch import Watch
from veille.watch.strategy import SITES, Account

_ALIASES = {"twitter": "x"}
_HOSTS = {
    "x": ("x.com", "twitter.com"),
    "facebook": ("facebook.com",),
    "instagram": ("instagram.com",),
    "tiktok": ("tiktok.com",),
    "linkedin": ("linkedin.com",),
    "youtube": ("youtube.com", "youtu.be"),
    "telegram": ("t.me",),
    "bluesky": ("bsky.app",),
    "reddit": ("reddit.com",),
    "hackernews": ("news.ycombinator.com",),
}
_GENERIC = frozenset(["groupe", "group", "mobilites", "services", "france"])


@dataclass(frozen=True)
class OwnVoice:
    """What tells that a mention is the organisation's own.

    Parameters
    ----------
    accounts
        One row an official account: `network`, `handle` (folded, without `@`), `server` (empty where none), `author`
        (pseudonym of the handle), `full_author` (pseudonym of handle and server, empty where none).
    hosts
        Hosts of its own pages.
    """

    accounts: pd.DataFrame
    hosts: tuple[str, ...]


def own_voice(watch: Watch, key: bytes) -> OwnVoice:
    """Return the official accounts of watch.yml, hashed with the store's key, and the hosts of the organisation's own pages.

    Parameters
    ----------
    watch
        Its `accounts`; those of network `site` name a host. The feed of own press releases in `calendar` counts as a page of
        its own only where its host bears the organisation's name: many publish on a wire that carries everybody.
    key
        Key of the pseudonyms.
    """
    rows = [_account(item, key) for item in watch.accounts if item.network not in SITES]
    columns = ["network", "handle", "server", "author", "full_author"]
    sites = [_host(item.handle) for item in watch.accounts if item.network in SITES]
    names = {word for word in words_of(watch.organisation) if len(word) > 3} - _GENERIC
    feeds = [_host(str(entry.rss)) for entry in watch.calendar if entry.rss]
    sites += [host for host in feeds if any(name in host.replace("-", "") for name in names)]
    return OwnVoice(pd.DataFrame(rows, columns=columns), tuple(sorted({site for site in sites if site})))


def official(mentions: pd.DataFrame, own: OwnVoice) -> NDArray[np.bool_]:
    """Say which mentions an official account published.

    Parameters
    ----------
    mentions
        `author` (pseudonym), `source`, `source_type`, `publisher`, `url`, `kind`.

    Notes
    -----
    A handle is only unique within its network: the same name elsewhere may be an impostor and is left in. Where a mention says
    of no network at all, the handle alone decides. Without author the address decides, unless it is a comment: the page is the
    organisation's, the comment is not.
    """
    found = np.zeros(len(mentions), dtype=bool)
    if own.accounts.empty or mentions.empty:
        return found
    author = mentions["author"].astype("object").fillna("").to_numpy()
    publisher = mentions["publisher"].astype("object").fillna("").astype(str).str.lower().str.removeprefix("www.").to_numpy()
    type_ = mentions["source_type"].astype("object").fillna("").astype(str).str.lower().replace(_ALIASES).to_numpy()
    source = mentions["source"].astype("object").fillna("").astype(str).str.lower().to_numpy()
    url = mentions["url"].astype("object").fillna("").astype(str)
    host, page = hosts(url).to_numpy(), _first_part(url).to_numpy()
    answered = mentions["kind"].isin([MentionKind.COMMENT, MentionKind.REVIEW]).to_numpy()
    nowhere = (publisher == "") & (host == "") & np.isin(type_, ["import", "files"])
    label = np.array([place.partition(".")[0] for place in publisher], dtype=object)
    for network, handle, server, name, full_name in own.accounts.astype("str").to_numpy().tolist():
        places = [server] if server else [*_HOSTS.get(network, ())]
        here = np.isin(publisher, places) | np.isin(host, places)
        if server:
            found |= author == full_name
        else:
            here |= (label == network) | (type_ == network) | (source == network)
        found |= (author == name) & (here | nowhere)
        found |= (author == "") & here & (page == handle) & ~answered
    return found


def own_pages(mentions: pd.DataFrame, own: OwnVoice) -> NDArray[np.bool_]:
    """Say which mentions stand on a page of the organisation itself; comments and reviews there are the public's."""
    url = hosts(mentions["url"].astype("object").fillna("").astype(str))
    found = np.zeros(len(mentions), dtype=bool)
    for site in own.hosts:
        found |= ((url == site) | url.str.endswith(f".{site}")).to_numpy(dtype=bool)
    return found & ~mentions["kind"].isin([MentionKind.COMMENT, MentionKind.REVIEW]).to_numpy()


def hosts(url: pd.Series) -> pd.Series:
    """Return the host of each address in lower case without `www.`; empty where there is none."""
    found = url.str.extract(r"^https?://(?:[^/@?#]*@)?([^/:?#]+)", expand=False).fillna("")
    return found.str.lower().str.removeprefix("www.")


def _first_part(url: pd.Series) -> pd.Series:
    """Return the first part of the path of each address, folded and without `@`: on networks the name of the account."""
    part = url.str.extract(r"^https?://[^/]+/@?([^/?#]+)", expand=False).fillna("")
    return part.str.lower()


def _account(account: Account, key: bytes) -> tuple[str, str, str, str, str]:
    network = _ALIASES.get(account.network.lower(), account.network.lower())
    handle, _, server = fold_text(account.handle).strip().removeprefix("@").partition("@")
    full = pseudonym(key, f"{handle}@{server}") if server else ""
    return network, handle, server, pseudonym(key, handle), full


def _host(address: str) -> str:
    text = address.strip().lower().removeprefix("@")
    found = urlsplit(text if "://" in text else f"https://{text}").hostname or ""
    return found.removeprefix("www.")

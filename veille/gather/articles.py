"""Whole texts: of a new article of which a feed gives the beginning, the page is read, politely and a bounded number a run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from veille.errors import SourceError
from veille.gather.pages import Article, read_page
from veille.mention import MENTIONS, Extent, Mention, MentionKind, mention_id
from veille.sources import AnsweredError, Client, Fetched
from veille.store import Store
from veille.watch import SourceSpec

MOST_PAGES = 50
"""Pages read for one source in one run; the rest is read by the next runs, as long as the feed holds them."""
_WHOLE_CHARACTERS = 1500
_WHOLE_RATIO = 0.6


def with_whole_texts(
    spec: SourceSpec, fetched: Fetched, store: Store, client: Client, timezone: str, most: int = MOST_PAGES
) -> Fetched:
    """Return what a source delivered with the whole texts of its new articles, where it asks for them.

    Parameters
    ----------
    spec
        The source; without `articles: true` nothing is read. Where `rights.fulltext` is false no page is read either, and
        what the feed gave stays.
    fetched
        What it delivered; its mentions are changed.
    store
        Tells which articles are known, and were looked at before.
    client
        The HTTP client, within what is left of the source's time.
    timezone
        IANA name of the zone of times without offset.
    most
        Pages read at most.

    Notes
    -----
    A page that fails is a warning. One that may answer later (429, 5xx, no answer) is asked again by the next run; of the
    others, and of pages that show a part for readers who pay, the text stays what the feed gave.
    """
    if not spec.articles:
        return fetched
    articles = [item for item in fetched.mentions if item.kind == MentionKind.ARTICLE and item.url and item.extent is None]
    if not spec.rights.fulltext:
        for item in articles:
            item.extent = Extent.LEAD.value
        return fetched
    open_ = _open(articles, store)
    failures: list[str] = []
    for item in open_[:most]:
        try:
            take(item, read_page(client.page(item.url or ""), timezone))
        except SourceError as error:
            failures.append(error.message)
            if not _may_pass(error):
                item.extent = Extent.LEAD.value
    warnings = [f"{len(failures)} articles could not be read whole, such as: {failures[0]}"] if failures else []
    return replace(fetched, warnings=(*fetched.warnings, *warnings))


def take(mention: Mention, article: Article) -> None:
    """Put the text of its page into a mention, where the page shows it.

    Parameters
    ----------
    mention
        The mention as the feed gave it.
    article
        What its page holds.
    """
    given = len(mention.text)
    if article.paywalled:
        mention.extent = Extent.PAYWALLED.value
    elif len(article.text) > given:
        mention.text = article.text
        mention.title = mention.title or article.title
        mention.extent = Extent.FULL.value
    elif given >= _WHOLE_CHARACTERS and len(article.text) >= given * _WHOLE_RATIO:
        # The feed gave the whole article itself, and the page is laid out otherwise.
        mention.extent = Extent.FULL.value
    else:
        # A page that shows no more than the lead shows a stub.
        mention.extent = Extent.PAYWALLED.value


def _open(articles: Iterable[Mention], store: Store) -> list[Mention]:
    """Return the articles of which nobody has looked at the page, those that are not known first."""
    by_id = {mention_id(item): item for item in articles}
    stored = store.load(MENTIONS, ["mention_id", "extent"], [("mention_id", "in", list(by_id))]) if by_id else MENTIONS.empty()
    looked_at = set(stored.loc[stored["extent"].notna(), "mention_id"])
    known = set(stored["mention_id"])
    open_ = [name for name in by_id if name not in looked_at]
    return [by_id[name] for name in sorted(open_, key=lambda name: name in known)]


def _may_pass(error: SourceError) -> bool:
    if isinstance(error, AnsweredError):
        return error.status in (0, 429) or error.status >= 500
    return "time" in error.message

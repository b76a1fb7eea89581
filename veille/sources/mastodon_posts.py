"""Posts of Mastodon as mentions."""

from __future__ import annotations

from typing import Any

from veille.mention import Mention, MentionKind
from veille.sources.text import plain_text
from veille.sources.values import count_of, dict_of, dicts_of, id_of, language_of, moment_of, text_of, web_address

_SHOWN = ("public", "unlisted")


def status_mention(status: dict[str, Any], source: str, source_type: str, domain: str) -> Mention:
    """Return a post (`Status`) as a mention; its id and its text may be missing.

    Parameters
    ----------
    status
        The post, as the server tells it.
    source, source_type
        Id and type of the source it came by.
    domain
        Name that accounts of the server have in their handles, which it leaves out of them.

    Notes
    -----
    Its id is its `uri`, the same on every server. What it answers is told by a number of the server: `domain/number`. A
    repost carries the text of what it reposts, and none of its counters: they are those of the other post.
    """
    account = dict_of(status.get("account"))
    original = dict_of(status.get("reblog"))
    said = original or status
    counters = {} if original else status
    answered = id_of(status.get("in_reply_to_id"))
    handle = text_of(account.get("acct")).lstrip("@")
    author = handle if "@" in handle or not handle else f"{handle}@{domain}"
    attachments = dicts_of(said.get("media_attachments"))
    media = (web_address(part.get("url")) or web_address(part.get("remote_url")) for part in attachments)
    parent = id_of(original.get("uri")) if original else f"{domain}/{answered}" if answered else None
    return Mention(
        source=source,
        source_type=source_type,
        kind=(MentionKind.REPOST if original else MentionKind.POST).value,
        # What stands over a post that is folded away: for most the subject, or a warning of it.
        title=plain_text(text_of(said.get("spoiler_text"))),
        text=plain_text(text_of(said.get("content"))),
        native_id=id_of(status.get("uri")),
        url=web_address(status.get("url")) or (web_address(original.get("url")) if original else None),
        publisher=author.rpartition("@")[2].lower() or None,
        parent_id=parent,
        author=author or None,
        author_name=text_of(account.get("display_name")) or None,
        author_followers=count_of(account.get("followers_count")),
        published_at=moment_of(status.get("created_at")),
        language_declared=language_of(said.get("language")),
        likes=count_of(counters.get("favourites_count")),
        shares=count_of(counters.get("reblogs_count")),
        replies=count_of(counters.get("replies_count")),
        media=[address for address in media if address],
    )


def wrong_of(status: dict[str, Any], mention: Mention) -> str:
    """Say why a post cannot be a mention; empty where it can.

    Parameters
    ----------
    status
        The post, as the server tells it.
    mention
        The same, read.
    """
    if not mention.native_id:
        return "no id"
    for part in (status, dict_of(status.get("reblog"))):
        # A key may see what its owner sees: what was not said to everybody is not for a watch.
        if part and (part.get("visibility") not in _SHOWN or part.get("local_only") is True):
            return "not public"
    return "" if mention.title or mention.text else "no title and no text"

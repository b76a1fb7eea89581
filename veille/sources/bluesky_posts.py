"""Posts of Bluesky as mentions."""

from __future__ import annotations

import re
from typing import Any

from veille.mention import Mention, MentionKind
from veille.sources.feed import MOST_MEDIA
from veille.sources.values import count_of, dict_of, dicts_of, id_of, language_of, list_of, moment_of, text_of, web_address

_URI = re.compile(r"at://(did:[a-z0-9]+:[A-Za-z0-9._:%-]+)/app\.bsky\.feed\.post/([A-Za-z0-9._:~-]+)")
_HANDLE = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_INVALID = "handle.invalid"
_MEMBERS_ONLY = "!no-unauthenticated"


def post_mention(item: dict[str, Any], source: str, source_type: str) -> Mention:
    """Return an entry of a feed (`feedViewPost`) as a mention; its id and its text may be missing.

    Parameters
    ----------
    item
        An object with `post` and, where it was reposted, `reason`; a post that a search found stands alone in `post`.
    source, source_type
        Id and type of the source it came by.

    Notes
    -----
    A post is dated by its author, who may write any date: the service sorts by that date or the one when it saw the post,
    whichever is earlier, and so does this. A linked page is named at the end of the text. A repost carries the text of what
    it reposts, and none of its counters: they are those of the other post.
    """
    post, reason = dict_of(item.get("post")), dict_of(item.get("reason"))
    repost = text_of(reason.get("$type")).endswith("#reasonRepost")
    record, author = dict_of(post.get("record")), dict_of(post.get("author"))
    uri = id_of(post.get("uri"))
    by = dict_of(reason.get("by")) if repost else author
    dates = [moment_of(record.get("createdAt")), moment_of(post.get("indexedAt"))]
    counters = {} if repost else post
    shares = [count_of(counters.get(name)) for name in ("repostCount", "quoteCount")]
    langs = list_of(record.get("langs"))
    native = id_of(reason.get("uri")) or (f"{uri} by {id_of(by.get('did')) or ''}" if uri else None) if repost else uri
    return Mention(
        source=source,
        source_type=source_type,
        kind=(MentionKind.REPOST if repost else MentionKind.POST).value,
        text=_text(record, dict_of(post.get("embed"))),
        native_id=native,
        url=_address(uri, author),
        publisher="bsky.app",
        parent_id=uri if repost else _parent(record),
        author=_name(by),
        author_name=text_of(by.get("displayName")) or None,
        published_at=moment_of(reason.get("indexedAt")) if repost else min(filter(None, dates), default=None),
        # Some programs declare every language their user reads.
        language_declared=language_of(langs[0]) if len(langs) == 1 else None,
        likes=count_of(counters.get("likeCount")),
        shares=sum(count or 0 for count in shares) if any(count is not None for count in shares) else None,
        replies=count_of(counters.get("replyCount")),
        media=_media(dict_of(post.get("embed"))),
    )


def wrong_of(item: dict[str, Any], mention: Mention) -> str:
    """Say why a post cannot be a mention; empty where it can.

    Parameters
    ----------
    item
        The entry, as the service tells it.
    mention
        The same, read.
    """
    if not mention.native_id:
        return "no id"
    author = dict_of(dict_of(item.get("post")).get("author"))
    if any(label.get("val") == _MEMBERS_ONLY and not label.get("neg") for label in dicts_of(author.get("labels"))):
        return "its author asks to be shown only to people who are logged in"
    return "" if mention.text else "no text"


def _text(record: dict[str, Any], embed: dict[str, Any]) -> str:
    text = text_of(record.get("text"))
    linked = dict_of(_shown(embed).get("external"))
    lines = [text_of(linked.get(name)) for name in ("title", "description", "uri")]
    said = "\n".join(line for line in lines if line and line not in text)
    return "\n\n".join(part for part in (text, said) if part)


def _parent(record: dict[str, Any]) -> str | None:
    """Return what a post answers, else what it quotes."""
    answered = id_of(dict_of(dict_of(record.get("reply")).get("parent")).get("uri"))
    quoted = dict_of(dict_of(record.get("embed")).get("record"))
    return answered or id_of(quoted.get("uri")) or id_of(dict_of(quoted.get("record")).get("uri"))


def _media(embed: dict[str, Any]) -> list[str]:
    shown = _shown(embed)
    pictures = [*dicts_of(shown.get("images")), *dicts_of(shown.get("items"))]
    found = [web_address(part.get("fullsize")) or web_address(part.get("thumb")) for part in pictures]
    found += [web_address(shown.get("thumbnail")), web_address(dict_of(shown.get("external")).get("thumb"))]
    return [address for address in found if address][:MOST_MEDIA]


def _shown(embed: dict[str, Any]) -> dict[str, Any]:
    """Return what is embedded: a quotation with pictures has them one floor below."""
    return dict_of(embed.get("media")) or embed


def _address(uri: str | None, author: dict[str, Any]) -> str | None:
    match = _URI.fullmatch(uri or "")
    return f"https://bsky.app/profile/{_name(author) or match[1]}/post/{match[2]}" if match else None


def _name(author: dict[str, Any]) -> str | None:
    """Return the handle, or the lasting id of an account whose handle is no longer its own."""
    handle, did = text_of(author.get("handle")), text_of(author.get("did"))
    if _HANDLE.fullmatch(handle) and handle != _INVALID:
        return handle.lower()
    return did if did.startswith("did:") and re.fullmatch(r"[A-Za-z0-9._:%-]+", did) else None

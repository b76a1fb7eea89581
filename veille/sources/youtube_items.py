"""Videos and comments of the YouTube Data API as mentions."""

from __future__ import annotations

from typing import Any

from veille.mention import Mention, MentionKind
from veille.sources.values import count_of, dict_of, dicts_of, id_of, language_of, moment_of, text_of, web_address

PAGES = "https://www.youtube.com"


def video_mention(item: dict[str, Any], source: str, source_type: str) -> Mention:
    """Return a `video` with `snippet` and `statistics` as a mention; its id and its texts may be missing."""
    snippet, counts = dict_of(item.get("snippet")), dict_of(item.get("statistics"))
    id_ = id_of(item.get("id"))
    pictures = dict_of(snippet.get("thumbnails"))
    picture = web_address(dict_of(pictures.get("high") or pictures.get("default")).get("url"))
    return Mention(
        source=source,
        source_type=source_type,
        kind=MentionKind.POST.value,
        title=text_of(snippet.get("title")),
        text=text_of(snippet.get("description")),
        native_id=id_,
        url=f"{PAGES}/watch?v={id_}" if id_ else None,
        author=text_of(snippet.get("channelTitle")) or id_of(snippet.get("channelId")),
        published_at=moment_of(snippet.get("publishedAt")),
        language_declared=language_of(snippet.get("defaultLanguage")) or language_of(snippet.get("defaultAudioLanguage")),
        likes=count_of(counts.get("likeCount")),
        replies=count_of(counts.get("commentCount")),
        views=count_of(counts.get("viewCount")),
        media=[picture] if picture else [],
    )


def thread_mentions(thread: dict[str, Any], video: str, source: str, source_type: str) -> list[Mention]:
    """Return a `commentThread` as mentions: the comment, and the replies to it that came with it.

    Parameters
    ----------
    thread
        With `snippet` and, where it has answers, `replies`.
    video
        Id of the video.
    source, source_type
        Id and type of the source it came by.
    """
    snippet = dict_of(thread.get("snippet"))
    top = comment_mention(dict_of(snippet.get("topLevelComment")), video, video, source, source_type)
    top.replies = count_of(snippet.get("totalReplyCount"))
    answers = dicts_of(dict_of(thread.get("replies")).get("comments"))
    return [top, *(comment_mention(answer, video, top.native_id, source, source_type) for answer in answers)]


def comment_mention(comment: dict[str, Any], video: str, parent: str | None, source: str, source_type: str) -> Mention:
    """Return a `comment` as a mention; its id and its text may be missing."""
    snippet = dict_of(comment.get("snippet"))
    id_ = id_of(comment.get("id"))
    return Mention(
        source=source,
        source_type=source_type,
        kind=MentionKind.COMMENT.value,
        text=text_of(snippet.get("textOriginal")) or text_of(snippet.get("textDisplay")),
        native_id=id_,
        url=f"{PAGES}/watch?v={video}&lc={id_}" if id_ else None,
        parent_id=id_of(snippet.get("parentId")) or parent,
        author=text_of(snippet.get("authorDisplayName")) or None,
        published_at=moment_of(snippet.get("publishedAt")),
        likes=count_of(snippet.get("likeCount")),
    )

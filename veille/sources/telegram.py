"""Public channels of Telegram: the pages that t.me shows to everybody, read by snscrape over our own connections."""

from __future__ import annotations

import importlib
import io
import logging
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import TYPE_CHECKING, Any

import requests
import requests.adapters
from lxml import etree
from lxml import html as lxml_html

from veille.errors import SourceError
from veille.mention import Mention, MentionKind
from veille.sources.answers import shown
from veille.sources.http import Client
from veille.sources.paging import Bounds, Page, search
from veille.sources.source import Fetched, Refused, Span, State
from veille.sources.text import decode, plain_text

if TYPE_CHECKING:
    from veille.watch import SourceSpec

BASE = "https://t.me"
"""Where channels are; `server` of watch.yml takes its place."""

_NAME = re.compile(r"(?:(?:https?://)?t\.me/(?:s/)?|@)?([A-Za-z][A-Za-z0-9_]{3,31})/?", re.IGNORECASE)
_POST = re.compile(r"([A-Za-z][A-Za-z0-9_]{3,31})/(\d{1,18})")
_POST_ADDRESS = re.compile(r"https://t\.me/(?:s/)?([A-Za-z][A-Za-z0-9_]{3,31}/\d{1,18})(?:[?#].*)?")
_COUNT = re.compile(r"(\d{1,12}(?:\.\d{1,3})?)\s?([KM]?)")
_THOUSANDS = {"": 1, "K": 1_000, "M": 1_000_000}
_MOST_MEDIA = 20


def _snscrape() -> ModuleType:
    """Import the one module of snscrape that is used.

    Its package of modules imports all of them in a way that warns 24 times on Python 3.11 and fails since 3.12; an empty
    package in its place imports nothing by itself, and lets a single module be found.
    """
    name = "snscrape.modules"
    if name not in sys.modules:
        package = ModuleType(name)
        package.__path__ = [f"{folder}/modules" for folder in importlib.import_module("snscrape").__path__]
        sys.modules[name] = package
    # It tells what it does, strangers' addresses included, to whoever has set up no log: to standard error.
    logging.getLogger("snscrape").addHandler(logging.NullHandler())
    return importlib.import_module(f"{name}.telegram")


_telegram: Any = _snscrape()


class _Door(requests.adapters.BaseAdapter):
    """Lets a scraper ask through the client of all sources: judged addresses, turns, bounds, retries, a time of its own.

    Parameters
    ----------
    client
        The client.
    server
        Where t.me really is asked.
    """

    def __init__(self, client: Client, server: str) -> None:
        super().__init__()
        self._client = client
        self._server = server

    def send(self, request: requests.PreparedRequest, *_: object, **__: object) -> requests.Response:
        url = request.url or ""
        if not url.startswith(f"{BASE}/"):
            raise SourceError(f"{shown(url)} is not on Telegram", "only channels of t.me are read")
        reply = self._client.get(self._server + url.removeprefix(BASE), accept="text/html, */*;q=0.1")
        response = requests.Response()
        response.status_code = reply.status
        # The scraper tells by the address whether it was sent away.
        response.url = BASE + reply.url.removeprefix(self._server) if reply.url.startswith(self._server) else reply.url
        response.encoding = "utf-8"
        response.raw = io.BytesIO(decode(reply.content).text.encode("utf-8", "replace"))
        response.request = request
        return response

    def close(self) -> None:
        """Leave the connections to the client, which others use."""


@dataclass(slots=True)
class _Channel:
    """One channel in one run; pages that were read once are not asked for again."""

    name: str
    spec: SourceSpec
    as_of: datetime
    scraper: Any
    pages: dict[str | None, Page] = field(default_factory=dict)
    public: bool = True
    undated: int = 0

    def ask(self, span: Span, cursor: str | None) -> Page:
        again = cursor in self.pages
        page = self.pages[cursor] if again else self._read(cursor)
        self.pages[cursor] = page
        moments = [mention.published_at for mention in page.mentions if mention.published_at]
        within = [mention for mention in page.mentions if self._is_asked(mention.published_at, span, again)]
        # Older posts than asked for: no page below this one can hold any.
        ends = bool(moments) and min(moments) < span.since
        return Page(within, [] if again else page.refused, None if ends else page.cursor)

    def _is_asked(self, moment: datetime | None, span: Span, again: bool) -> bool:
        if moment is None:
            return not again
        # What is dated after the run is new; it is not visible until then.
        return span.since <= moment and (moment < span.until or span.until >= self.as_of)

    def _read(self, cursor: str | None) -> Page:
        response = self.scraper._get(f"{BASE}/s/{self.name}", params={"before": cursor} if cursor else None)
        if "/s/" not in response.url:
            self.public = False
            return Page([])
        page, undated = parse_page(response.text, self.spec, self.name)
        self.undated += undated
        return page


@dataclass(frozen=True, slots=True)
class TelegramSource:
    """Source of type `telegram`: every account of the source is a public channel.

    Parameters
    ----------
    timezone
        Not needed: Telegram says the offset of its times.
    """

    timezone: str = "UTC"

    def fetch(self, spec: SourceSpec, state: State, as_of: datetime, client: Client) -> Fetched:
        """Return the new posts of all channels; one that fails does not stop the others."""
        server = (spec.server or BASE).rstrip("/")
        channels: list[_Channel] = []
        places: dict[str, Callable[[Span, str | None], Page]] = {}
        for account in spec.accounts:
            match = _NAME.fullmatch(account)
            if not match:
                places[account] = _refuse
            elif match[1] not in places:
                channel = _Channel(match[1], spec, as_of, _scraper(match[1], client, server))
                channels.append(channel)
                places[match[1]] = channel.ask
        fetched = search(places, state, Bounds(as_of, timedelta(days=spec.backfill_days)), spec.limit)
        warnings = [
            f"the channel {channel.name} shows no posts to the public: it is private, unknown, or no channel"
            for channel in channels
            if not channel.public
        ]
        warnings += [
            f"{channel.name}: {channel.undated} posts without a readable time, kept and never counted"
            for channel in channels
            if channel.undated
        ]
        return replace(fetched, warnings=(*fetched.warnings, *warnings))


def parse_page(content: str, spec: SourceSpec, channel: str) -> tuple[Page, int]:
    """Read a page of a channel.

    Parameters
    ----------
    content
        Its HTML.
    spec
        The source it came by.
    channel
        Name of the channel, for messages.

    Returns
    -------
    tuple of Page and int
        Its posts and the cursor of the next page; how many of the posts have no readable time.

    Raises
    ------
    SourceError
        It is no page of a channel.
    """
    try:
        root = lxml_html.fromstring(content, parser=lxml_html.HTMLParser(encoding="utf-8")) if content.strip() else None
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        root = None
    if root is None or not _named(root, "tgme_channel_history", "tgme_main", "tgme_widget_message", "tme_no_messages_found"):
        raise SourceError(f"{BASE}/s/{channel} is no page of a channel", "look at it in a browser; Telegram may have changed")
    mentions: list[Mention] = []
    refused: list[Refused] = []
    for number, post in enumerate(_named(root, "tgme_widget_message"), start=1):
        if "service_message" in post.get("class", "").split():
            # “Channel created” is nothing that anybody said.
            continue
        made = post_mention(post, spec)
        if isinstance(made, Mention):
            mentions.append(made)
        else:
            refused.append(Refused(f"t.me/{channel}", number, made, {"native_id": (post.get("data-post") or "")[:100]}))
    more = [link.get("data-before", "") for link in _named(root, "tme_messages_more")]
    cursor = next((text for text in more if text.isascii() and text.isdigit() and len(text) < 19), None)
    # The page reads downwards, from the oldest to the newest.
    return Page(mentions[::-1], refused, cursor), sum(mention.published_at is None for mention in mentions)


def post_mention(post: Any, spec: SourceSpec) -> Mention | str:
    """Return a post as a mention, or why it cannot be one.

    Parameters
    ----------
    post
        Its element.
    spec
        The source it came by.
    """
    match = _POST.fullmatch(post.get("data-post") or "")
    if not match:
        return "no id of a post"
    channel, number = match.groups()
    item = _scraped(post)
    text = _text(post, item.linkPreview if item else None)
    if not text:
        return "no text"
    forwarded = _named(post, "tgme_widget_message_forwarded_from")
    origin = [link.get("href", "") for link in _named(post, "tgme_widget_message_forwarded_from_name")]
    answered = [link.get("href", "") for link in _named(post, "tgme_widget_message_reply")]
    return Mention(
        source=spec.id,
        source_type=spec.type,
        text=text,
        published_at=_moment(item.date if item else _stamp(post)),
        kind=MentionKind.REPOST.value if forwarded else MentionKind.POST.value,
        native_id=f"{channel}/{number}",
        url=f"{BASE}/{channel}/{number}",
        publisher=f"t.me/{channel}",
        author=_words(post, "tgme_widget_message_from_author") or None,
        # The address of a person who was forwarded names a person: only that of a post is kept.
        parent_id=next((found[1] for url in (origin or answered) if (found := _POST_ADDRESS.fullmatch(url))), None),
        views=_count(_words(post, "tgme_widget_message_views")),
        media=_media(post),
    )


def _scraper(name: str, client: Client, server: str) -> Any:
    scraper = _telegram.TelegramChannelScraper(name, retries=0)
    scraper._session = requests.Session()
    scraper._session.trust_env = False
    # Nothing of it reaches the network but through the door.
    scraper._session.adapters.clear()
    scraper._session.mount("", _Door(client, server))
    return scraper


def _refuse(span: Span, cursor: str | None) -> Page:
    raise SourceError("it is not the name of a channel; write it as in https://t.me/name")


def _scraped(post: Any) -> Any:
    """Return what snscrape makes of a post; None where it stumbles, as over a time that is none."""
    page = _telegram.bs4.BeautifulSoup(lxml_html.tostring(post, encoding="unicode", with_tail=False), "lxml")
    try:
        return next(_telegram.TelegramChannelScraper._soup_to_items(None, page, BASE), None)
    except (AttributeError, KeyError, TypeError, ValueError, IndexError, RecursionError):
        return None


def _text(post: Any, preview: Any) -> str:
    """Return the words of a post as it shows them, its lines kept; what a linked page says of itself comes after them."""
    own = [part for part in _named(post, "tgme_widget_message_text") if not _is_quoted(part)]
    parts = [plain_text(lxml_html.tostring(own[0], encoding="unicode", with_tail=False))] if own else []
    if not own:
        asked = _named(post, "tgme_widget_message_poll_question", "tgme_widget_message_document_title")
        options = _named(post, "tgme_widget_message_poll_option_text")
        parts = ["\n".join(plain_text(part.text_content()) for part in (*asked, *options))]
    if preview:
        told = [plain_text(told) for told in (preview.title, preview.description) if told]
        parts.append("\n".join(line for line in told if line and line not in parts[0]))
    return "\n\n".join(part for part in parts if part).strip()


def _is_quoted(part: Any) -> bool:
    return any("tgme_widget_message_reply" in (above.get("class") or "").split() for above in part.iterancestors())


def _media(post: Any) -> list[str]:
    """Return where its pictures and films are seen; the addresses of the files themselves change with every answer."""
    shown_in = _named(
        post, "tgme_widget_message_photo_wrap", "tgme_widget_message_video_player", "tgme_widget_message_roundvideo_player",
        "tgme_widget_message_voice_player", "tgme_widget_message_document_wrap",
    )  # fmt: skip
    addresses = (link.get("href", "") for link in shown_in)
    return list(dict.fromkeys(url for url in addresses if _POST_ADDRESS.fullmatch(url)))[:_MOST_MEDIA]


def _named(root: Any, *classes: str) -> list[Any]:
    """Return the elements that have one of these classes, in their order."""
    wanted = set(classes)
    return [element for element in root.iter(tag=etree.Element) if wanted.intersection((element.get("class") or "").split())]


def _words(post: Any, name: str) -> str:
    found = _named(post, name)
    return plain_text(found[0].text_content()) if found else ""


def _count(text: str) -> int | None:
    match = _COUNT.fullmatch(text.strip())
    return round(float(match[1]) * _THOUSANDS[match[2]]) if match else None


def _stamp(post: Any) -> datetime | None:
    """Return the time of a post over which snscrape stumbles for another reason."""
    told = [time.get("datetime", "") for date in _named(post, "tgme_widget_message_date") for time in date.iter("time")]
    try:
        return datetime.fromisoformat(told[0]) if told else None
    except ValueError:
        return None


def _moment(date: Any) -> datetime | None:
    try:
        return date.astimezone(UTC) if isinstance(date, datetime) and date.tzinfo else None
    except OverflowError:
        return None

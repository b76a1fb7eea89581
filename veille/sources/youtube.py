"""YouTube: videos that a search finds or channels publish, and the comments below them, by the official API and its quota."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from veille.errors import SourceError
from veille.mention import Mention
from veille.sources.http import Client
from veille.sources.paging import Bounds, Page, PausedError, search
from veille.sources.secrets import secret
from veille.sources.source import Fetched, Refused, Span, State
from veille.sources.values import dict_of, dicts_of, id_of, moment_of
from veille.sources.youtube_api import Api, RefusedError, video_id_of
from veille.sources.youtube_items import thread_mentions, video_mention

if TYPE_CHECKING:
    from veille.watch import SourceSpec

WATCHED = timedelta(days=30)
"""How long after its publication new comments of a video are asked for."""
MOST_VIDEOS = 100
"""Videos watched at the same time, the newest; those of `urls` besides."""
_VIDEOS, _CLOSED = "(videos)", "(closed)"
_PAGE = 50
_COMMENTS = 100


class YoutubeSource:
    """Source of type `youtube`: searches, channels and single videos, each with the comments of its videos.

    Parameters
    ----------
    timezone
        Not used: YouTube tells times in UTC.
    """

    def __init__(self, timezone: str = "UTC") -> None:
        self.timezone = timezone

    def fetch(self, spec: SourceSpec, state: State, as_of: datetime, client: Client) -> Fetched:
        """Return new videos and new comments, as far as the quota of the day goes."""
        api = Api(spec, secret(spec, "token"), state, as_of, client)
        if "units" in api.exhausted:
            return Fetched([], state, warnings=(api.told,))
        run = _Run(spec, state, as_of, api)
        videos = run.videos()
        comments = run.comments(videos)
        warnings = (*videos.warnings, *comments.warnings, *([api.told] if api.exhausted or api.nearly else []))
        kept = {**videos.state, **comments.state, **run.kept, **api.state}
        return Fetched(
            [*videos.mentions, *comments.mentions],
            kept,
            [*videos.refused, *comments.refused],
            asked=len(spec.queries) + len(spec.accounts) + len(spec.urls),
            errors=(*videos.errors, *comments.errors),
            warnings=warnings,
            unfilled=(*videos.unfilled, *comments.unfilled),
            bounded=True,
        )


class _Run:
    def __init__(self, spec: SourceSpec, state: State, as_of: datetime, api: Api) -> None:
        self.spec = spec
        self.state = state
        self.as_of = as_of
        self.api = api
        self.kept: State = {}
        # A search costs the scarce part of the quota: one page a run, and one more for what an earlier run left; more only
        # where watch.yml asks for as many videos.
        pages = max(1, (spec.limit or 0) // _PAGE // max(1, len(spec.queries)))
        self._searches = {query: pages + ("hole_since" in state.get(query, {})) for query in spec.queries}

    def videos(self) -> Fetched:
        """Return the videos of searches and channels, those of `urls`, and known ones again for their counters."""
        places = {query: partial(self._search, query) for query in self.spec.queries}
        places |= {account: partial(self._uploads, account) for account in self.spec.accounts}
        bounds = Bounds(self.as_of, timedelta(days=self.spec.backfill_days), refresh=False)
        found = search(places, self.state, bounds, self.spec.limit)
        errors, named = list(found.errors), {}
        for url in self.spec.urls:
            if (id_ := video_id_of(str(url))) is None:
                errors.append("an address of urls is no video: write it like https://www.youtube.com/watch?v=…")
            else:
                named[id_] = ""
        fresh = {mention.native_id for mention in found.mentions}
        again = [id_ for id_ in {**named, **self._known()} if id_ not in fresh]
        page = Page([])
        try:
            page = self._read(again, "videos")
        except PausedError:
            pass
        except SourceError as error:
            errors.append(f"videos: {error.message}")
        return replace(
            found, mentions=[*found.mentions, *page.mentions], refused=[*found.refused, *page.refused], errors=tuple(errors)
        )

    def comments(self, videos: Fetched) -> Fetched:
        """Return what is new below the videos that are watched; a video that lets nobody comment is told once."""
        named = [id_ for url in self.spec.urls if (id_ := video_id_of(str(url)))]
        watched = self._known() | {
            mention.native_id: mention.published_at.isoformat()
            for mention in videos.mentions
            if mention.native_id and mention.published_at and self.as_of - mention.published_at <= WATCHED
        }
        newest = sorted(watched.items(), key=lambda item: item[1], reverse=True)[:MOST_VIDEOS]
        self.kept[_VIDEOS] = dict(newest)
        closed = {id_: self.state.get(_CLOSED, {})[id_] for id_ in self.state.get(_CLOSED, {}) if id_ in {*watched, *named}}
        asked = [id_ for id_ in dict.fromkeys([*named, *(id_ for id_, _ in newest)]) if id_ not in closed]
        warnings: list[str] = []

        def page(id_: str, _: Span, cursor: str | None) -> Page:
            try:
                return self._threads(id_, cursor)
            except RefusedError as error:
                if error.reason not in ("commentsDisabled", "videoNotFound", "forbidden"):
                    raise
                closed[id_] = error.reason
                warnings.append(f"video {id_}: {error.message}")
                raise PausedError from error

        places = {f"comments of {id_}": partial(page, id_) for id_ in asked}
        bounds = Bounds(self.as_of, timedelta(days=self.spec.backfill_days))
        limit = max(1, self.spec.limit - len(videos.mentions)) if self.spec.limit else None
        found = search(places, self.state, bounds, limit) if places else Fetched([], {})
        self.kept[_CLOSED] = closed
        return replace(found, warnings=tuple(warnings))

    def _known(self) -> dict[str, str]:
        """Return the videos that earlier runs found and that are still watched, with their times of publication."""
        known = self.state.get(_VIDEOS, {})
        times = {id_: moment_of(text) for id_, text in known.items()}
        return {id_: known[id_] for id_, moment in times.items() if moment and self.as_of - moment <= WATCHED}

    def _search(self, query: str, span: Span, cursor: str | None) -> Page:
        if not self._searches[query]:
            raise PausedError
        self._searches[query] -= 1
        asked: dict[str, str | int] = {"part": "snippet", "type": "video", "order": "date", "maxResults": _PAGE, "q": query}
        asked["publishedAfter"] = f"{span.since:%Y-%m-%dT%H:%M:%SZ}"
        if span.until < self.as_of:
            asked["publishedBefore"] = f"{span.until:%Y-%m-%dT%H:%M:%SZ}"
        asked |= {"relevanceLanguage": self.spec.language} if self.spec.language else {}
        asked |= {"regionCode": self.spec.country} if self.spec.country else {}
        answer = self.api.ask("search", {**asked, **({"pageToken": cursor} if cursor else {})})
        ids = [id_of(dict_of(item.get("id")).get("videoId")) for item in dicts_of(answer.get("items"))]
        page = self._read([id_ for id_ in ids if id_], query)
        return replace(page, cursor=id_of(answer.get("nextPageToken")))

    def _uploads(self, account: str, _: Span, cursor: str | None) -> Page:
        asked: dict[str, str | int] = {"part": "contentDetails", "playlistId": self._playlist(account), "maxResults": _PAGE}
        answer = self.api.ask("playlistItems", {**asked, **({"pageToken": cursor} if cursor else {})})
        ids = [id_of(dict_of(item.get("contentDetails")).get("videoId")) for item in dicts_of(answer.get("items"))]
        page = self._read([id_ for id_ in ids if id_], account)
        return replace(page, cursor=id_of(answer.get("nextPageToken")))

    def _playlist(self, account: str) -> str:
        """Return the playlist of all that a channel publishes; it never changes and is kept."""
        place = f"(channel) {account}"
        kept = self.state.get(place, {}).get("uploads") or self.kept.get(place, {}).get("uploads")
        if not kept:
            name = account.strip()
            key = "id" if name.startswith("UC") and len(name) == 24 else "forHandle"
            answer = self.api.ask("channels", {"part": "contentDetails", key: name if key == "id" else f"@{name.lstrip('@')}"})
            channel = next(iter(dicts_of(answer.get("items"))), {})
            kept = id_of(dict_of(dict_of(channel.get("contentDetails")).get("relatedPlaylists")).get("uploads"))
            if not kept:
                raise SourceError("YouTube has no such channel", "write its @handle, or its id that begins with UC")
        self.kept[place] = {"uploads": kept}
        return kept

    def _read(self, ids: list[str], place: str) -> Page:
        """Return whole videos by their ids, fifty in a request."""
        mentions: list[Mention] = []
        refused: list[Refused] = []
        for start in range(0, len(ids), _PAGE):
            part = ids[start : start + _PAGE]
            answer = self.api.ask("videos", {"part": "snippet,statistics", "id": ",".join(part), "maxResults": _PAGE})
            for number, item in enumerate(dicts_of(answer.get("items")), start=start + 1):
                mention = video_mention(item, self.spec.id, self.spec.type)
                if mention.native_id and (mention.title or mention.text):
                    mentions.append(mention)
                else:
                    refused.append(Refused(place, number, "no id or no text", {"native_id": mention.native_id or ""}))
        return Page(mentions, refused)

    def _threads(self, id_: str, cursor: str | None) -> Page:
        asked: dict[str, str | int] = {"part": "snippet,replies", "videoId": id_, "order": "time", "maxResults": _COMMENTS}
        asked["textFormat"] = "plainText"
        answer = self.api.ask("commentThreads", {**asked, **({"pageToken": cursor} if cursor else {})})
        read = [
            mention
            for thread in dicts_of(answer.get("items"))
            for mention in thread_mentions(thread, id_, self.spec.id, self.spec.type)
        ]
        refused = [
            Refused(f"video {id_}", number, "no id or no text", {"native_id": mention.native_id or ""})
            for number, mention in enumerate(read, start=1)
            if not (mention.native_id and mention.text)
        ]
        kept = [mention for mention in read if mention.native_id and mention.text]
        return Page(kept, refused, id_of(answer.get("nextPageToken")))

"""YouTube, by a real server that answers as its Data API v3 does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from veille.errors import SourceError
from veille.sources import Client, Fetched, source_of
from veille.sources.youtube_api import video_id_of
from veille.watch import SourceSpec

AS_OF = datetime(2026, 11, 22, 12, tzinfo=UTC)
CHANNEL = "UC" + "a" * 22


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YT_KEY", "the-secret")


def video_id(number: int) -> str:
    return f"video{number:06d}"


def stamp(hours: float) -> str:
    return f"{AS_OF - timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}"


def refusal(status: int, reason: str) -> tuple[int, object]:
    said = {
        "code": status,
        "message": "No <a href='x'>key</a> the-secret.",
        "errors": [{"domain": "youtube", "reason": reason}],
    }
    return status, {"error": said}


class Tube:
    """Videos by the hours since they were published, each with its comments by the hours since they were written."""

    def __init__(self, videos: dict[int, float]) -> None:
        self.videos = {video_id(number): hours for number, hours in videos.items()}
        self.comments: dict[str, list[float]] = {}
        self.changes: dict[str, dict[str, object]] = {}
        self.refused: dict[str, tuple[int, object]] = {}

    def __call__(self, asked: Any) -> tuple[int, object]:
        assert asked.query["key"] == "the-secret"
        method = asked.path.removeprefix("/youtube/v3/")
        refused = self.refused.get(method) or self.refused.get(asked.query.get("videoId", ""))
        return refused or (200, getattr(self, method)(asked.query))

    def page(self, items: list[Any], query: dict[str, str]) -> dict[str, object]:
        first, most = int(query.get("pageToken", "0")), int(query["maxResults"])
        more = {"nextPageToken": str(first + most)} if first + most < len(items) else {}
        return {"items": items[first : first + most], **more}

    def newest(self) -> list[str]:
        return sorted(self.videos, key=lambda id_: self.videos[id_])

    def search(self, query: dict[str, str]) -> dict[str, object]:
        assert (query["type"], query["order"], query["maxResults"]) == ("video", "date", "50")
        since, until = query["publishedAfter"], query.get("publishedBefore", "9")
        ids = [id_ for id_ in self.newest() if since <= stamp(self.videos[id_]) < until]
        return self.page([{"id": {"kind": "youtube#video", "videoId": id_}} for id_ in ids], query)

    def channels(self, query: dict[str, str]) -> dict[str, object]:
        if query.get("forHandle") == "@aquilon" or query.get("id") == CHANNEL:
            return {"items": [{"contentDetails": {"relatedPlaylists": {"uploads": "UUx"}}}]}
        return {"pageInfo": {"totalResults": 0}}

    def playlistItems(self, query: dict[str, str]) -> dict[str, object]:  # noqa: N802
        assert query["playlistId"] == "UUx"
        return self.page([{"contentDetails": {"videoId": id_}} for id_ in self.newest()], query)

    def video(self, id_: str) -> dict[str, object]:
        snippet = {
            "publishedAt": stamp(self.videos[id_]),
            "title": f"Le bus & {id_}",
            "description": "Une heure d'attente <3",
            "channelTitle": "Inventée TV",
            "channelId": CHANNEL,
            "defaultAudioLanguage": "fr-FR",
            "thumbnails": {"high": {"url": f"https://i.example/{id_}.jpg"}},
        }
        counts = {"viewCount": "1200", "likeCount": "30", "favoriteCount": "0", "commentCount": "4"}
        return {"kind": "youtube#video", "id": id_, "snippet": snippet, "statistics": counts, **self.changes.get(id_, {})}

    def videos_(self, query: dict[str, str]) -> dict[str, object]:
        ids = query["id"].split(",")
        assert len(ids) <= 50
        return {"items": [self.video(id_) for id_ in ids if id_ in self.videos]}

    def commentThreads(self, query: dict[str, str]) -> dict[str, object]:  # noqa: N802
        assert (query["order"], query["textFormat"]) == ("time", "plainText")
        hours = sorted(self.comments.get(query["videoId"], []))
        return self.page([thread(query["videoId"], n, at) for n, at in enumerate(hours)], query)


def comment(id_: str, hours: float, **changes: object) -> dict[str, object]:
    snippet = {
        "textOriginal": "Toujours en retard",
        "textDisplay": "Toujours en retard",
        "authorDisplayName": "@inventee",
        "likeCount": 2,
        "publishedAt": stamp(hours),
        **changes,
    }
    return {"kind": "youtube#comment", "id": id_, "snippet": snippet}


def thread(video: str, number: int, hours: float) -> dict[str, object]:
    top = comment(f"Ug{video}{hours}", hours)
    answers = (
        {"replies": {"comments": [comment(f"Ug{video}{hours}.r", hours - 0.1, parentId=top["id"])]}} if number == 0 else {}
    )
    return {
        "id": top["id"],
        "snippet": {"videoId": video, "topLevelComment": top, "totalReplyCount": number == 0 and 7},
        **answers,
    }


@pytest.fixture
def tube(service: Any) -> Tube:
    made = Tube({1: 5, 2: 30})
    # The videos are an attribute, so that the method that lists them has another name.
    answer = made.__call__
    service.answer = lambda asked: (
        (200, made.videos_(asked.query)) if asked.path.endswith("/videos") and "videos" not in made.refused else answer(asked)
    )
    return made


def fetch(service: Any, client: Client, state: Any = None, as_of: datetime = AS_OF, **keys: Any) -> Fetched:
    keys = keys or {"queries": ["aquilon"]}
    keys |= {"token": "YT_KEY", "server": service.address}
    spec = SourceSpec.model_validate({"id": "tube", "type": "youtube", **keys})
    return source_of("youtube", "Europe/Paris").fetch(spec, state or {}, as_of, client)


def methods(service: Any) -> list[str]:
    return [asked.path.removeprefix("/youtube/v3/") for asked in service.asked]


def test_videos_and_their_comments_become_mentions(service: Any, client: Client, tube: Tube) -> None:
    tube.comments[video_id(1)] = [1, 2]
    fetched = fetch(service, client, queries=["aquilon"], language="fr", country="FR")
    video, _, top, answer, _ = fetched.mentions
    assert (video.kind, video.title, video.text) == ("post", "Le bus & video000001", "Une heure d'attente <3")
    assert (video.native_id, video.url) == ("video000001", "https://www.youtube.com/watch?v=video000001")
    assert (video.author, video.language_declared) == ("Inventée TV", "fr")
    assert (video.likes, video.replies, video.views, video.shares) == (30, 4, 1200, None)
    assert (video.published_at, video.media) == (AS_OF - timedelta(hours=5), ["https://i.example/video000001.jpg"])
    assert (top.kind, top.text, top.author, top.likes, top.replies) == ("comment", "Toujours en retard", "@inventee", 2, 7)
    assert (top.native_id, top.parent_id) == ("Ugvideo0000011", "video000001")
    assert top.url == "https://www.youtube.com/watch?v=video000001&lc=Ugvideo0000011"
    assert (answer.parent_id, answer.published_at) == ("Ugvideo0000011", AS_OF - timedelta(hours=0.9))
    assert methods(service) == ["search", "videos", "commentThreads", "commentThreads"]
    search = service.asked[0].query
    assert (search["q"], search["publishedAfter"]) == ("aquilon", "2026-10-23T12:00:00Z")
    assert (search["relevanceLanguage"], search["regionCode"]) == ("fr", "FR")
    assert fetched.state["(used)"] == {"day": "2026-11-22", "units": "3", "searches": "1"}
    assert (fetched.errors, fetched.warnings) == ((), ())
    assert "the-secret" not in repr(fetched)


def test_channels_are_read_by_handle_or_id_and_looked_up_once(service: Any, client: Client, tube: Tube) -> None:
    first = fetch(service, client, accounts=["@aquilon", CHANNEL, "nobody"])
    assert len({mention.native_id for mention in first.mentions}) == 2
    assert first.errors == ("nobody: YouTube has no such channel",)
    assert methods(service).count("channels") == 3
    service.asked.clear()
    fetch(service, client, first.state, accounts=["@aquilon", CHANNEL])
    assert "channels" not in methods(service)
    assert "search" not in methods(service)


def test_single_videos_are_read_however_old(service: Any, client: Client, tube: Tube) -> None:
    tube.videos[video_id(9)] = 24 * 400
    tube.comments[video_id(9)] = [3]
    urls = [f"https://youtu.be/{video_id(9)}", "https://example.org/watch?v=x"]
    fetched = fetch(service, client, urls=urls)
    assert [mention.kind for mention in fetched.mentions] == ["post", "comment", "comment"]
    assert "is no video" in fetched.errors[0]


@pytest.mark.parametrize(
    ("url", "id_"),
    [
        ("https://www.youtube.com/watch?v=video000001&t=3s", "video000001"),
        ("https://m.youtube.com/watch?v=video000001", "video000001"),
        ("https://youtu.be/video000001?si=x", "video000001"),
        ("https://www.youtube.com/shorts/video000001", "video000001"),
        ("https://www.youtube.com/live/video000001", "video000001"),
        ("https://www.youtube.com/watch?v=short", None),
        ("https://www.youtube.com/watch", None),
        ("https://www.youtube.com/@aquilon", None),
        ("https://youtube.com.example.org/watch?v=video000001", None),
        ("http://[::1", None),
    ],
)
def test_addresses_of_videos(url: str, id_: str | None) -> None:
    assert video_id_of(url) == id_


def test_comments_go_over_pages_and_known_videos_are_asked_again(service: Any, client: Client, tube: Tube) -> None:
    tube.comments[video_id(1)] = [1 + n / 100 for n in range(230)]
    first = fetch(service, client)
    assert len({mention.native_id for mention in first.mentions if mention.kind == "comment"}) == 231
    assert methods(service).count("commentThreads") == 4
    service.asked.clear()
    tube.comments[video_id(2)] = [-1]
    second = fetch(service, client, first.state, AS_OF + timedelta(hours=2))
    assert [mention.native_id for mention in second.mentions if mention.parent_id == video_id(2)] == ["Ugvideo000002-1"]
    # Counters of videos that are known come from one request for all, not from a search.
    assert {mention.native_id for mention in second.mentions if mention.kind == "post"} == {video_id(1), video_id(2)}
    assert methods(service)[:2] == ["search", "videos"]


def test_a_video_is_left_after_a_month(service: Any, client: Client, tube: Tube) -> None:
    first = fetch(service, client)
    service.asked.clear()
    later = fetch(service, client, first.state, AS_OF + timedelta(days=40))
    assert "commentThreads" not in methods(service)
    assert later.state["(videos)"] == {}


def test_a_search_takes_one_page_a_run_unless_the_limit_says_more(service: Any, client: Client, tube: Tube) -> None:
    tube.videos = {video_id(number): number for number in range(1, 121)}
    first = fetch(service, client)
    assert methods(service).count("search") == 1
    assert len([mention for mention in first.mentions if mention.kind == "post"]) == 50
    assert "hole_since" in first.state["aquilon"]
    service.asked.clear()
    fetch(service, client, queries=["aquilon"], limit=150)
    assert methods(service).count("search") == 3


@pytest.mark.parametrize("keys", [{}, {"limit": 100}])
def test_the_rest_of_a_search_comes_with_the_next_runs(service: Any, client: Client, tube: Tube, keys: Any) -> None:
    tube.videos = {video_id(number): number for number in range(1, 121)}
    state: Any = {}
    ids: set[str | None] = set()
    for run in range(4):
        service.asked.clear()
        fetched = fetch(service, client, state, AS_OF + timedelta(minutes=run), queries=["aquilon"], **keys)
        assert methods(service).count("search") <= (3 if keys else 2)
        ids |= {mention.native_id for mention in fetched.mentions if mention.kind == "post"}
        state = fetched.state
    assert len(ids) == 120


def test_a_video_without_comments_is_told_once_and_fails_no_other(service: Any, client: Client, tube: Tube) -> None:
    tube.comments[video_id(2)] = [1]
    tube.refused[video_id(1)] = refusal(403, "commentsDisabled")
    first = fetch(service, client)
    assert first.errors == ()
    assert "nobody may comment on it" in first.warnings[0]
    assert [mention.parent_id for mention in first.mentions if mention.kind == "comment"][:1] == [video_id(2)]
    service.asked.clear()
    second = fetch(service, client, first.state)
    assert second.warnings == ()
    assert [asked.query["videoId"] for asked in service.asked if "videoId" in asked.query] == [video_id(2)]


@pytest.mark.parametrize("method", ["search", "videos", "commentThreads"])
def test_a_used_up_quota_is_told_and_nothing_is_asked_until_tomorrow(
    service: Any, client: Client, tube: Tube, method: str
) -> None:
    tube.refused[method] = refusal(403, "quotaExceeded")
    first = fetch(service, client, queries=["aquilon", "rivale"])
    assert first.errors == ()
    assert len(first.warnings) == 1
    assert "quota of the day is used up" in first.warnings[0]
    assert methods(service).count(method) == 1
    assert all("reached" not in before for place, before in first.state.items() if place in ("aquilon", "rivale")) or (
        method == "commentThreads"
    )
    service.asked.clear()
    second = fetch(service, client, first.state, AS_OF + timedelta(hours=1), queries=["aquilon", "rivale"])
    assert method not in methods(service)
    assert "quota of the day is used up" in second.warnings[0]
    # The day of the quota ends at midnight Pacific time: 08:00 UTC in winter.
    tube.refused.clear()
    third = fetch(service, client, second.state, datetime(2026, 11, 23, 8, 1, tzinfo=UTC), queries=["aquilon", "rivale"])
    assert "search" in methods(service)
    assert third.warnings == ()
    assert third.state["(used)"]["day"] == "2026-11-23"


def test_a_quota_nearly_used_is_told(service: Any, client: Client, tube: Tube) -> None:
    state = {"(used)": {"day": "2026-11-22", "units": "8000", "searches": "79"}}
    assert "80 searches and 8003 other requests" in fetch(service, client, state).warnings[0]


def test_asked_too_fast_is_a_failure_and_nothing_more_is_asked(service: Any, client: Client, tube: Tube) -> None:
    tube.refused["search"] = refusal(403, "rateLimitExceeded")
    fetched = fetch(service, client, queries=["a", "b"])
    assert (fetched.errors, methods(service)) == (("a: YouTube says that it is asked too fast",), ["search"])


@pytest.mark.parametrize(
    ("said", "says"),
    [
        (refusal(400, "keyInvalid"), "key is not valid"),
        (
            (400, {"error": {"details": [{"reason": "API_KEY_INVALID"}], "errors": [{"reason": "badRequest"}]}}),
            "key is not valid",
        ),
        (refusal(403, "accessNotConfigured"), "not enabled"),
        (refusal(403, "<b>x</b>"), "does not say why"),
        ((403, b"<html>"), "does not say why"),
        ((403, {"error": "x"}), "does not say why"),
    ],
)
def test_why_it_refuses_is_told(service: Any, client: Client, tube: Tube, said: Any, says: str) -> None:
    tube.refused["search"] = said
    fetched = fetch(service, client)
    assert says in fetched.errors[0]
    assert "the-secret" not in repr(fetched)


def test_a_key_that_is_not_set_is_a_failure(service: Any, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YT_KEY")
    with pytest.raises(SourceError, match="YT_KEY is not set"):
        fetch(service, client)


def test_items_of_any_kind(service: Any, client: Client, tube: Tube) -> None:
    odd_threads = [
        None,
        {},
        {"snippet": {"topLevelComment": None}},
        {"snippet": {"topLevelComment": comment("Ug1", 1, textOriginal=None, textDisplay=None)}},
        {
            "snippet": {"topLevelComment": comment("Ug2", 1, publishedAt="soon", likeCount="many", authorDisplayName=None)},
            "replies": [],
        },
        {
            "snippet": {"topLevelComment": comment("Ug3", 1, textOriginal=None)},
            "replies": {"comments": [None, comment("Ug4", 1)]},
        },
    ]
    tube.commentThreads = lambda query: {"items": odd_threads}  # type: ignore[method-assign]
    tube.changes[video_id(1)] = {"statistics": None}
    tube.changes[video_id(2)] = {"snippet": {"title": None, "thumbnails": []}}
    tube.search = lambda query: {"items": [None, {"id": 3}, *({"id": {"videoId": id_}} for id_ in tube.videos)]}  # type: ignore[method-assign]
    fetched = fetch(service, client)
    posts = [mention for mention in fetched.mentions if mention.kind == "post"]
    assert [(mention.native_id, mention.views) for mention in posts] == [(video_id(1), None)]
    comments = [mention for mention in fetched.mentions if mention.kind == "comment"]
    assert [mention.native_id for mention in comments] == ["Ug2", "Ug3", "Ug4"]
    assert (comments[0].published_at, comments[0].likes, comments[0].author) == (None, None, None)
    assert comments[2].parent_id == "Ug3"
    assert len(fetched.refused) == 4


@pytest.mark.parametrize("body", [[], 3, {"items": {}}, {"items": 1}])
def test_what_is_no_list_is_a_failure(service: Any, client: Client, tube: Tube, body: object) -> None:
    tube.refused["search"] = (200, body)
    assert "no list" in fetch(service, client).errors[0]

"""What a server of Bluesky answers: sessions that expire, a search that ends long lists early, feeds of accounts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.service import Asked, Said

HANDLE, PASSWORD = "veilleur.example", "abcd-efgh-ijkl-mnop"
DID = "did:plc:abcdefghijklmnopqrstuvwx"


def stamp(moment: datetime) -> str:
    """Return a moment as the service writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def post(moment: datetime, text: str = "Train supprimé", handle: str = "usager.example", **more: Any) -> dict[str, Any]:
    """Return a post (`postView`) of that moment; `record` is added to its record."""
    record = {"$type": "app.bsky.feed.post", "createdAt": stamp(moment), "text": text, "langs": ["fr"]}
    return {
        "uri": f"at://{DID}/app.bsky.feed.post/3l{int(moment.timestamp() * 1000)}",
        "cid": "bafy",
        "author": {"did": DID, "handle": handle, "labels": []},
        "indexedAt": stamp(moment),
        "likeCount": 3,
        "repostCount": 2,
        "quoteCount": 1,
        "replyCount": 4,
        **more,
        "record": {**record, **more.get("record", {})},
    }


def seen_at(item: dict[str, Any]) -> str:
    """Return what the service sorts by."""
    if item.get("reason"):
        return str(item["reason"]["indexedAt"])
    return min(item["post"]["record"]["createdAt"], item["post"]["indexedAt"])


@dataclass
class BlueskyServer:
    """Posts that any search finds, and feeds by handle.

    `cap` bounds the posts of one search over all its pages; `counts` says whether it tells how many it has found; a token
    is good for `lasts` requests.
    """

    found: list[dict[str, Any]] = field(default_factory=list)
    feeds: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    cap: int = 10_000
    page: int = 100
    counts: bool = True
    lasts: int = 10_000
    sessions: int = 0
    used: int = 0
    said: list[Asked] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Said:
        method = asked.path.removeprefix("/xrpc/")
        if method == "com.atproto.server.createSession":
            self.sessions, self.used = self.sessions + 1, 0
            return 200, {"accessJwt": f"token-{self.sessions}", "refreshJwt": "r", "did": DID, "handle": HANDLE}
        if asked.headers.get("Authorization") != f"Bearer token-{self.sessions}":
            return 401, {"error": "AuthenticationRequired", "message": "Authentication Required"}
        self.used += 1
        if self.used > self.lasts:
            return 400, {"error": "ExpiredToken", "message": "Token has expired"}
        first, most = int(asked.query.get("cursor", "0")), min(self.page, int(asked.query["limit"]))
        if method == "app.bsky.feed.searchPosts":
            since, until = asked.query["since"], asked.query["until"]
            held = sorted((one for one in self.found if since <= seen_at({"post": one}) < until), key=_newest, reverse=True)
            shown = held[: self.cap]
            more = {"hitsTotal": len(held)} if self.counts else {}
            return 200, {"posts": shown[first : first + most], **self._cursor(first + most, len(shown)), **more}
        if method == "app.bsky.feed.getAuthorFeed" and asked.query["actor"] in self.feeds:
            held = sorted(self.feeds[asked.query["actor"]], key=seen_at, reverse=True)
            return 200, {"feed": held[first : first + most], **self._cursor(first + most, len(held))}
        return 400, {"error": "InvalidRequest", "message": "Profile not found"}

    @staticmethod
    def _cursor(place: int, held: int) -> dict[str, str]:
        return {"cursor": str(place)} if place < held else {}


def _newest(one: dict[str, Any]) -> str:
    return seen_at({"post": one})

"""What a server of Mastodon answers: timelines by falling ids, pages by `max_id` and `Link`, a search by offset, keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.service import Asked, Said

DOMAIN = "aquilon-social.example"
TOKEN = "a-good-token"


def status(moment: datetime, text: str = "Train supprimé", acct: str = "usager", **more: Any) -> dict[str, Any]:
    """Return a public post of that moment, its id made of the moment as Mastodon makes it."""
    id_ = str(int(moment.timestamp() * 1000) << 16)
    name, _, domain = acct.partition("@")
    return {
        "id": id_,
        "created_at": moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z",
        "in_reply_to_id": None,
        "spoiler_text": "",
        "visibility": "public",
        "language": "fr",
        "uri": f"https://{domain or DOMAIN}/users/{name}/statuses/{id_}",
        "url": f"https://{domain or DOMAIN}/@{name}/{id_}",
        "replies_count": 1,
        "reblogs_count": 2,
        "favourites_count": 3,
        "content": f"<p>{text}</p>",
        "reblog": None,
        "account": {"id": "7", "acct": acct, "followers_count": 40},
        "media_attachments": [],
        **more,
    }


@dataclass
class MastodonServer:
    """Timelines and accounts by name; `closed` where it shows timelines only to those who have a key."""

    tags: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    accounts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    found: list[dict[str, Any]] = field(default_factory=list)
    closed: bool = False
    domain: object = DOMAIN
    links: bool = True

    def __call__(self, asked: Asked) -> Said:
        key = asked.headers.get("Authorization")
        if key not in (None, f"Bearer {TOKEN}"):
            return 401, {"error": "The access token is invalid"}
        parts = asked.path.strip("/").split("/")
        if asked.path == "/api/v2/instance":
            return (200, {"domain": self.domain}) if self.domain else (404, {"error": "Record not found"})
        if parts[:4] == ["api", "v1", "timelines", "tag"]:
            if self.closed and not key:
                return 401, {"error": "This method requires an authenticated user"}
            return self._page(asked, self.tags.get(parts[4], []))
        if asked.path == "/api/v1/accounts/lookup":
            name = asked.query["acct"]
            return (200, {"id": f"1{name}"}) if name in self.accounts else (404, {"error": "Record not found"})
        if parts[:3] == ["api", "v1", "accounts"] and parts[4:] == ["statuses"]:
            return self._page(asked, self.accounts[parts[3][1:]])
        if asked.path == "/api/v2/search" and key:
            skipped, most = int(asked.query["offset"]), int(asked.query["limit"])
            held = self._below(asked, self.found)[skipped : skipped + most]
            return 200, {"accounts": [], "statuses": held, "hashtags": []}
        return 401, {"error": "This method requires an authenticated user"}

    def _page(self, asked: Asked, held: list[dict[str, Any]]) -> Said:
        most = int(asked.query["limit"])
        page = self._below(asked, held)[:most]
        address = f"http://attacker.example{asked.path}?limit={most}&max_id={page[-1]['id']}" if page else ""
        links = {"Link": f'<{address}>; rel="next", <{address}>; rel="prev"'} if len(page) == most and self.links else {}
        return 200, page, links

    @staticmethod
    def _below(asked: Asked, held: list[dict[str, Any]]) -> list[dict[str, Any]]:
        newest_first = sorted(held, key=lambda one: int(one["id"]), reverse=True)
        highest = asked.query.get("max_id")
        return [one for one in newest_first if highest is None or int(one["id"]) < int(highest)]

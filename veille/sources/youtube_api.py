"""The YouTube Data API v3: what a request costs, how much of the day's quota is used, and why it refuses."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from veille.errors import SourceError
from veille.sources.answers import AnsweredError
from veille.sources.http import Client
from veille.sources.paging import PausedError
from veille.sources.source import State
from veille.sources.values import count_of, dict_of, dicts_of, text_of

if TYPE_CHECKING:
    from veille.watch import SourceSpec

SERVER = "https://www.googleapis.com"
SEARCHES_A_DAY, UNITS_A_DAY = 100, 10_000
"""What a project has by default: searches are counted apart; every other request costs one unit."""

# The quota of a day begins at midnight there.
_QUOTA_ZONE = "America/Los_Angeles"
_USED = "(used)"
_QUOTA = frozenset({"quotaExceeded", "dailyLimitExceeded"})
_TOO_FAST = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"})
_VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_MEANINGS = {
    "commentsDisabled": "nobody may comment on it; it is not asked for again",
    "videoNotFound": "it is gone; it is not asked for again",
    "forbidden": "its comments may not be read; it is not asked for again",
    "keyInvalid": "the key is not valid",
    "API_KEY_INVALID": "the key is not valid",
    "accessNotConfigured": "the YouTube Data API v3 is not enabled for the key's project",
    "SERVICE_DISABLED": "the YouTube Data API v3 is not enabled for the key's project",
    "ipRefererBlocked": "the key may not be used from this address",
    "API_KEY_IP_ADDRESS_BLOCKED": "the key may not be used from this address",
    "playlistNotFound": "the channel has published nothing, or is gone",
}


class RefusedError(SourceError):
    """YouTube refused one request.

    Parameters
    ----------
    reason
        Its word for why, such as `commentsDisabled`; empty where it says none.
    """

    def __init__(self, message: str, reason: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.reason = reason


class Api:
    """The API, asked with one key; it counts what is used in the state of the source.

    Parameters
    ----------
    spec
        The source.
    key
        Key of the API.
    state
        What the last run left.
    as_of
        Start of the run; its day in Pacific time is the day of the quota.
    client
        The HTTP client.
    """

    def __init__(self, spec: SourceSpec, key: str, state: State, as_of: datetime, client: Client) -> None:
        self._server = str(spec.server or SERVER).rstrip("/")
        self._key = key
        self._client = client
        self.day = f"{as_of.astimezone(ZoneInfo(_QUOTA_ZONE)):%Y-%m-%d}"
        used = state.get(_USED, {})
        today = used if used.get("day") == self.day else {}
        self.units = count_of(today.get("units")) or 0
        self.searches = count_of(today.get("searches")) or 0
        # Searches and other requests have a quota each.
        self.exhausted = {name for name in today.get("exhausted", "").split() if name in ("searches", "units")}
        self._too_fast = False

    @property
    def nearly(self) -> bool:
        """Whether four fifths of what a project has by default are used."""
        return self.units >= UNITS_A_DAY * 4 // 5 or self.searches >= SEARCHES_A_DAY * 4 // 5

    @property
    def told(self) -> str:
        """What a person should know of the quota."""
        used = f"{self.searches} searches and {self.units} other requests were made by this source on {self.day} (Pacific time)"
        if self.exhausted:
            return f"YouTube says that the quota of the day is used up: it is asked again tomorrow; {used}"
        return f"{used}; a project has {SEARCHES_A_DAY} and {UNITS_A_DAY} a day by default"

    @property
    def state(self) -> State:
        """What to keep."""
        kept = {"day": self.day, "units": str(self.units), "searches": str(self.searches)}
        return {_USED: {**kept, **({"exhausted": " ".join(sorted(self.exhausted))} if self.exhausted else {})}}

    def ask(self, method: str, params: dict[str, str | int]) -> dict[str, Any]:
        """Return what a `list` of a resource answers.

        Parameters
        ----------
        method
            Name of the resource: `search`, `videos`…
        params
            As the API has them, without the key.

        Raises
        ------
        PausedError
            The quota of the day is used up, or it was asked too fast before.
        RefusedError
            YouTube refuses this request, and says why.
        SourceError
            It cannot be reached, or answers something else.
        """
        quota = "searches" if method == "search" else "units"
        if quota in self.exhausted or self._too_fast:
            raise PausedError
        setattr(self, quota, getattr(self, quota) + 1)
        try:
            reply = self._client.get(
                f"{self._server}/youtube/v3/{method}", params={**params, "key": self._key}, accept="application/json"
            )
        except AnsweredError as error:
            reason = _reason(error.said)
            if reason in _QUOTA:
                self.exhausted.add(quota)
                raise PausedError from error
            if reason in _TOO_FAST or error.status == 429:
                self._too_fast = True
                raise SourceError("YouTube says that it is asked too fast", "it is asked again at the next run") from error
            if error.status in (400, 401, 403, 404):
                meaning = _MEANINGS.get(reason, reason or "it does not say why")
                raise RefusedError(f"YouTube refuses ({error.status}): {meaning}", reason) from error
            raise
        answer = reply.json()
        if not isinstance(answer, dict) or not isinstance(answer.get("items", []), list):
            raise SourceError("YouTube answered what is no list", "look whether the service has changed")
        return answer


def video_id_of(url: str) -> str | None:
    """Return the id of the video at an address; None where it is no address of a video."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower().removeprefix("www.").removeprefix("m.")
        steps = [step for step in parts.path.split("/") if step]
        if host == "youtu.be":
            found = steps[:1]
        elif host not in ("youtube.com", "youtube-nocookie.com"):
            found = []
        elif steps[:1] == ["watch"]:
            found = parse_qs(parts.query, max_num_fields=50).get("v", [])[:1]
        else:
            found = steps[1:2] if steps[:1] in (["shorts"], ["live"], ["embed"], ["v"]) else []
    except ValueError:
        return None
    return found[0] if found and _VIDEO_ID.fullmatch(found[0]) else None


def _reason(said: bytes) -> str:
    """Return the word for why, of both forms in which errors of Google come; empty where there is none."""
    try:
        error = dict_of(dict_of(json.loads(said)).get("error"))
    except (ValueError, RecursionError):
        match = re.search(rb'"reason"\s*:\s*"([A-Za-z_]{1,60})"', said)
        return match[1].decode("ascii") if match else ""
    parts = [*dicts_of(error.get("details")), *dicts_of(error.get("errors"))]
    reasons = [text for text in (text_of(part.get("reason")) for part in parts) if re.fullmatch(r"[A-Za-z_]{1,60}", text)]
    return next((reason for reason in reasons if reason in _QUOTA or reason in _MEANINGS), reasons[0] if reasons else "")

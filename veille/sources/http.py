"""The one HTTP client of all sources: polite to servers, suspicious of what they answer.

It says who it is, asks only for what changed, waits when it is told to, and gives up in bounded time. It reaches public
addresses only, follows few redirects and judges each anew, and reads a bounded number of bytes.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from urllib.parse import urljoin, urlsplit

import requests
from requests.structures import CaseInsensitiveDict
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter
from urllib3.exceptions import HTTPError as Urllib3Error

from veille import __version__
from veille.errors import SourceError
from veille.sources.addresses import pinned_adapter

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({429, 500, 502, 503, 504})
_CHUNK_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a client waits for, reads and tries again.

    Parameters
    ----------
    connect_seconds, read_seconds
        How long to wait for a connection, and for the next bytes.
    total_seconds
        How long one answer may take in all, however slowly it drips.
    bytes
        Largest answer, unpacked.
    redirects
        Redirects followed.
    attempts
        Tries of one address, the first included.
    backoff_seconds
        Wait before the second try; it doubles each time, plus as much jitter.
    longest_wait_seconds
        Longest wait between two tries; a server that asks for more is asked again at the next run.
    """

    connect_seconds: float = 10.0
    read_seconds: float = 20.0
    total_seconds: float = 90.0
    bytes: int = 20 * 1024 * 1024
    redirects: int = 5
    attempts: int = 3
    backoff_seconds: float = 1.0
    longest_wait_seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered.

    Parameters
    ----------
    url
        Address that answered, after redirects.
    status
        200 to 299, or 304.
    content
        Body, unpacked; empty for 304.
    headers
        Headers; their names in any case.
    """

    url: str
    status: int
    content: bytes
    headers: Mapping[str, str]

    @property
    def not_modified(self) -> bool:
        """Whether the server says that nothing changed since the last time."""
        return self.status == 304


class _PassingError(SourceError):
    """A failure that may be over soon."""

    def __init__(self, message: str, wait_seconds: float | None = None) -> None:
        super().__init__(message)
        self.wait_seconds = wait_seconds


class Client:
    """An HTTP client for addresses that strangers may have written.

    Parameters
    ----------
    allow_private
        Whether addresses that are not public may be reached; None asks the variable `VEILLE_ALLOW_PRIVATE` (`1`).
    limits
        What bounds it.
    sleep
        What waits, in seconds.
    """

    def __init__(
        self, *, allow_private: bool | None = None, limits: Limits | None = None, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        allowed = os.environ.get("VEILLE_ALLOW_PRIVATE") == "1" if allow_private is None else allow_private
        self.limits = limits or Limits()
        self._sleep = sleep
        self._session = requests.Session()
        # A proxy of the environment would resolve names itself, out of sight; .netrc would hand out passwords.
        self._session.trust_env = False
        self._session.headers["User-Agent"] = f"veille/{__version__} (+media monitoring; feed reader)"
        self._session.mount("http://", pinned_adapter(allowed))
        self._session.mount("https://", pinned_adapter(allowed))

    def get(self, url: str, *, etag: str | None = None, last_modified: str | None = None, accept: str = "*/*") -> Reply:
        """Get an address.

        Parameters
        ----------
        url
            Address, http or https.
        etag, last_modified
            What the server said with the last answer; if nothing changed it answers 304 and no body.
        accept
            Media types wanted.

        Raises
        ------
        SourceError
            It cannot be reached, refuses, answers an error, too much, too slowly or half, again and again.
        """
        headers = {"Accept": accept}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        retrying = Retrying(
            retry=retry_if_exception_type(_PassingError),
            stop=stop_after_attempt(self.limits.attempts),
            wait=self._wait_seconds,
            sleep=self._sleep,
            reraise=True,
        )
        reply = retrying(self._follow, url, headers)
        if reply.not_modified and not (etag or last_modified):
            raise SourceError(f"{shown(url)} answered 304 though nothing was asked before", "look for the feed's new address")
        return reply

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._session.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _wait_seconds(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        backoff = wait_exponential_jitter(
            multiplier=self.limits.backoff_seconds, max=self.limits.longest_wait_seconds, jitter=self.limits.backoff_seconds
        )(state)
        asked = error.wait_seconds if isinstance(error, _PassingError) else None
        return max(asked or 0.0, backoff)

    def _follow(self, url: str, headers: dict[str, str]) -> Reply:
        deadline = time.monotonic() + self.limits.total_seconds
        place = url
        for _ in range(self.limits.redirects + 1):
            answer = self._once(place, headers, deadline)
            if isinstance(answer, Reply):
                return answer
            place = answer
        raise SourceError(f"{shown(url)} redirects more than {self.limits.redirects} times", "look for the feed's new address")

    def _once(self, url: str, headers: dict[str, str], deadline: float) -> Reply | str:
        """Ask once; a redirect comes back as the address it leads to."""
        if not _is_web_address(url):
            raise SourceError(f"{shown(url)} is no web address", "use an address that begins with https://")
        limits = self.limits
        try:
            with self._session.get(
                url,
                headers=headers,
                stream=True,
                allow_redirects=False,
                timeout=(limits.connect_seconds, limits.read_seconds),
            ) as response:
                target = response.headers.get("Location")
                if response.status_code in _REDIRECTS and target:
                    return urljoin(url, target)
                self._raise_for(response, url)
                content = b"" if response.status_code == 304 else self._body(response, url, deadline)
                return Reply(url, response.status_code, content, CaseInsensitiveDict(response.headers))
        except (requests.Timeout, TimeoutError) as error:
            raise _PassingError(f"{shown(url)} did not answer in time") from error
        except requests.exceptions.SSLError as error:
            raise SourceError(f"{shown(url)} has no valid certificate") from error
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, ValueError) as error:
            raise SourceError(f"{shown(url)} is no web address", "use an address that begins with https://") from error
        except (requests.RequestException, Urllib3Error, HTTPException, OSError) as error:
            raise _PassingError(f"{shown(url)} cannot be read: {_reason(error)}") from error

    def _raise_for(self, response: requests.Response, url: str) -> None:
        status = response.status_code
        if 200 <= status < 300 or status == 304:
            return
        message = f"{shown(url)} answered {status}"
        if status not in _PASSING:
            hint = "look for the feed's new address" if status in (404, 410) else ""
            raise SourceError(message, hint)
        wait_seconds = retry_after_seconds(response.headers.get("Retry-After"), response.headers.get("Date"))
        if wait_seconds is not None and wait_seconds > self.limits.longest_wait_seconds:
            raise SourceError(f"{message} and asks to wait {wait_seconds:.0f} s", "it is asked again at the next run")
        raise _PassingError(message, wait_seconds)

    def _body(self, response: requests.Response, url: str, deadline: float) -> bytes:
        declared = response.headers.get("Content-Length", "")
        length = int(declared) if declared.isascii() and declared.isdigit() and len(declared) < 19 else None
        chunks: list[bytes] = []
        received = 0
        # read1 returns what has come, so that the deadline is looked at however slowly a server drips.
        while (length or 0) <= self.limits.bytes and received <= self.limits.bytes:
            chunk = response.raw.read1(_CHUNK_BYTES, decode_content=True)
            if not chunk:
                break
            chunks.append(chunk)
            received += len(chunk)
            if time.monotonic() > deadline:
                raise _PassingError(f"{shown(url)} did not answer within {self.limits.total_seconds:.0f} s")
        else:
            raise SourceError(f"{shown(url)} answers more than {self.limits.bytes // 1024} kB", "look for a shorter feed")
        if length is not None and response.raw.tell() < length:
            raise _PassingError(f"{shown(url)} broke off after {response.raw.tell()} of {length} bytes")
        return b"".join(chunks)


def shown(url: str) -> str:
    """Return an address fit to be printed: without user, password, query and fragment, where keys are kept."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "an unreadable address"
    return f"{parts.scheme}://{host}{port}{parts.path}"[:200]


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def retry_after_seconds(value: str | None, now: str | None) -> float | None:
    """Return the seconds a server asks to wait (RFC 9110, 10.2.3); None where it does not say.

    Parameters
    ----------
    value
        Header `Retry-After`: seconds or a date.
    now
        Header `Date`: what a date is counted from; the clock of this machine where it is missing.
    """
    if not value:
        return None
    if value.strip().isascii() and value.strip().isdigit():
        return float(value.strip()[:9])
    try:
        until = parsedate_to_datetime(value)
        since = parsedate_to_datetime(now) if now else datetime.now(UTC)
        return max(0.0, (until - since).total_seconds())
    except (ValueError, TypeError):
        return None


def _reason(error: BaseException) -> str:
    """Say why without the address, which may hold a key."""
    inner: object = error
    while isinstance(inner, BaseException):
        if isinstance(inner, Urllib3Error | OSError) and not isinstance(inner, requests.RequestException):
            return type(inner).__name__
        inner = inner.args[0] if inner.args and isinstance(inner.args[0], BaseException) else inner.__cause__
    return type(error).__name__

"""What a server answers, and how much of it is waited for, read and believed."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError as Urllib3Error

from veille.errors import SourceError
from veille.sources.text import decode

_CHUNK_BYTES = 65_536
_REASON_BYTES = 4096


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
    host_interval_seconds
        Least time between the starts of two requests to one host.
    """

    connect_seconds: float = 10.0
    read_seconds: float = 20.0
    total_seconds: float = 90.0
    bytes: int = 20 * 1024 * 1024
    redirects: int = 5
    attempts: int = 3
    backoff_seconds: float = 1.0
    longest_wait_seconds: float = 60.0
    host_interval_seconds: float = 0.5


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

    def json(self) -> Any:
        """Return its body, read as JSON.

        Raises
        ------
        SourceError
            It is no JSON.
        """
        try:
            return json.loads(decode(self.content).text)
        except (ValueError, RecursionError) as error:
            raise SourceError(f"{shown(self.url)} answered what is no JSON", "look whether the service has changed") from error


class AnsweredError(SourceError):
    """A server answered, and it was an error.

    Parameters
    ----------
    status
        What it answered; 0 where it did not.
    wait_seconds
        How long it asks to wait; None where it does not say.
    said
        The beginning of what it said; services write there why they refuse. Never shown as it is.
    """

    def __init__(
        self, message: str, status: int = 0, hint: str = "", wait_seconds: float | None = None, said: bytes = b""
    ) -> None:
        super().__init__(message, hint)
        self.status = status
        self.wait_seconds = wait_seconds
        self.said = said


class PassingError(AnsweredError):
    """A failure that may be over soon."""

    def __init__(self, message: str, status: int = 0, wait_seconds: float | None = None, said: bytes = b"") -> None:
        super().__init__(message, status, "", wait_seconds, said)


def read_body(response: requests.Response, url: str, deadline: float, limits: Limits) -> bytes:
    """Return the body of an answer, unpacked, whole, and no larger and no slower than allowed.

    Parameters
    ----------
    response
        An answer whose body was not read yet.
    url
        Where it came from.
    deadline
        When it must be there, on the clock that only goes forward.
    limits
        What bounds it.

    Raises
    ------
    SourceError
        It is too large.
    PassingError
        It is too slow, or breaks off.
    """
    declared = response.headers.get("Content-Length", "")
    length = int(declared) if declared.isascii() and declared.isdigit() and len(declared) < 19 else None
    chunks: list[bytes] = []
    received = 0
    # read1 returns what has come, so that the deadline is looked at however slowly a server drips.
    while (length or 0) <= limits.bytes and received <= limits.bytes:
        chunk = response.raw.read1(_CHUNK_BYTES, decode_content=True)
        if not chunk:
            break
        chunks.append(chunk)
        received += len(chunk)
        if time.monotonic() > deadline:
            raise PassingError(f"{shown(url)} did not answer within {limits.total_seconds:.0f} s")
    else:
        raise SourceError(f"{shown(url)} answers more than {limits.bytes // 1024} kB", "look for a shorter feed")
    if length is not None and response.raw.tell() < length:
        raise PassingError(f"{shown(url)} broke off after {response.raw.tell()} of {length} bytes")
    return b"".join(chunks)


def read_reason(response: requests.Response, deadline: float) -> bytes:
    """Return the beginning of the body of an error, as far as it comes; nothing where it cannot be read.

    Parameters
    ----------
    response
        An answer whose body was not read yet.
    deadline
        When to stop, on the clock that only goes forward.
    """
    said = b""
    try:
        while len(said) < _REASON_BYTES and time.monotonic() < deadline:
            chunk = response.raw.read1(_REASON_BYTES, decode_content=True)
            if not chunk:
                break
            said += chunk
    except (requests.RequestException, Urllib3Error, HTTPException, OSError, ValueError):
        # The error itself says enough.
        return said[:_REASON_BYTES]
    return said[:_REASON_BYTES]


def shown(url: str) -> str:
    """Return an address fit to be printed: without user, password, query and fragment, where keys are kept."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "an unreadable address"
    return f"{parts.scheme}://{host}{port}{parts.path}"[:200]


def is_web_address(url: str) -> bool:
    """Say whether that is an address of the web, with a host."""
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

"""The one HTTP client of all sources: polite to servers, suspicious of what they answer.

It says who it is, asks only for what changed, waits when it is told to, and gives up in bounded time. It reaches public
addresses only, follows few redirects and judges each anew, and reads a bounded number of bytes.
"""

from __future__ import annotations

import copy
import os
import time
from collections.abc import Callable, Mapping
from http.client import HTTPException
from urllib.parse import urljoin, urlsplit

import requests
from requests.structures import CaseInsensitiveDict
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter
from urllib3.exceptions import HTTPError as Urllib3Error

from veille.errors import SourceError
from veille.sources.answers import (
    AnsweredError,
    Limits,
    PassingError,
    Reply,
    is_web_address,
    read_body,
    read_reason,
    retry_after_seconds,
    shown,
)
from veille.sources.pace import Pace
from veille.sources.robots import Robots
from veille.sources.sessions import Asked, Sessions

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({429, 500, 502, 503, 504})
_HINTS = {
    401: "look whether the key is set and still valid",
    403: "the service refuses: look whether the key may do this, or whether robots are kept out",
    404: "look for its new address",
    410: "look for its new address",
}


class Client:
    """An HTTP client for addresses that strangers may have written; threads may share one.

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
        self._sessions = Sessions(allowed)
        self._pace = Pace(self.limits.host_interval_seconds, sleep)
        self._robots = Robots(lambda url: self.get(url, accept="text/plain, */*;q=0.1").content)
        self._deadline = float("inf")

    def within(self, seconds: float) -> Client:
        """Return this client for one piece of work that may take so long in all; connections and turns are shared."""
        bounded = copy.copy(self)
        bounded._deadline = min(self._deadline, time.monotonic() + seconds)
        return bounded

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str | int] | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: str = "*/*",
        headers: Mapping[str, str] | None = None,
        interval_seconds: float = 0.0,
        attempts: int | None = None,
    ) -> Reply:
        """Get an address.

        Parameters
        ----------
        url
            Address, http or https.
        params
            Added to its query; never shown in a message.
        etag, last_modified
            What the server said with the last answer; if nothing changed it answers 304 and no body.
        accept
            Media types wanted.
        headers
            More headers; those that hold a key are not sent on to another host.
        interval_seconds
            Least time between two requests to this host, where it asks for more than usual.
        attempts
            Tries, where a service takes it ill to be asked again at once.

        Raises
        ------
        SourceError
            It cannot be reached, refuses, answers an error, too much, too slowly or half, again and again.
        """
        known = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        sent = {"Accept": accept, **{name: value for name, value in known.items() if value}, **(headers or {})}
        reply = self._try(Asked("GET", url, sent, params, interval_seconds=interval_seconds), attempts)
        if reply.not_modified and not (etag or last_modified):
            raise AnsweredError(f"{shown(url)} answered 304 though nothing was asked before", 304, "look for its new address")
        return reply

    def post(
        self,
        url: str,
        *,
        json: object = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        login: tuple[str, str] | None = None,
    ) -> Reply:
        """Post a JSON body or a form, as the interfaces that hand out tokens ask for.

        Parameters
        ----------
        url
            Address, http or https.
        json, form
            The body; one of the two.
        headers
            More headers.
        login
            Name and password of HTTP basic authentication.

        Raises
        ------
        SourceError
            As `get`; a redirect is an error too.
        """
        return self._try(Asked("POST", url, {"Accept": "application/json", **(headers or {})}, None, json, form, login))

    def page(self, url: str) -> Reply:
        """Get a page that was made for people, where its site lets robots read it.

        Raises
        ------
        SourceError
            The site asks robots not to read it, or as `get`.
        """
        if not self._robots.allow(url):
            raise SourceError(
                f"{shown(url)} is not for robots, says its site", "read it yourself, and bring it in with `veille add`"
            )
        return self.get(url, accept="text/html, application/xhtml+xml, */*;q=0.1")

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._sessions.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _try(self, asked: Asked, attempts: int | None = None) -> Reply:
        retrying = Retrying(
            retry=retry_if_exception_type(PassingError),
            stop=stop_after_attempt(attempts or self.limits.attempts),
            wait=self._wait_seconds,
            sleep=self._sleep,
            reraise=True,
        )
        return retrying(self._follow, asked)

    def _wait_seconds(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        backoff = wait_exponential_jitter(
            multiplier=self.limits.backoff_seconds, max=self.limits.longest_wait_seconds, jitter=self.limits.backoff_seconds
        )(state)
        asked = error.wait_seconds if isinstance(error, PassingError) else None
        wait = max(asked or 0.0, backoff)
        if time.monotonic() + wait > self._deadline and error:
            raise SourceError(f"{error}; there is no time left to try again", "it is asked again at the next run") from error
        return wait

    def _follow(self, asked: Asked) -> Reply:
        deadline = min(self._deadline, time.monotonic() + self.limits.total_seconds)
        hop = asked
        for _ in range(self.limits.redirects + 1):
            if time.monotonic() > self._deadline:
                raise SourceError(f"{shown(asked.url)} was not asked: the time of its source is used up")
            answer = self._once(hop, deadline)
            if isinstance(answer, Reply):
                return answer
            hop = hop.redirected(answer)
        raise SourceError(f"{shown(asked.url)} redirects more than {self.limits.redirects} times", "look for its new address")

    def _once(self, asked: Asked, deadline: float) -> Reply | str:
        """Ask once; a redirect comes back as the address it leads to."""
        url = asked.url
        if not is_web_address(url):
            raise SourceError(f"{shown(url)} is no web address", "use an address that begins with https://")
        self._pace.wait(urlsplit(url).hostname or "", asked.interval_seconds)
        limits = self.limits
        try:
            with self._sessions.send(asked, (limits.connect_seconds, limits.read_seconds)) as response:
                target = response.headers.get("Location")
                if response.status_code in _REDIRECTS and target:
                    return urljoin(url, target)
                self._raise_for(response, url, deadline)
                content = b"" if response.status_code == 304 else read_body(response, url, deadline, limits)
                return Reply(url, response.status_code, content, CaseInsensitiveDict(response.headers))
        except (requests.Timeout, TimeoutError) as error:
            raise PassingError(f"{shown(url)} did not answer in time") from error
        except requests.exceptions.SSLError as error:
            raise SourceError(f"{shown(url)} has no valid certificate") from error
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, ValueError) as error:
            raise SourceError(f"{shown(url)} is no web address", "use an address that begins with https://") from error
        except (requests.RequestException, Urllib3Error, HTTPException, OSError) as error:
            raise PassingError(f"{shown(url)} cannot be read: {_reason(error)}") from error

    def _raise_for(self, response: requests.Response, url: str, deadline: float) -> None:
        status = response.status_code
        if 200 <= status < 300 or status == 304:
            return
        message, said = f"{shown(url)} answered {status}", read_reason(response, deadline)
        if status not in _PASSING:
            raise AnsweredError(message, status, _HINTS.get(status, ""), said=said)
        wait_seconds = retry_after_seconds(response.headers.get("Retry-After"), response.headers.get("Date"))
        if wait_seconds is not None and wait_seconds > self.limits.longest_wait_seconds:
            told = f"{message} and asks to wait {wait_seconds:.0f} s"
            raise AnsweredError(told, status, "it is asked again at the next run", wait_seconds, said)
        raise PassingError(message, status, wait_seconds, said)


def _reason(error: BaseException) -> str:
    """Say why without the address, which may hold a key."""
    inner: object = error
    while isinstance(inner, BaseException):
        if isinstance(inner, Urllib3Error | OSError) and not isinstance(inner, requests.RequestException):
            return type(inner).__name__
        inner = inner.args[0] if inner.args and isinstance(inner.args[0], BaseException) else inner.__cause__
    return type(error).__name__

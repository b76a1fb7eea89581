"""Connections of the HTTP client: one session a thread, through the user's proxy where there is one."""

from __future__ import annotations

import ipaddress
import os
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import requests

from veille import __version__
from veille.sources.addresses import RefusedAddressError, is_public, pinned_adapter

# Headers that hold a key: they are for the host that was meant.
_SECRET_HEADERS = frozenset({"authorization", "cookie", "x-api-key"})


@dataclass(frozen=True, slots=True)
class Asked:
    """One request.

    Parameters
    ----------
    method, url, headers
        As HTTP has them.
    params
        Added to the query of the address.
    json, form
        The body, one of the two.
    login
        Name and password of HTTP basic authentication.
    interval_seconds
        Least time between two requests to this host, where it asks for more than usual.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    params: Mapping[str, str | int] | None = None
    json: object = None
    form: Mapping[str, str] | None = None
    login: tuple[str, str] | None = None
    interval_seconds: float = 0.0

    def redirected(self, url: str) -> Asked:
        """Return the request that a redirect asks for: without keys where it leads to another host."""
        same = (urlsplit(url).scheme, urlsplit(url).netloc) == (urlsplit(self.url).scheme, urlsplit(self.url).netloc)
        kept = {name: value for name, value in self.headers.items() if same or name.lower() not in _SECRET_HEADERS}
        return replace(self, url=url, headers=kept, params=None)


class Sessions:
    """Gives each thread a session of its own: those of `requests` are not made to be shared.

    Parameters
    ----------
    allow_private
        Whether addresses that are not public may be reached.
    """

    def __init__(self, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._proxies = {name: url for name, url in getproxies().items() if name in ("http", "https", "all")}
        self._local = threading.local()
        self._all: list[requests.Session] = []
        self._lock = threading.Lock()

    def send(self, asked: Asked, timeout: tuple[float, float]) -> requests.Response:
        """Send a request; the body of the answer is not read yet and redirects are not followed.

        Raises
        ------
        RefusedAddressError
            The host is not on the public internet.
        """
        return self._session().request(
            asked.method,
            asked.url,
            headers=dict(asked.headers),
            params=dict(asked.params) if asked.params else None,
            json=asked.json,
            data=dict(asked.form) if asked.form else None,
            auth=asked.login,
            proxies=self._proxy(asked.url),
            stream=True,
            allow_redirects=False,
            timeout=timeout,
        )

    def close(self) -> None:
        """Close what is kept open, of all threads."""
        with self._lock:
            for session in self._all:
                session.close()
            self._all.clear()

    def _session(self) -> requests.Session:
        session = getattr(self._local, "session", None)
        if not isinstance(session, requests.Session):
            session = requests.Session()
            # .netrc would hand out passwords; proxies are chosen here, with a look at the address.
            session.trust_env = False
            session.headers["User-Agent"] = os.environ.get(
                "VEILLE_USER_AGENT", f"veille/{__version__} (+media monitoring; feed reader)"
            )
            session.mount("http://", pinned_adapter(self._allow_private))
            session.mount("https://", pinned_adapter(self._allow_private))
            self._local.session = session
            with self._lock:
                self._all.append(session)
        return session

    def _proxy(self, url: str) -> dict[str, str]:
        """Return the proxy for an address; one that is known not to be public is not asked of a proxy either."""
        host = urlsplit(url).hostname or ""
        if not self._proxies or proxy_bypass(host):
            return {}
        if not self._allow_private and not _may_be_public(host):
            raise RefusedAddressError(f"{host} is refused: it is not on the public internet", "only public addresses are read")
        return self._proxies


def _may_be_public(host: str) -> bool:
    """Behind a proxy names often do not resolve here; what does resolve, or is an address in any notation, is judged."""
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except (socket.gaierror, UnicodeError):
        return not host.endswith((".local", ".internal", ".localhost")) and "." in host
    return any(is_public(address) for address in found if _is_address(address))


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text.split("%", 1)[0])
    except ValueError:
        return False
    return True

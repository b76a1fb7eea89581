"""Which network addresses a watch may reach: public ones, so that a feed cannot make veille read the inside of a network.

The name is resolved once, each address is judged, and the connection goes to the address that was judged: a name that
answers differently the second time gains nothing. `requests` connects through the pools of `pinned_adapter`.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import requests.adapters
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from veille.errors import SourceError

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class RefusedAddressError(SourceError):
    """All addresses of a host are private, local or reserved."""


def is_public(address: str) -> bool:
    """Say whether an IP address is one of the public internet, the one it carries inside included.

    Parameters
    ----------
    address
        IPv4 or IPv6, a zone index (`%eth0`) allowed.
    """
    ip = ipaddress.ip_address(address.split("%", 1)[0])
    if isinstance(ip, ipaddress.IPv6Address):
        carried = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
        if ip in _NAT64:
            carried.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
        if any(inner is not None and not is_public(str(inner)) for inner in carried):
            return False
        if ip.ipv4_mapped is not None:
            return True
    return ip.is_global and not ip.is_multicast


def pinned_adapter(allow_private: bool) -> requests.adapters.HTTPAdapter:
    """Return the adapter whose connections go to judged addresses only.

    Parameters
    ----------
    allow_private
        Whether addresses that are not public may be reached too.
    """

    class PinnedConnection(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _connect(self, allow_private)

    class PinnedSecureConnection(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _connect(self, allow_private)

    class PinnedPool(HTTPConnectionPool):
        ConnectionCls = PinnedConnection

    class PinnedSecurePool(HTTPSConnectionPool):
        ConnectionCls = PinnedSecureConnection

    class PinnedAdapter(requests.adapters.HTTPAdapter):
        def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any) -> None:
            self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **pool_kwargs)
            self.poolmanager.pool_classes_by_scheme = {"http": PinnedPool, "https": PinnedSecurePool}

    return PinnedAdapter()


def _connect(connection: HTTPConnection, allow_private: bool) -> socket.socket:
    host, port = connection.host.strip("[]"), connection.port
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        reason = error if isinstance(error, socket.gaierror) else socket.gaierror(str(error))
        raise NameResolutionError(host, connection, reason) from error
    allowed = [entry for entry in found if allow_private or is_public(str(entry[4][0]))]
    if not allowed:
        raise RefusedAddressError(f"{host} is refused: it is not on the public internet", "only public addresses are read")
    timeout = connection.timeout if isinstance(connection.timeout, (int, float)) else None
    last: OSError | None = None
    for family, kind, protocol, _, address in allowed:
        try:
            sock = socket.socket(family, kind, protocol)
        except OSError as error:
            last = error
            continue
        try:
            sock.settimeout(timeout)
            for option in connection.socket_options or ():
                sock.setsockopt(*option)
            sock.connect(address)
        except OSError as error:
            last = error
            sock.close()
        else:
            return sock
    if isinstance(last, TimeoutError):
        raise ConnectTimeoutError(connection, f"connection to {host} timed out") from last
    raise NewConnectionError(connection, f"cannot connect to {host}: {last}") from last

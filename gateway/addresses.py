"""Where a request comes from."""

from __future__ import annotations

import ipaddress
from functools import lru_cache

from starlette.requests import HTTPConnection

from gateway.settings import Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_REMEMBERED = 4_096
_LONGEST_REMEMBERED = 256
"""Characters of a header; what is longer is worked out anew, so that nobody fills the memory with it."""


def client_address(connection: HTTPConnection, trusted: tuple[Network, ...]) -> str:
    """The address of whoever sent the request, as one text per client.

    It is the peer's, unless the peer is a trusted proxy: then the nearest address of X-Forwarded-For that no
    trusted proxy has, because everything further away was written by the client itself. An IPv6 client is its
    /64, the network one subscriber is given; a peer without an address (a Unix socket) is "local".
    """
    peer = _peer(connection)
    forwarded = connection.headers.get("x-forwarded-for", "") if _is_proxy(peer, trusted) else ""
    told = _nearest if len(forwarded) <= _LONGEST_REMEMBERED else _nearest.__wrapped__
    return told(peer, forwarded, trusted)


def comes_from_trusted_proxy(connection: HTTPConnection, trusted: tuple[Network, ...]) -> bool:
    return _is_proxy(_peer(connection), trusted)


def _peer(connection: HTTPConnection) -> str:
    return connection.client.host if connection.client else ""


# One call of a page asks several times over, and a client's next call the same again.
@lru_cache(_REMEMBERED)
def _nearest(peer: str, forwarded: str, trusted: tuple[Network, ...]) -> str:
    address = _parsed(peer)
    if address is None:
        return "local"
    if _is_trusted(address, trusted):
        for hop in reversed(forwarded.split(",")):
            nearer = _parsed(hop)
            if nearer is None:
                break
            address = nearer
            if not _is_trusted(address, trusted):
                break
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


@lru_cache(_REMEMBERED)
def _is_proxy(peer: str, trusted: tuple[Network, ...]) -> bool:
    address = _parsed(peer)
    return address is not None and _is_trusted(address, trusted)


def _is_trusted(address: Address, trusted: tuple[Network, ...]) -> bool:
    return any(address.version == network.version and address in network for network in trusted)


def _parsed(text: str) -> Address | None:
    """An IPv4 client seen through an IPv6 socket (::ffff:192.0.2.1) is the IPv4 client."""
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        return address.ipv4_mapped or ipaddress.IPv6Address(int(address))
    return address

"""Where a request comes from."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from starlette.requests import HTTPConnection

from gateway.settings import Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def client_address(connection: HTTPConnection, trusted: Sequence[Network]) -> str:
    """The address of whoever sent the request, as one text per client.

    It is the peer's, unless the peer is a trusted proxy: then the nearest address of X-Forwarded-For that no
    trusted proxy has, because everything further away was written by the client itself. An IPv6 client is its
    /64, the network one subscriber is given; a peer without an address (a Unix socket) is "local".
    """
    address = _parsed(connection.client.host if connection.client else "")
    if address is None:
        return "local"
    if _is_trusted(address, trusted):
        for hop in reversed(connection.headers.get("x-forwarded-for", "").split(",")):
            forwarded = _parsed(hop)
            if forwarded is None:
                break
            address = forwarded
            if not _is_trusted(address, trusted):
                break
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def comes_from_trusted_proxy(connection: HTTPConnection, trusted: Sequence[Network]) -> bool:
    address = _parsed(connection.client.host if connection.client else "")
    return address is not None and _is_trusted(address, trusted)


def _is_trusted(address: Address, trusted: Sequence[Network]) -> bool:
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

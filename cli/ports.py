"""Ports to listen on: the one asked for, or a free one where nobody else has to know it."""

from __future__ import annotations

import errno
import socket

PRIVATE = "127.0.0.1"


class PortError(Exception):
    """A port cannot be listened on; the message says which and what to set instead."""


def demand(host: str, port: int, variable: str, example: str) -> None:
    """Checks that `host`:`port` can be listened on.

    Raises:
        PortError: naming `variable`, and `example` as what to write there.
    """
    try:
        _bind(host, port)
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            why = f"Port {port} is in use by another program"
        else:
            why = f"{host} port {port} cannot be listened on ({problem.strerror})"
        raise PortError(f"{why}. Stop that program, or set {variable}, for example {variable}={example}.") from None


def free() -> int:
    """A port nobody listens on at loopback.

    Any will do, and a usual one will not: a part listens only once it is up, and a second system starting
    meanwhile would find the same port free, and talk to the first one's parts.
    """
    return _bind(PRIVATE, 0)


def _bind(host: str, port: int) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as tried:
        # As servers do: a port whose last connections are still closing is free.
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        tried.bind((host, port))
        tried.listen(1)
        return int(tried.getsockname()[1])

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


def free(preferred: int) -> int:
    """`preferred` if it is free on loopback, else one that is."""
    try:
        return _bind(PRIVATE, preferred)
    except OSError:
        return _bind(PRIVATE, 0)


def _bind(host: str, port: int) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as tried:
        # As servers do: a port whose last connections are still closing is free.
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        tried.bind((host, port))
        tried.listen(1)
        return int(tried.getsockname()[1])

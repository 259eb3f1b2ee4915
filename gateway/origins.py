"""Which pages may call the chat: the gateway's own, and those a shop names in `allowed_origins`.

A call without an Origin header comes from no page (a server, a command line) and is held by its token alone.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from starlette.requests import Request
from starlette.responses import Response

from gateway.addresses import comes_from_trusted_proxy
from gateway.problems import ApiError, ProblemKind
from gateway.security import allow_page
from gateway.settings import Network

SECONDS_REMEMBERED = 600
"""How long a browser may keep the answer to a preflight."""


def is_own_page(request: Request, trusted: tuple[Network, ...]) -> bool:
    """Whether the call comes from no page at all or from one the gateway itself served."""
    origin = request.headers.get("origin")
    if origin is None:
        return True
    scheme = request.url.scheme
    if comes_from_trusted_proxy(request, trusted):
        # The proxy ends the encryption; only it knows what the browser's address bar says.
        scheme = request.headers.get("x-forwarded-proto", scheme).split(",")[-1].strip()
    return origin.lower() == f"{scheme}://{request.headers.get('host', '')}".lower()


def admit(request: Request, allowed: Collection[str], trusted: tuple[Network, ...]) -> None:
    """Let the page that calls read the answer if it is the gateway's own or among `allowed` origins.

    Raises:
        ApiError: 403, any other page.
    """
    if is_own_page(request, trusted):
        return
    origin = request.headers["origin"]
    if not any(origin.lower() == one.lower().rstrip("/") for one in allowed):
        allow_page(request, None)
        raise ApiError(
            ProblemKind.ORIGIN_REFUSED,
            "the page's origin is not among the shop's allowed_origins; if it is the gateway's own page behind a "
            "proxy, the proxy has to pass Host and X-Forwarded-Proto and be named in AFTERCARE_TRUSTED_PROXIES",
        )
    allow_page(request, origin)


def preflight(methods: Sequence[str]) -> Response:
    """The answer to a browser asking whether it may send one of `methods`, after its page was admitted."""
    return Response(
        status_code=204,
        headers={
            "Access-Control-Allow-Methods": ", ".join(methods),
            "Access-Control-Allow-Headers": "authorization, content-type, last-event-id",
            "Access-Control-Max-Age": str(SECONDS_REMEMBERED),
        },
    )

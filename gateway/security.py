"""What every answer carries: the headers that tell a browser how little the answer may do."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from casework.log_lines import fields
from gateway.problems import ApiError, ProblemKind

STATIC_PATH = "/page"
"""Where the page's own files are."""

log = logging.getLogger(__name__)

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
_BARE_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def page_policy(framed_by: Sequence[str]) -> str:
    """The Content-Security-Policy of a page: its own scripts, styles, pictures and calls, nothing inline.

    `framed_by` are the origins whose pages may show it in a frame; what is not an origin is left out.
    """
    framing = " ".join(origin for origin in framed_by if _is_origin(origin)) or "'none'"
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        f"base-uri 'none'; form-action 'none'; frame-ancestors {framing}; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _is_origin(text: str) -> bool:
    parts = urlsplit(text)
    return (
        text.isprintable() and not set(text) & set(" ;,'*") and text.rstrip("/") == f"{parts.scheme}://{parts.netloc}"
    )


def allow_page(request: Request, origin: str | None) -> None:
    """Let pages of `origin` read the answer to this request; None takes that back."""
    request.state.readable_by = origin


class Door:
    """The outermost layer: puts the headers on every answer, and turns what nobody caught into a problem."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                scope["app"].state.parts.metrics.answered(route_of(scope), message["status"])
                _put_headers(MutableHeaders(scope=message), scope)
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except ClientDisconnect:
            # Nobody is left to answer.
            return
        except Exception as error:
            # Where it happened, and neither query nor message: those may hold what the customer said.
            where = "".join(traceback.format_tb(error.__traceback__))
            kind = type(error).__qualname__
            told = fields(route=route_of(scope), method=scope["method"], error=kind, where=where)
            log.error("unhandled", extra=told)
            if started:
                raise
            problem = ApiError(ProblemKind.INTERNAL, "it was logged here; send the same again in a moment")
            await problem.response()(scope, receive, send_with_headers)


def route_of(scope: Scope) -> str:
    """The route that answers, as it is written; a path of the caller's own making is in no log and no metric."""
    route = scope.get("route")
    return str(getattr(route, "path", "")) or "none"


def _put_headers(headers: MutableHeaders, scope: Scope) -> None:
    for name, value in _ALWAYS.items():
        headers.setdefault(name, value)
    headers.setdefault("Content-Security-Policy", _BARE_POLICY)
    if "frame-ancestors 'none'" in headers["content-security-policy"]:
        headers.setdefault("X-Frame-Options", "DENY")
    # The page's files may be kept but are asked after each time; nothing else is kept by anybody.
    headers.setdefault("Cache-Control", "no-cache" if scope["path"].startswith(STATIC_PATH) else "no-store")
    if scope["path"].startswith("/api/"):
        headers.add_vary_header("Origin")
        readable_by = scope["state"].get("readable_by")
        if readable_by is not None:
            headers["Access-Control-Allow-Origin"] = readable_by
            headers["Access-Control-Expose-Headers"] = "Retry-After"

"""Every error the public API answers, as RFC 9457 problem JSON.

A route, or anything below it, raises `ApiError`; its `ProblemKind` gives name, status and title.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


class ProblemKind(Enum):
    """(name in `type`, HTTP status, title). The names are part of the API: docs/http.md lists them."""

    NOT_JSON = "not-json", 400, "the body is not JSON"
    NOT_MULTIPART = "not-multipart", 400, "the body is not a form with one picture"
    TOKEN_REFUSED = "token-refused", 401, "the chat token is not accepted"
    TOKEN_EXPIRED = "token-expired", 401, "the chat token has expired"
    METRICS_REFUSED = "metrics-refused", 401, "the metrics are not for everybody"
    CUSTOMER_TOKEN_REFUSED = "customer-token-refused", 401, "the customer token is not accepted"
    ORIGIN_REFUSED = "origin-refused", 403, "this page may not use the chat"
    DELIVERY_REFUSED = "delivery-refused", 403, "this delivery is not accepted"
    UNKNOWN_SHOP = "unknown-shop", 404, "unknown shop"
    NOT_FOUND = "not-found", 404, "nothing here"
    METHOD_NOT_ALLOWED = "method-not-allowed", 405, "this method is not answered here"
    BODY_TOO_SLOW = "body-too-slow", 408, "the body took too long"
    BODY_TOO_LARGE = "body-too-large", 413, "the body is too large"
    PICTURE_TOO_LARGE = "picture-too-large", 413, "the picture has too many pixels"
    PICTURE_TYPE_REFUSED = "picture-type-refused", 415, "this kind of file is not taken"
    FIELDS_REFUSED = "fields-refused", 422, "some fields are not as expected"
    UNKNOWN_CHOICE = "unknown-choice", 422, "unknown choice"
    UNKNOWN_PICTURE = "unknown-picture", 422, "unknown picture"
    PICTURE_UNREADABLE = "picture-unreadable", 422, "the picture cannot be read"
    HANDOVER_OVER = "handover-over", 410, "this link is used up"
    TOO_MANY_REQUESTS = "too-many-requests", 429, "too many requests"
    INTERNAL = "internal", 500, "something went wrong here"
    STORE_UNREACHABLE = "store-unreachable", 503, "the order store does not answer"

    def __init__(self, code: str, status: int, title: str) -> None:
        self.code = code
        self.status = status
        self.title = title

    @property
    def type(self) -> str:
        return f"urn:aftercare:problem:{self.code}"


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field: its path in the body ("" is all of it) and what was expected."""

    path: str
    message: str


@dataclass
class ApiError(Exception):
    """Raised to answer with a problem; `retry_after` (seconds) becomes its header, rounded up."""

    kind: ProblemKind
    detail: str
    errors: Sequence[FieldError] = ()
    retry_after: float | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__(self.detail)

    def response(self) -> Response:
        body: dict[str, Any] = {
            "type": self.kind.type,
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
        }
        if self.errors:
            body["errors"] = [{"path": error.path, "message": error.message} for error in self.errors]
        headers = dict(self.headers)
        if self.retry_after is not None:
            headers["Retry-After"] = str(max(1, math.ceil(self.retry_after)))
        if self.kind.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        return JSONResponse(body, status_code=self.kind.status, headers=headers, media_type="application/problem+json")


def answer_problems(app: FastAPI) -> None:
    """Make `app` answer `ApiError`, and what the router itself refuses, as problem JSON."""

    @app.exception_handler(ApiError)
    async def answer_problem(_: Request, error: ApiError) -> Response:
        return error.response()

    @app.exception_handler(HTTPException)
    async def answer_refusal(request: Request, error: HTTPException) -> Response:
        return _router_refusal(request, error).response()


def _router_refusal(request: Request, error: HTTPException) -> ApiError:
    """The router refuses in two ways: no such path, or a path without such a method."""
    if error.status_code == 405:
        allowed = ", ".join(sorted(_methods_at(request)))
        detail = f"{request.url.path} answers {allowed}"
        return ApiError(ProblemKind.METHOD_NOT_ALLOWED, detail, headers={"Allow": allowed})
    return ApiError(ProblemKind.NOT_FOUND, f"there is nothing at {request.url.path}")


def _methods_at(request: Request) -> set[str]:
    """The router names the methods of the first route only; a path may have one route per method."""
    routes = [route for route in request.app.routes if isinstance(route, Route)]
    path = request.url.path
    return {method for route in routes if route.path_regex.match(path) for method in route.methods or ()}

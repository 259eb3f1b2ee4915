"""Moving the clock: `PUT /api/v1/clock`, there only where AFTERCARE_ENV is test."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from casework.clock import ClockError, instant
from gateway.bodies import Body, read_body
from gateway.parts import parts_of
from gateway.problems import ApiError, FieldError, ProblemKind

PATH = "/api/v1/clock"


def add_to(app: FastAPI) -> None:
    app.add_api_route(PATH, move_clock, methods=["PUT"])


class ClockBody(Body):
    now: str


async def move_clock(request: Request) -> Response:
    """200 with the instant (ISO 8601, UTC) the whole system stands at from the next turn on."""
    body = await read_body(request, ClockBody)
    try:
        now = instant(body.now)
    except (ClockError, OverflowError) as error:
        raise ApiError(ProblemKind.FIELDS_REFUSED, f"now: {error}", [FieldError("now", str(error))]) from None
    clock = parts_of(request).clock
    clock.move(now)
    return JSONResponse({"now": clock.now().isoformat()})

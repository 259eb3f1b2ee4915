"""Adding a picture: `POST /api/v1/attachments`. It is sent, and so becomes evidence, with a message."""

from __future__ import annotations

from datetime import datetime

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from casework.evidence import PictureRefusedError, Refusal, take
from casework.pictures import keep
from gateway.origins import preflight
from gateway.parts import Parts, parts_of
from gateway.problems import ApiError, ProblemKind
from gateway.sessions import bearer, conversation_of
from gateway.shops import admit_page_of_any
from gateway.tokens import ChatToken
from gateway.uploads import read_picture
from order_store import count_unsent

PATH = "/api/v1/attachments"

MOST_UNSENT = 20
"""Pictures of one conversation that wait to be sent with a message."""

_KINDS = {
    Refusal.NOT_A_PICTURE: ProblemKind.PICTURE_TYPE_REFUSED,
    Refusal.HEIC: ProblemKind.PICTURE_TYPE_REFUSED,
    Refusal.TOO_LARGE: ProblemKind.BODY_TOO_LARGE,
    Refusal.TOO_MANY_PIXELS: ProblemKind.PICTURE_TOO_LARGE,
    Refusal.BROKEN: ProblemKind.PICTURE_UNREADABLE,
}


def add_to(app: FastAPI) -> None:
    app.add_api_route(PATH, add_attachment, methods=["POST"])
    app.add_api_route(PATH, ask_to_add_attachment, methods=["OPTIONS"])


async def ask_to_add_attachment(request: Request) -> Response:
    await admit_page_of_any(request, parts_of(request))
    return preflight(["POST"])


async def add_attachment(request: Request) -> Response:
    """201 with the id the picture is sent under, by this conversation alone and once."""
    parts = parts_of(request)
    await admit_page_of_any(request, parts)
    parts.calls.take(parts.address(request))
    token = await bearer(request)
    parts.pictures.take(parts.address(request))
    parts.shop_calls.take(token.shop)
    await run_in_threadpool(_check_room, parts, token)
    data = await read_picture(request)
    # A picture unpacked takes many times its size: few at once bound what all of them take.
    async with parts.unpacking:
        attachment_id = await run_in_threadpool(_keep, parts, token, data, parts.clock.now())
    return JSONResponse({"attachment_id": attachment_id}, status_code=201)


def _check_room(parts: Parts, token: ChatToken) -> None:
    with parts.database.read() as session:
        if count_unsent(session, conversation_of(session, token).id) >= MOST_UNSENT:
            detail = f"{MOST_UNSENT} pictures wait to be sent: send them with a message first"
            raise ApiError(ProblemKind.TOO_MANY_REQUESTS, detail, retry_after=60)


def _keep(parts: Parts, token: ChatToken, data: bytes, now: datetime) -> str:
    try:
        evidence = take(data)
    except PictureRefusedError as refused:
        raise ApiError(_KINDS[refused.refusal], str(refused)) from None
    # Once more: to arrive and be unpacked took a while, and the conversation may be elsewhere by now.
    _check_room(parts, token)
    return keep(parts.database, parts.picture_folder, token.conversation_id, evidence, now).attachment_id

"""What providers deliver: `POST /channels/{channel}`, verified on the raw body and kept before it is answered for."""

from __future__ import annotations

import asyncio
import logging

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from casework.log_lines import fields
from gateway.bodies import MOST_SECONDS, read_bounded
from gateway.channels.accounts import SHOPS
from gateway.channels.adapter import Answer, Arrived, Heard, Receiver
from gateway.channels.errors import Forged, Unreadable
from gateway.channels.telling import keep_heard
from gateway.parts import Parts, parts_of
from gateway.problems import ApiError, ProblemKind
from order_store import channels
from order_store.codes import Channel

PATH = "/channels/{channel}"

LARGEST = 256 * 1024
"""Bytes of a provider's request: texts, and where pictures are to be fetched."""

LARGEST_EMAIL = 24 * 1024 * 1024
"""Bytes of an e-mail, pictures and all, as a form writes it."""

log = logging.getLogger(__name__)


def add_to(app: FastAPI) -> None:
    app.add_api_route(PATH, receive, methods=["POST"])
    app.add_api_route(PATH, confirm, methods=["GET"])


async def receive(request: Request, channel: str) -> Response:
    """200 once what was delivered is kept; it is taken afterwards. 403 for what its provider did not send just now."""
    parts = parts_of(request)
    place, adapter = _adapter(parts, channel, request)
    if channel == "email":
        # Its signature is inside a form that has to be read first.
        parts.calls.take(parts.address(request))
    body = await _body(request, LARGEST_EMAIL if channel == "email" else LARGEST)
    arrived = Arrived(
        headers={name.lower(): value for name, value in request.headers.items()},
        url=_url(parts, request),
        body=body,
        at=parts.channels.machine(),
    )
    try:
        heard, answer = await run_in_threadpool(_read, adapter, arrived)
        if heard:
            await run_in_threadpool(_keep, parts, place, heard, arrived)
    except Forged as error:
        log.warning("delivery refused", extra=fields(channel=place[0], shop=place[1], reason=str(error)))
        raise _refused() from None
    except Unreadable as error:
        log.warning("delivery unreadable", extra=fields(channel=place[0], shop=place[1], reason=str(error)))
        raise ApiError(ProblemKind.NOT_JSON, "this is not what the provider documents") from None
    if heard:
        parts.channels.wake()
    return Response(answer.body, media_type=answer.kind)


async def confirm(request: Request, channel: str) -> Response:
    """200 with the answer to Meta's question whether the address is ours."""
    _, adapter = _adapter(parts_of(request), channel, request)
    try:
        return Response(adapter.challenge(request.query_params), media_type="text/plain; charset=utf-8")
    except Forged:
        raise _refused() from None


def _adapter(parts: Parts, channel: str, request: Request) -> tuple[tuple[Channel, str], Receiver]:
    asked = request.query_params.get("shop")
    ours = [place for place in parts.channels.adapters if place[0] == channel and asked in (None, place[1])]
    if channel not in SHOPS or len(ours) != 1:
        raise ApiError(ProblemKind.NOT_FOUND, f"there is nothing at {request.url.path}")
    return ours[0], parts.channels.adapters[ours[0]]


async def _body(request: Request, largest: int) -> bytes:
    try:
        async with asyncio.timeout(MOST_SECONDS):
            return await read_bounded(request, largest)
    except TimeoutError:
        raise ApiError(ProblemKind.BODY_TOO_SLOW, f"send it within {MOST_SECONDS} seconds") from None


def _url(parts: Parts, request: Request) -> str:
    """As the provider calls it, whatever a proxy in between made of it."""
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{parts.settings.public_url}{request.url.path}{query}"


def _read(adapter: Receiver, arrived: Arrived) -> tuple[list[Heard], Answer]:
    """In a thread: an e-mail with pictures takes a while. Raises Forged before anything else, or Unreadable."""
    adapter.verify(arrived)
    try:
        return adapter.read(arrived), adapter.answer(arrived)
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
        # Something else stands where the documentation has a text or an object; the words of the fault may quote it.
        raise Unreadable(type(error).__name__) from None


def _keep(parts: Parts, place: tuple[Channel, str], heard: list[Heard], arrived: Arrived) -> None:
    """All of it or nothing. Raises Forged for a signature that was used for something else before."""
    channel, shop = place
    with parts.database.write() as session:
        for each in heard:
            if each.nonce is not None and not channels.use_once(
                session, channel=channel, shop_key=shop, nonce=each.nonce, for_what=each.provider_id, at=arrived.at
            ):
                raise Forged("the signature was used before")
            keep_heard(session, place, each, arrived.at)


def _refused() -> ApiError:
    return ApiError(ProblemKind.DELIVERY_REFUSED, "this was not sent by the provider, or not just now")

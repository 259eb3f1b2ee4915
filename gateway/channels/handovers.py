"""A conversation goes on elsewhere: `POST /api/v1/handovers` gives links, `POST /api/v1/handovers/take` a token."""

from __future__ import annotations

from datetime import datetime

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gateway.bodies import Body, read_body
from gateway.channels.choosing import since_last_said
from gateway.channels.leading import links_to
from gateway.messages import shown
from gateway.origins import preflight
from gateway.parts import Parts, parts_of
from gateway.problems import ApiError, ProblemKind
from gateway.sessions import bearer, conversation_of
from gateway.shops import admit_page_of, admit_page_of_any
from gateway.tokens import ChatToken
from order_store import Handover, Message, add_messages, channels

PATH = "/api/v1/handovers"
TAKE_PATH = "/api/v1/handovers/take"

ASKS_WHO = {"v": 1, "kind": "question", "asks": "customer.email"}


def add_to(app: FastAPI) -> None:
    app.add_api_route(PATH, hand_over, methods=["POST"])
    app.add_api_route(TAKE_PATH, take_over, methods=["POST"])
    for path in (PATH, TAKE_PATH):
        app.add_api_route(path, ask_to_hand_over, methods=["OPTIONS"])


class TakeBody(Body):
    code: str


async def ask_to_hand_over(request: Request) -> Response:
    await admit_page_of_any(request, parts_of(request))
    return preflight(["POST"])


async def hand_over(request: Request) -> Response:
    """201 with a code that is good once and for a quarter of an hour, and what to open with it on each channel."""
    parts = parts_of(request)
    await admit_page_of_any(request, parts)
    parts.calls.take(parts.address(request))
    token = await bearer(request)
    parts.messages.take(token.conversation_id)
    handover = await run_in_threadpool(_hand_over, parts, token, parts.clock.now())
    code = parts.codes.code(handover.id)
    links = links_to(parts.channels.accounts, parts.settings.public_url, token.shop, code)
    body = {"code": code, "expires_at": handover.expires_at.isoformat(), "links": links}
    return JSONResponse(body, status_code=201)


async def take_over(request: Request) -> Response:
    """201 with a token for the conversation of the code, and what is to be read there first.

    Where somebody was identified in it, or said what is not answered yet, nothing said before is shown at the new
    place, and whose order it is is asked again.
    """
    parts = parts_of(request)
    await admit_page_of_any(request, parts)
    parts.calls.take(parts.address(request))
    parts.sessions.take(parts.address(request))
    body = await read_body(request, TakeBody)
    handover_id = parts.codes.read(body.code)
    shop_key = await run_in_threadpool(_shop_of, parts, handover_id) if handover_id is not None else None
    if handover_id is None or shop_key is None:
        raise _handover_over()
    # Before anything is moved: a page that is not let in uses nobody's link up.
    await admit_page_of(request, parts, shop_key)
    taken = await run_in_threadpool(_take_over, parts, handover_id, shop_key, parts.clock.now())
    if taken is None:
        raise _handover_over()
    token, messages = taken
    parts.streams.tell(token.conversation_id)
    return JSONResponse(
        {
            "token": token.signed(parts.chat_key),
            "expires_at": token.expires_at.isoformat(),
            "shop": token.shop,
            "replies": [shown(one, parts.links, token.shop) for one in messages],
        },
        status_code=201,
    )


def _hand_over(parts: Parts, token: ChatToken, now: datetime) -> Handover:
    with parts.database.write() as session:
        # In whole seconds, as a token's end is: not every browser reads finer ones.
        return channels.hand_over(session, conversation_of(session, token).id, now.replace(microsecond=0))


def _handover_over() -> ApiError:
    return ApiError(ProblemKind.HANDOVER_OVER, "the link was used already or is too old: ask for a new one")


def _shop_of(parts: Parts, handover_id: int) -> str | None:
    with parts.database.read() as session:
        return channels.shop_of_handover(session, handover_id)


def _take_over(parts: Parts, handover_id: int, shop_key: str, now: datetime) -> tuple[ChatToken, list[Message]] | None:
    with parts.database.write() as session:
        conversation = channels.take_over(session, handover_id, shop_key, now)
        if conversation is None:
            return None
        # A token holds whole seconds; the row says the same as the token.
        until = (now + parts.settings.session_lifetime).replace(microsecond=0)
        conversation.expires_at = max(conversation.expires_at.replace(microsecond=0), until)
        token = ChatToken(
            conversation.id, conversation.shop_key, conversation.expires_at, conversation.moves, conversation.hidden_seq
        )
        if not channels.holds_secrets(session, conversation):
            return token, since_last_said(session, conversation)
        return token, add_messages(session, conversation.id, [{"text": parts.moved, "custom": ASKS_WHO}], now)

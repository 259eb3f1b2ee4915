"""Opening a conversation: `POST /api/v1/sessions`, and reading the token it gives on every later call."""

from __future__ import annotations

import logging
from datetime import datetime
from functools import partial

from fastapi import FastAPI
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from casework.log_lines import fields
from gateway.bodies import Body, read_body
from gateway.origins import preflight
from gateway.parts import Parts, parts_of
from gateway.problems import ApiError, ProblemKind
from gateway.shops import admit_page_of, admit_page_of_any
from gateway.tokens import ChatToken, VerifiedCustomer, read_chat_token, read_customer_token, token_refused
from order_store import Conversation, Shop, resume_conversation, start_conversation

PATH = "/api/v1/sessions"

log = logging.getLogger(__name__)


def add_to(app: FastAPI) -> None:
    app.add_api_route(PATH, open_session, methods=["POST"])
    app.add_api_route(PATH, ask_to_open_session, methods=["OPTIONS"])


class SessionBody(Body):
    shop: str
    customer_token: str | None = None


async def ask_to_open_session(request: Request) -> Response:
    await admit_page_of_any(request, parts_of(request))
    return preflight(["POST"])


async def open_session(request: Request) -> Response:
    """201 with the token of a new conversation, or of the one an earlier token names, and when it expires (UTC)."""
    parts = parts_of(request)
    await admit_page_of_any(request, parts)
    parts.calls.take(parts.address(request))
    parts.sessions.take(parts.address(request))
    body = await read_body(request, SessionBody)
    shop = (await parts.shops.all()).get(body.shop)
    if shop is None:
        raise ApiError(ProblemKind.UNKNOWN_SHOP, "`shop` must be the key of a shop this chat answers for")
    await admit_page_of(request, parts, shop.key)
    parts.shop_calls.take(shop.key)
    now = parts.clock.now()
    customer = _customer(body.customer_token, shop, parts, now)
    earlier = _earlier(request, parts, shop, now)
    token = await run_in_threadpool(_start, parts, shop, customer, parts.client(request), now, earlier)
    return JSONResponse(
        {"token": token.signed(parts.chat_key), "expires_at": token.expires_at.isoformat()}, status_code=201
    )


def _customer(token: str | None, shop: Shop, parts: Parts, now: datetime) -> VerifiedCustomer | None:
    if token is None:
        return None
    secret = parts.settings.variables.get(shop.token_secret_name or "", "")
    if not secret:
        if shop.token_secret_name:
            log.error("customer token refused", extra=fields(shop=shop.key, secret_missing=shop.token_secret_name))
        raise ApiError(
            ProblemKind.CUSTOMER_TOKEN_REFUSED,
            "this shop has no secret set up for customer tokens; leave `customer_token` out or set one up",
        )
    return read_customer_token(token, secret, shop.key, now)


def _earlier(request: Request, parts: Parts, shop: Shop, now: datetime) -> ChatToken | None:
    """The token sent along, expired or not, if one is: its conversation is to be taken up again.

    Raises:
        ApiError: 401, it is not one of ours, of another shop, or over for too long.
    """
    if "authorization" not in request.headers:
        return None
    token, _ = read_chat_token(_bearer_text(request), parts.chat_key, now)
    if token.shop != shop.key or now >= token.expires_at + parts.settings.resumable:
        raise _not_resumed()
    return token


def _start(
    parts: Parts, shop: Shop, customer: VerifiedCustomer | None, client: str, now: datetime, earlier: ChatToken | None
) -> ChatToken:
    # A token holds whole seconds; the row says the same as the token.
    expires_at = (now + parts.settings.session_lifetime).replace(microsecond=0)
    email = customer.email if customer else None
    orders = list(customer.orders) if customer and customer.orders is not None else None
    with parts.database.write() as session:
        begin = (
            start_conversation
            if earlier is None
            else partial(resume_conversation, conversation_id=earlier.conversation_id, moves=earlier.moves)
        )
        conversation = begin(
            session,
            shop_key=shop.key,
            at=now,
            expires_at=expires_at,
            client=client,
            customer_email=email,
            customer_orders=orders,
        )
        if conversation is None:
            raise _not_resumed()
        since = 0 if earlier is None else earlier.since
        return ChatToken(conversation.id, shop.key, conversation.expires_at, conversation.moves, since)


def _not_resumed() -> ApiError:
    return ApiError(
        ProblemKind.TOKEN_REFUSED,
        "this conversation is not taken up again: it is over for too long, went on elsewhere, or was had with another "
        "shop or customer; leave Authorization out to open a new one",
    )


async def bearer(request: Request) -> ChatToken:
    """The chat token a call carries, its page admitted by the shop the token is for.

    Raises:
        ApiError: 401 without a valid token, 403 for a page that shop does not let in.
    """
    parts = parts_of(request)
    token, holds = read_chat_token(_bearer_text(request), parts.chat_key, parts.clock.now())
    await admit_page_of(request, parts, token.shop)
    if not holds:
        raise ApiError(
            ProblemKind.TOKEN_EXPIRED,
            "take the conversation up again with POST /api/v1/sessions, this token along, and send it again then",
        )
    return token


def conversation_of(session: Session, token: ChatToken) -> Conversation:
    """The conversation `token` is for; it is at one place, and what is proven at the next one is not told at the last.

    Raises:
        ApiError: 401, it is kept no more, or went on elsewhere since the token was given.
    """
    conversation = session.get(Conversation, token.conversation_id)
    if conversation is None:
        raise token_refused()
    if conversation.moves != token.moves:
        detail = "this conversation goes on elsewhere; open a new one with POST /api/v1/sessions, without Authorization"
        raise ApiError(ProblemKind.TOKEN_REFUSED, detail)
    return conversation


def _bearer_text(request: Request) -> str:
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        raise token_refused()
    return text.strip()

"""Opening a conversation: `POST /api/v1/sessions`, and reading the token it gives on every later call."""

from __future__ import annotations

import logging
from datetime import datetime

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gateway.bodies import Body, read_body
from gateway.origins import preflight
from gateway.parts import Parts, parts_of
from gateway.problems import ApiError, ProblemKind
from gateway.shops import admit_page_of, admit_page_of_any, all_shops
from gateway.tokens import ChatToken, VerifiedCustomer, read_chat_token, read_customer_token, token_refused
from order_store import Shop, start_conversation

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
    """201 with the token of a new conversation and when it expires (ISO 8601, UTC)."""
    parts = parts_of(request)
    await admit_page_of_any(request, parts)
    parts.calls.take(parts.address(request))
    parts.sessions.take(parts.address(request))
    body = await read_body(request, SessionBody)
    shop = (await all_shops(parts.database)).get(body.shop)
    if shop is None:
        raise ApiError(ProblemKind.UNKNOWN_SHOP, "`shop` must be the key of a shop this chat answers for")
    await admit_page_of(request, parts, shop.key)
    now = parts.clock.now()
    customer = _customer(body.customer_token, shop, parts, now)
    token = await run_in_threadpool(_start, parts, shop, customer, parts.client(request), now)
    return JSONResponse(
        {"token": token.signed(parts.chat_key), "expires_at": token.expires_at.isoformat()}, status_code=201
    )


def _customer(token: str | None, shop: Shop, parts: Parts, now: datetime) -> VerifiedCustomer | None:
    if token is None:
        return None
    secret = parts.settings.variables.get(shop.token_secret_name or "", "")
    if not secret:
        if shop.token_secret_name:
            log.error("customer_token shop=%s secret_missing=%s", shop.key, shop.token_secret_name)
        raise ApiError(
            ProblemKind.CUSTOMER_TOKEN_REFUSED,
            "this shop has no secret set up for customer tokens; leave `customer_token` out or set one up",
        )
    return read_customer_token(token, secret, shop.key, now)


def _start(parts: Parts, shop: Shop, customer: VerifiedCustomer | None, client: str, now: datetime) -> ChatToken:
    # A token holds whole seconds; the row says the same as the token.
    expires_at = (now + parts.settings.session_lifetime).replace(microsecond=0)
    with parts.database.write() as session:
        conversation = start_conversation(
            session,
            shop_key=shop.key,
            at=now,
            expires_at=expires_at,
            client=client,
            customer_email=customer.email if customer else None,
            customer_orders=list(customer.orders) if customer and customer.orders is not None else None,
        )
        return ChatToken(conversation.id, shop.key, expires_at)


async def bearer(request: Request) -> ChatToken:
    """The chat token a call carries, its page admitted by the shop the token is for.

    Raises:
        ApiError: 401 without a valid token, 403 for a page that shop does not let in.
    """
    parts = parts_of(request)
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        raise token_refused()
    token, holds = read_chat_token(text.strip(), parts.chat_key, parts.clock.now())
    await admit_page_of(request, parts, token.shop)
    if not holds:
        raise ApiError(
            ProblemKind.TOKEN_EXPIRED, "open a new conversation with POST /api/v1/sessions and send it again there"
        )
    return token

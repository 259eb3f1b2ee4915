"""Following a conversation: `GET /api/v1/events`, server-sent events of everything said in it, once and in order."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway.links import Links
from gateway.messages import shown, shown_turn
from gateway.origins import preflight
from gateway.parts import Parts, parts_of
from gateway.problems import ApiError, FieldError, ProblemKind
from gateway.sessions import bearer, conversation_of
from gateway.shops import admit_page_of_any
from gateway.streams import Listener
from gateway.tokens import ChatToken
from order_store import Message, Standing, StoreUnavailable, Turn, said_after

PATH = "/api/v1/events"

MOST_AT_ONCE = 200
"""Messages read and sent in one go."""

RETRY_MILLISECONDS = 2_000
"""What a reader that follows the standard waits before it comes back."""


def add_to(app: FastAPI) -> None:
    app.add_api_route(PATH, follow, methods=["GET"])
    app.add_api_route(PATH, ask_to_follow, methods=["OPTIONS"])


async def ask_to_follow(request: Request) -> Response:
    await admit_page_of_any(request, parts_of(request))
    return preflight(["GET"])


async def follow(request: Request) -> Response:
    """200 and a stream that lasts as long as the token holds; first of all what was said after `Last-Event-ID`."""
    parts = parts_of(request)
    await admit_page_of_any(request, parts)
    address = parts.address(request)
    parts.calls.take(address)
    token = await bearer(request)
    after = _last_event_id(request)
    parts.streams.check_room(token.conversation_id, address)
    after = max(token.since, await run_in_threadpool(_known, parts, token, after))
    return EventStream(parts, token, address, after)


def _last_event_id(request: Request) -> int:
    told = request.headers.get("last-event-id", "")
    if not told:
        return 0
    if not (told.isascii() and told.isdigit() and len(told) <= 9):
        error = FieldError("Last-Event-ID", "expected the id of an event, a whole number")
        raise ApiError(ProblemKind.FIELDS_REFUSED, f"{error.path}: {error.message}", [error])
    return int(told)


def _known(parts: Parts, token: ChatToken, after: int) -> int:
    """`after`, or 0 where the conversation never came that far: the reader remembers another one."""
    with parts.database.read() as session:
        return after if after <= conversation_of(session, token).last_seq else 0


class EventStream(Response):
    """The stream of one reader: what was said after the number `after`, then what is said, until it ends."""

    media_type = "text/event-stream"

    def __init__(self, parts: Parts, token: ChatToken, address: str, after: int) -> None:
        super().__init__(headers={"X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._parts = parts
        self._token = token
        self._address = address
        self._after = after

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        with self._parts.streams.listening(self._token.conversation_id, self._address) as listener:
            watching = asyncio.create_task(_end_when_gone(receive, listener))
            try:
                # At once: a reader knows by it that it is let in.
                await _write(send, f": welcome\nretry: {RETRY_MILLISECONDS}\n\n")
                await self._follow(send, listener)
            except (StoreUnavailable, ApiError):
                # The reader comes back for the rest, and is told then what is the matter.
                pass
            finally:
                watching.cancel()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _follow(self, send: Send, listener: Listener) -> None:
        listener.news.set()
        while not listener.over and (left := self._left()) > timedelta():
            patience = min(left, self._parts.settings.heartbeat).total_seconds()
            try:
                await asyncio.wait_for(listener.news.wait(), patience)
            except TimeoutError:
                await _write(send, ": still here\n\n")
                continue
            listener.news.clear()
            events: Sequence[dict[str, Any]] | None = None
            while not listener.over and (events is None or len(events) == MOST_AT_ONCE):
                events, listener.heard = await run_in_threadpool(self._read)
                if events:
                    self._after = events[-1]["seq"]
                    await _write(send, "".join(_event(one) for one in events))

    def _left(self) -> timedelta:
        """How long the token still holds."""
        return self._token.expires_at - self._parts.clock.now()

    def _read(self) -> tuple[Sequence[dict[str, Any]], Standing]:
        """What was said since, and how far the conversation had come. Raises ApiError where it is elsewhere by now."""
        with self._parts.database.read() as session:
            conversation = conversation_of(session, self._token)
            heard = Standing(conversation.last_seq, conversation.moves)
            new = heard.last_seq > self._after
            said = said_after(session, conversation.id, self._after, MOST_AT_ONCE) if new else []
        return [_shown(one, self._parts.links, self._token.shop) for one in said], heard


def _shown(said: Turn | Message, links: Links, shop: str) -> dict[str, Any]:
    return shown_turn(said) if isinstance(said, Turn) else shown(said, links, shop)


def _event(shown: dict[str, Any]) -> str:
    return f"id: {shown['seq']}\nevent: message\ndata: {json.dumps(shown, ensure_ascii=False)}\n\n"


async def _write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _end_when_gone(receive: Receive, listener: Listener) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.end()

"""Saying something: `POST /api/v1/messages`."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import FastAPI
from pydantic import AfterValidator, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gateway.attachments import MOST_UNSENT
from gateway.bodies import Body, read_body
from gateway.links import Links
from gateway.origins import preflight
from gateway.parts import parts_of
from gateway.problems import ApiError, FieldError, ProblemKind
from gateway.said import Chosen, Said, Typed, UnknownChoiceError
from gateway.sessions import bearer
from gateway.shops import admit_page_of_any
from gateway.tokens import token_refused
from order_store import Message, Turn, UnknownConversation, UnknownPicture

PATH = "/api/v1/messages"

LONGEST_CLIENT_ID = 128
"""Characters; the store keeps no longer one."""

LONGEST_ATTACHMENT_ID = 64
"""Characters; the store makes no longer one."""


def add_to(app: FastAPI) -> None:
    app.add_api_route(PATH, send_message, methods=["POST"])
    app.add_api_route(PATH, ask_to_send_message, methods=["OPTIONS"])


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("expected printable characters only")
    return text


ClientId = Annotated[str, Field(min_length=1, max_length=LONGEST_CLIENT_ID), AfterValidator(_printable)]


AttachmentId = Annotated[str, Field(min_length=1, max_length=LONGEST_ATTACHMENT_ID), AfterValidator(_printable)]


class MessageBody(Body):
    client_id: ClientId
    text: str | None = None
    choice: str | None = None
    attachments: Annotated[list[AttachmentId], Field(max_length=MOST_UNSENT, default_factory=list)]


async def ask_to_send_message(request: Request) -> Response:
    await admit_page_of_any(request, parts_of(request))
    return preflight(["POST"])


async def send_message(request: Request) -> Response:
    """200 with the replies of the turn; the first answer again where the `client_id` is known."""
    parts = parts_of(request)
    await admit_page_of_any(request, parts)
    parts.calls.take(parts.address(request))
    token = await bearer(request)
    parts.messages.take(token.conversation_id)
    parts.shop_calls.take(token.shop)
    body = await read_body(request, MessageBody)
    try:
        messages = await parts.turns.take(
            token.conversation_id, body.client_id, _said(body), parts.client(request), token.moves
        )
    except UnknownConversation:
        raise token_refused() from None
    except UnknownChoiceError:
        message = "not among the choices this conversation was offered"
        raise ApiError(ProblemKind.UNKNOWN_CHOICE, message, [FieldError("choice", message)]) from None
    except UnknownPicture as error:
        message = "not a picture this conversation has yet to send"
        field = FieldError(f"attachments[{error.position}]", message)
        raise ApiError(ProblemKind.UNKNOWN_PICTURE, f"{field.path}: {message}", [field]) from None
    replies = [shown(one, parts.links, token.shop) for one in messages]
    return JSONResponse({"replies": replies, "last_seq": messages[-1].seq})


def _said(body: MessageBody) -> Said:
    match body.text, body.choice, tuple(body.attachments):
        case str(text), None, pictures:
            return Typed(text, pictures)
        case None, None, (_, *_) as pictures:
            return Typed("", pictures)
        case None, str(choice), ():
            return Chosen(choice)
        case None, None, _:
            error = FieldError("text", "missing; expected text, choice or attachments")
        case None, str(), _:
            error = FieldError("attachments", "told together with choice; send them with text or alone")
        case _:
            error = FieldError("choice", "told together with text; expected only one of them")
    raise ApiError(ProblemKind.FIELDS_REFUSED, f"{error.path}: {error.message}", [error])


def shown(message: Message, links: Links, shop: str) -> dict[str, Any]:
    """A message of `shop` (its key) as the API shows it; what a choice stands for stays on the server."""
    return {
        "seq": message.seq,
        "at": message.at.isoformat(),
        "from": message.sender,
        "text": message.text,
        "choices": [{"id": choice["id"], "label": choice["label"]} for choice in message.choices],
        "custom": links.shown(message, shop),
    }


def shown_turn(turn: Turn) -> dict[str, Any]:
    """What the customer sent, as the stream of events shows it: a message like the others, and under which names."""
    return {
        "seq": turn.seq,
        "at": turn.received_at.isoformat(),
        "from": "customer",
        "text": turn.said.get("text") or turn.said.get("label") or "",
        "choices": [],
        "custom": None,
        "client_id": turn.client_id,
        "choice": turn.said.get("choice"),
        "attachments": turn.said.get("attachments", []),
    }

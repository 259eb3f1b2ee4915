"""What a link opens: `GET /api/v1/slips/{token}` (PDF) and `GET /api/v1/calendars/{token}` (iCalendar).

The link is all it takes: it is opened in a new tab, printed from, or handed to a calendar, none of which sends a
chat token.
"""

from __future__ import annotations

from datetime import datetime

from fastapi import FastAPI
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from casework.calendars import Deadline, calendar_file, rma_deadlines, told_deadlines
from casework.slips import slip_pdf
from gateway.links import CALENDARS, SLIPS, CalendarLink, SlipLink, nothing_here
from gateway.parts import parts_of
from order_store import Conversation, Database, Message, Rma, Shop, find_rma

# Browsers show a PDF in a page of their own making, which the policy of the answer holds for: without these two
# Chromium shows an empty one. The file itself cannot do more by them.
_PDF_POLICY = (
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


def add_to(app: FastAPI) -> None:
    app.add_api_route(SLIPS + "/{token}", send_slip, methods=["GET", "HEAD"])
    app.add_api_route(CALENDARS + "/{token}", send_calendar, methods=["GET", "HEAD"])


async def send_slip(request: Request, token: str) -> Response:
    """200 with the slip to print; 404 in the same words for every link that opens none."""
    parts = parts_of(request)
    parts.calls.take(parts.address(request))
    now = parts.clock.now()
    link = parts.links.slip(token, now)
    pdf = await run_in_threadpool(_slip, parts.database, link, now)
    return _file(pdf, "application/pdf", f"{link.number}.pdf", {"Content-Security-Policy": _PDF_POLICY})


async def send_calendar(request: Request, token: str) -> Response:
    """200 with the days as a calendar file; 404 in the same words for every link that opens none."""
    parts = parts_of(request)
    parts.calls.take(parts.address(request))
    now = parts.clock.now()
    link = parts.links.calendar(token, now)
    calendar = await run_in_threadpool(_calendar, parts.database, link, now)
    return _file(calendar, "text/calendar; charset=utf-8", f"{link.number or 'deadlines'}.ics", {})


def _file(content: bytes, kind: str, name: str, headers: dict[str, str]) -> Response:
    return Response(
        content, headers={"Content-Type": kind, "Content-Disposition": f'inline; filename="{name}"'} | headers
    )


def _slip(database: Database, link: SlipLink, now: datetime) -> bytes:
    with database.read() as session:
        rma = _open_rma(session, link.shop, link.number)
        return slip_pdf(rma, rma.line.order.shop, now)


def _calendar(database: Database, link: CalendarLink, now: datetime) -> bytes:
    with database.read() as session:
        shop = session.get(Shop, link.shop)
        if shop is None:
            raise nothing_here()
        deadlines = _deadlines(session, shop, link, now)
        if not deadlines:
            raise nothing_here()
        return calendar_file(deadlines, shop, now)


def _deadlines(session: Session, shop: Shop, link: CalendarLink, now: datetime) -> list[Deadline]:
    if link.number is not None:
        return rma_deadlines(_open_rma(session, shop.key, link.number), shop)
    message = session.get(Message, link.message_id)
    # Gone, or emptied because its customer asked for that.
    if message is None or not message.custom or not message.custom.get("dates"):
        return []
    conversation = session.get_one(Conversation, message.conversation_id)
    return told_deadlines(message.custom, shop, now) if conversation.shop_key == shop.key else []


def _open_rma(session: Session, shop_key: str, number: str) -> Rma:
    """Nobody needs the paper of a return that is over."""
    rma = find_rma(session, shop_key, number)
    if rma is None or rma.closed_at is not None:
        raise nothing_here()
    return rma

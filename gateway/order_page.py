"""A shop's order page with the widget on it, for trying things out: `GET /order?shop=KEY`; in demo and test alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from html import escape
from pathlib import Path
from string import Template
from zoneinfo import ZoneInfo

import jwt
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from casework.cases import Told, build_case, shop_zone
from gateway.parts import Parts, parts_of
from gateway.problems import ApiError, ProblemKind
from gateway.security import page_policy
from order_store import Line, Order, find_order
from policy_core import ClaimReason, RemedyName, decide, end_of_day, local_day

PATH = "/order"
VOUCHED_FOR = timedelta(minutes=10)

_PAGE = Template((Path(__file__).parent / "page" / "order.html").read_text(encoding="utf-8"))
_CALLED = {
    "protection_ends": "Buyer protection",
    "return_window_ends": "Returns",
    "one_year_service_ends": "One-year service",
    "warranty_ends": "Warranty",
}
_SIGNS = {"EUR": "€", "USD": "$", "CNY": "¥"}


@dataclass(frozen=True)
class Deadline:
    """Until when the customer can do what it is called; `closes_at` is aware."""

    name: str
    item: str
    closes_at: datetime


def add_to(app: FastAPI) -> None:
    app.add_api_route(PATH, page, methods=["GET", "HEAD"])


async def page(request: Request) -> Response:
    """The order of this `number`; without one, the shop's order whose next deadline is nearest."""
    parts = parts_of(request)
    asked = request.query_params
    html = await run_in_threadpool(_read, parts, asked.get("shop", ""), asked.get("number"))
    if html is None:
        raise ApiError(ProblemKind.NOT_FOUND, "there is no such order: /order?shop=KEY&number=NUMBER")
    return HTMLResponse(html, headers={"Content-Security-Policy": page_policy([])})


def _read(parts: Parts, shop: str, number: str | None) -> str | None:
    now = parts.clock.now()
    with parts.database.read() as session:
        order = find_order(session, shop, number) if number else _most_pressing(session, shop, now)
        return None if order is None else _html(session, order, parts, now)


def _most_pressing(session: Session, shop: str, now: datetime) -> Order | None:
    orders = session.scalars(select(Order).where(Order.shop_key == shop).order_by(Order.number)).all()
    pressing = [(deadlines[0].closes_at, order) for order in orders if (deadlines := _deadlines(session, order, now))]
    return min(pressing, key=lambda one: one[0])[1] if pressing else next(iter(orders), None)


def _deadlines(session: Session, order: Order, now: datetime) -> list[Deadline]:
    """What is still open for the order's items, the nearest end first."""
    found = {one for line in order.lines for one in _of_line(session, line, now) if one.closes_at > now}
    return sorted(found, key=lambda one: (one.closes_at, one.name, one.item))


def _of_line(session: Session, line: Line, now: datetime) -> Iterator[Deadline]:
    zone = shop_zone(line.order.shop)
    verdict = decide(build_case(session, line, Told(reason=ClaimReason.CHANGE_OF_MIND), now))
    told = line.order.protection_ends_at
    for period in verdict.dates:
        if period.code in _CALLED:
            closes_at = end_of_day(period.last_day, zone)
            if period.code == "protection_ends" and told and local_day(told, zone) == period.last_day:
                closes_at = told  # BP-1: a protection ends at the instant that was told, not with its day.
            yield Deadline(_CALLED[period.code], line.title, closes_at)
    for remedy in verdict.remedies:
        if remedy.remedy is RemedyName.RETURN_REFUND and remedy.closes_at is not None:
            yield Deadline("Returns", line.title, remedy.closes_at)


def _html(session: Session, order: Order, parts: Parts, now: datetime) -> str:
    zone = shop_zone(order.shop)
    customer = order.customer
    total = sum((line.unit_price * line.quantity for line in order.lines), Decimal())
    return _PAGE.substitute(
        shop_key=escape(order.shop_key),
        shop_name=escape(order.shop.name),
        shop_initial=escape(order.shop.name[:1]),
        number=escape(order.number),
        email=escape(customer.email or ""),
        name=escape(customer.name or ""),
        now=now.isoformat(),
        steps="\n".join(_steps(order, zone)),
        lines="\n".join(_line(line) for line in order.lines),
        total=_money(total, order.lines[0].currency),
        deadlines=_list(_deadlines(session, order, now)[:3], zone),
        token=escape(_vouching(order, parts, now)),
    )


def _steps(order: Order, zone: ZoneInfo) -> Iterator[str]:
    shipped = [each.shipped_at for each in order.shipments if each.shipped_at]
    delivered = [each.delivered_at for each in order.shipments if each.delivered_at]
    for name, at in (
        ("Ordered", order.placed_at),
        ("Paid", order.paid_at),
        ("Shipped", max(shipped, default=None)),
        ("Delivered", max(delivered, default=None)),
    ):
        day = f"<small>{local_day(at, zone):%-d %B %Y}</small>" if at else ""
        yield f"<li{' class=done' if at else ''}>{name}{day}</li>"


def _line(line: Line) -> str:
    each, price = (_money(line.unit_price * pieces, line.currency) for pieces in (1, line.quantity))
    return (
        f'<li><span class="thing" aria-hidden="true">{escape(line.title[:1])}</span>'
        f"<span><strong>{escape(line.title)}</strong><small>{line.quantity} &times; {each}</small>"
        f"</span><span>{price}</span></li>"
    )


def _list(deadlines: Sequence[Deadline], zone: ZoneInfo) -> str:
    if not deadlines:
        return "<p>Nothing runs out here. Ask the assistant what is still possible.</p>"
    rows = (
        f"<li><strong>{one.name}</strong><span>until {local_day(one.closes_at, zone):%A, %-d %B %Y}</span>"
        f'<time class="left" datetime="{one.closes_at.isoformat()}"></time><small>{escape(one.item)}</small></li>'
        for one in deadlines
    )
    return f"<ul>{''.join(rows)}</ul>"


def _money(amount: Decimal, currency: str) -> str:
    sign = _SIGNS.get(currency)
    return f"{sign}{amount:,.2f}" if sign else f"{amount:,.2f} {escape(currency)}"


def _vouching(order: Order, parts: Parts, now: datetime) -> str:
    """What a shop's server would hand over for the customer who is logged in; empty where the shop has no secret."""
    secret = parts.settings.variables.get(order.shop.token_secret_name or "")
    if not secret or not order.customer.email:
        return ""
    exp = int((now + VOUCHED_FOR).timestamp())
    return jwt.encode({"iss": order.shop_key, "sub": order.customer.email, "exp": exp}, secret, algorithm="HS256")

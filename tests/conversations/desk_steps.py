"""What happens at the shop between two turns of a played conversation: a script's `desk` steps, done in the store.

A step is `[name, argument, …]`, about the first line of the script's first order.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

import order_store
from casework import repairs, returns
from casework.acting import DESK, Acting
from order_store import Database, Line, Repair, Rma

Step = Callable[..., None]


def take(steps: list[list[Any]], database: Database, shop: str, order: str, now: str) -> None:
    """Let every step happen, each in a transaction of its own, as of `now` (ISO instant)."""
    for name, *arguments in steps:
        with database.write() as session:
            acting = Acting(session, datetime.fromisoformat(now), DESK)
            STEPS[name](acting, _line(session, shop, order), *arguments)


def _line(session: Session, shop: str, order: str) -> Line:
    found = order_store.find_order(session, shop, order)
    assert found is not None, order
    return found.lines[0]


def _rma(acting: Acting, line: Line) -> Rma:
    found = order_store.latest_rma(acting.session, line.id)
    assert found is not None
    return found


def _repair(acting: Acting, line: Line) -> Repair:
    found = repairs.open_repair(acting.session, line.id)
    assert found is not None
    return found


def _repair_receive(acting: Acting, line: Line) -> None:
    repairs.start(acting, line)


def _quote(acting: Acting, line: Line, amount: str, currency: str, until: str) -> None:
    repairs.quote(acting, _repair(acting, line), Decimal(amount), currency, date.fromisoformat(until))


def _expire(acting: Acting, line: Line, why: str) -> None:
    acting.step(_rma(acting, line), "expire", why)
    acting.step(_rma(acting, line), "close", why)


STEPS: Mapping[str, Step] = {
    "rma send": lambda acting, line, carrier, tracking: returns.send(
        acting, _rma(acting, line), carrier=carrier, tracking=tracking
    ),
    "rma receive": lambda acting, line: returns.receive(acting, _rma(acting, line)),
    "rma inspect": lambda acting, line: returns.inspect(acting, _rma(acting, line)),
    "rma accept": lambda acting, line: returns.accept(acting, _rma(acting, line)),
    "rma reject": lambda acting, line, why: returns.reject(acting, _rma(acting, line), why),
    "rma refunded": lambda acting, line: returns.refund(acting, _rma(acting, line)),
    "rma expire": _expire,
    "repair receive": _repair_receive,
    "repair quote": _quote,
}
"""By the names of the desk's commands."""

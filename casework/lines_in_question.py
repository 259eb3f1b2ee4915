"""Which of an order's items a matter is about, where its cases say so: the one under an RMA, the one quoted for."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

import order_store
from order_store import Line, Order

from . import repairs
from .dossier import Dossier
from .identity import Asker
from .judged import SENT_IN
from .parcel_back import awaiting_approval


def find_line(session: Session, updates: dict[str, Any], known: Mapping[str, Any], asker: Asker) -> None:
    """Adds the line to `updates`, where the order is the customer's own and its cases leave one only."""
    now_known = {**known, **updates}
    goal, named = now_known.get("goal"), updates.get("rma")
    if not updates or (now_known.get("line") is not None and named is None):
        return
    if named is None and goal not in ("rma", "repair_quote"):
        return
    order = Dossier.from_slots(now_known, asker).order(session)
    position = _position(session, order, goal, named or now_known.get("rma")) if order is not None else None
    if position is not None:
        updates["line"] = position


def lacks_rma(session: Session, updates: Mapping[str, Any], known: Mapping[str, Any], asker: Asker) -> bool:
    """Whether it has just come out that the item whose RMA is asked for has none, and none waits for approval."""
    now_known = {**known, **updates}
    if not updates or now_known.get("goal") != "rma":
        return False
    line, before = _line(session, now_known, asker), _line(session, known, asker)
    if line is None or (known.get("goal") == "rma" and before is not None and before.id == line.id):
        return False
    no_rma = order_store.latest_rma(session, line.id) is None
    return no_rma and awaiting_approval(session, line.id, SENT_IN) is None


def _line(session: Session, slots: Mapping[str, Any], asker: Asker) -> Line | None:
    dossier = Dossier.from_slots(slots, asker)
    order = dossier.order(session)
    return dossier.line_of(order) if order is not None else None


def _position(session: Session, order: Order, goal: str | None, named: str | None) -> int | None:
    rma = order_store.find_rma(session, order.shop_key, named) if named is not None else None
    if rma is not None and rma.line.order_id == order.id:
        return rma.line.position
    if goal == "rma":
        concerned = [line.position for line in order.lines if order_store.open_rma(session, line.id) is not None]
    else:
        concerned = [line.position for line in order.lines if repairs.open_repair(session, line.id) is not None]
    return concerned[0] if len(concerned) == 1 else None

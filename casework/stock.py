"""Articles that run out and come back (ST-O1, ST-O2), and the lines that wait for them."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

import order_store
from order_store import BackorderChoice, Line, Order, Shipment
from policy_core import RemedyName

from . import notices
from .acting import Acting, DeskError, NotPossibleError
from .cases import Told
from .dossier import Dossier
from .goals import GOALS
from .granted import Granted
from .granting import grant
from .identity import Asker
from .stock_told import cancelled, choice_of, note_back


def run_out(acting: Acting, shop_key: str, sku: str, restock_expected_on: date | None = None) -> list[Line]:
    """The shop's `sku` has run out: every line that is not shipped waits, and its customer is told by e-mail at once.

    `restock_expected_on` is a local day of the shop; for lines that wait already it is the new one, and they are
    not told again, nor is anybody who has chosen already. Gives the lines that ran out now.
    """
    shop = _shop(acting.session, shop_key)
    if restock_expected_on is not None and restock_expected_on < acting.today(shop):
        raise DeskError(f"{restock_expected_on} is past: expect it today or later, or leave the day out")
    ran_out = []
    for line in _unshipped(acting, shop_key, sku):
        note_back(acting, line.id)  # else an import that told it to be back would be forgotten here
        newly = acting.step_if_possible(line, "run_out", "ST-O1")
        line.restock_expected_on = restock_expected_on
        if newly:
            ran_out.append(line)
            if choice_of(acting.session, line) is None:
                notices.item_out_of_stock(acting.session, line, acting.now)
    return ran_out


def restock(acting: Acting, shop_key: str, sku: str) -> list[Line]:
    """The shop's `sku` is there again; gives the lines that can be sent now, those whose customers wait included."""
    _shop(acting.session, shop_key)
    back = []
    for line in _unshipped(acting, shop_key, sku):
        if acting.step_if_possible(line, "restock", "ST-O2"):
            line.restock_expected_on = None
            back.append(line)
    return back


def choose(acting: Acting, line: Line, remedy: RemedyName) -> Granted:
    """ST-O2: what the customer chose in a reply: to wait (WAIT_BACKORDER), or the money (REFUND_NOW).

    Judged as of now, as in the chat. Raises NoLongerOpenError where it is not open, NotPossibleError for somebody who
    is to wait for what is paid back already.
    """
    dossier = Dossier(
        goal=GOALS["out_of_stock"],
        asker=Asker(line.order.shop_key, "none", "none"),
        order_number=line.order.number,
        contact=None,
        verified=True,
        line=line.position,
        told=Told(),
        has_fault=None,
        remedy=remedy,
        confirmed=True,
    )
    key = f"desk:line:{line.id}:{remedy}"
    granted = grant(acting.session, dossier, line, remedy, acting.now, key, approved_by=acting.who)
    if remedy is RemedyName.WAIT_BACKORDER and granted.kind != "backorder":
        raise NotPossibleError(f"{line.order.number}, line {line.position + 1}: called off or paid back already")
    return granted


def ship(
    acting: Acting, line: Line, *, carrier: str | None = None, tracking: str | None = None, why: str = "ST-O2"
) -> None:
    """A line whose customer waited has been sent. The next import of the order may tell its parcel in full."""
    order_store.hold(acting.session, line)
    choice = choice_of(acting.session, line)
    if choice is None:
        raise NotPossibleError(f"{line.order.number}, line {line.position + 1}: its customer did not choose to wait")
    acting.step(choice, "ship", why)
    if line.stock == "out_of_stock":
        acting.step(line, "restock", why)
        line.restock_expected_on = None
    if _is_shipped(acting, line):
        return
    position = max((each.position for each in line.order.shipments), default=-1) + 1
    parcel = Shipment(position=position, carrier=carrier, tracking=tracking, shipped_at=acting.now)
    line.order.shipments.append(parcel)
    line.shipment = parcel
    acting.session.flush()


def waiting_lines(session: Session, shop_key: str | None = None) -> Sequence[tuple[Line, BackorderChoice | None]]:
    """The lines that ran out and are not shipped or cancelled, each with what its customer chose, if they have."""
    query = (
        select(Line, BackorderChoice)
        .join(Line.order)
        .outerjoin(Line.shipment)
        .outerjoin(BackorderChoice, BackorderChoice.line_id == Line.id)
        .where(Line.stock == "out_of_stock", Shipment.shipped_at.is_(None), ~cancelled())
        .order_by(Line.sku, Line.id)
    )
    if shop_key is not None:
        query = query.where(Order.shop_key == shop_key)
    return [(line, choice) for line, choice in session.execute(query)]


def _unshipped(acting: Acting, shop_key: str, sku: str) -> list[Line]:
    """The lines of `sku` that still have to be sent, locked one after the other in the order of their ids."""
    ids = acting.session.scalars(_still_to_send(acting, shop_key, sku)).all()
    locked = [order_store.lock_line(acting.session, line_id) for line_id in ids]
    return [line for line in locked if not _is_shipped(acting, line)]


def _still_to_send(acting: Acting, shop_key: str, sku: str) -> Select[tuple[int]]:
    return (
        select(Line.id)
        .join(Line.order)
        .outerjoin(Line.shipment)
        .outerjoin(BackorderChoice, BackorderChoice.line_id == Line.id)
        .where(
            Order.shop_key == shop_key,
            Line.sku == sku,
            or_(Shipment.shipped_at.is_(None), Shipment.shipped_at > acting.now),
            or_(BackorderChoice.course.is_(None), BackorderChoice.course.in_(("asked", "waiting"))),
            ~cancelled(),
        )
        .order_by(Line.id)
    )


def _is_shipped(acting: Acting, line: Line) -> bool:
    shipped_at = line.shipment.shipped_at if line.shipment is not None else None
    return shipped_at is not None and shipped_at <= acting.now


def _shop(session: Session, shop_key: str) -> order_store.Shop:
    try:
        return order_store.find_shop(session, shop_key)
    except LookupError as error:
        raise DeskError(str(error)) from None

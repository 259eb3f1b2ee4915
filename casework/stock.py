"""Articles that run out and come back (ST-O1, ST-O2), and the lines that wait for them."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

import order_store
from order_store import BackorderChoice, Cancellation, Letter, Line, Order, Shipment

from . import notices
from .acting import Acting, DeskError, NotPossibleError

_AT_ONCE = 100
"""How many customers one round tells: a short transaction."""


def run_out(acting: Acting, shop_key: str, sku: str, restock_expected_on: date | None = None) -> list[Line]:
    """The shop's `sku` has run out: every line that is not shipped waits, and its customer is told by e-mail at once.

    `restock_expected_on` is a local day of the shop; for lines that wait already it is the new one, and they are
    not told again. Gives the lines that ran out now.
    """
    shop = _shop(acting.session, shop_key)
    if restock_expected_on is not None and restock_expected_on < acting.today(shop):
        raise DeskError(f"{restock_expected_on} is past: expect it today or later, or leave the day out")
    ran_out = []
    for line in _unshipped(acting, shop_key, sku):
        newly = acting.step_if_possible(line, "run_out", "ST-O1")
        line.restock_expected_on = restock_expected_on
        if newly:
            ran_out.append(line)
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


def ship(
    acting: Acting, line: Line, *, carrier: str | None = None, tracking: str | None = None, why: str = "ST-O2"
) -> None:
    """A line whose customer waited has been sent. The next import of the order may tell its parcel in full."""
    order_store.hold(acting.session, line)
    choice = _choice(acting.session, line)
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


def note_shipped(acting: Acting) -> list[Line]:
    """Ends the waiting for lines an import has told to be shipped; gives them."""
    shipped = []
    for line in left(acting.session, acting.now):
        choice = _choice(acting.session, line)
        if choice is not None and acting.step_if_possible(choice, "ship", "import"):
            shipped.append(line)
    return shipped


def tell_untold(acting: Acting) -> list[Line]:
    """ST-O1: tells the customers of lines that an import told to have run out; gives the lines."""
    lines = list(untold(acting.session))
    for line in lines:
        notices.item_out_of_stock(acting.session, line, acting.now)
    return lines


def untold(session: Session) -> Sequence[Line]:
    """The lines that ran out and wait for their customer's choice, who has had no letter about it."""
    told = (
        select(Letter.id)
        .where(Letter.customer_id == Order.customer_id, Letter.kind == "item_out_of_stock")
        .where(Letter.variables["line"].as_integer() == Line.id)
    )
    query = (
        select(Line)
        .join(Line.order)
        .outerjoin(Line.shipment)
        .outerjoin(BackorderChoice, BackorderChoice.line_id == Line.id)
        .where(Line.stock == "out_of_stock", Shipment.shipped_at.is_(None), BackorderChoice.id.is_(None))
        .where(~_cancelled(), ~told.exists())
        .order_by(Line.id)
        .limit(_AT_ONCE)
    )
    return session.scalars(query).all()


def left(session: Session, now: datetime) -> Sequence[Line]:
    """The lines that are waited for and shipped as of `now`."""
    query = (
        select(Line)
        .join(BackorderChoice, BackorderChoice.line_id == Line.id)
        .join(Line.shipment)
        .where(BackorderChoice.course == "waiting", Shipment.shipped_at <= now)
        .order_by(Line.id)
    )
    return session.scalars(query).all()


def waiting_lines(session: Session, shop_key: str | None = None) -> Sequence[tuple[Line, BackorderChoice | None]]:
    """The lines that ran out and are not shipped or cancelled, each with what its customer chose, if they have."""
    query = (
        select(Line, BackorderChoice)
        .join(Line.order)
        .outerjoin(Line.shipment)
        .outerjoin(BackorderChoice, BackorderChoice.line_id == Line.id)
        .where(Line.stock == "out_of_stock", Shipment.shipped_at.is_(None), ~_cancelled())
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
            ~_cancelled(),
        )
        .order_by(Line.id)
    )


def _cancelled() -> ColumnElement[bool]:
    return select(Cancellation.id).where(Cancellation.line_id == Line.id).exists()


def _is_shipped(acting: Acting, line: Line) -> bool:
    shipped_at = line.shipment.shipped_at if line.shipment is not None else None
    return shipped_at is not None and shipped_at <= acting.now


def _choice(session: Session, line: Line) -> BackorderChoice | None:
    return session.scalar(select(BackorderChoice).filter_by(line_id=line.id))


def _shop(session: Session, shop_key: str) -> order_store.Shop:
    try:
        return order_store.find_shop(session, shop_key)
    except LookupError as error:
        raise DeskError(str(error)) from None

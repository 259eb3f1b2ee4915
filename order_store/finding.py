"""Finding orders and what was granted for their lines."""

import unicodedata
from collections.abc import Iterator

from sqlalchemy import Select, case, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from order_store.numbers import normalise_number
from order_store.tables import Dispute, Line, Order, Rma, Shop


def order_key(text: str) -> str:
    """What of an order number counts when it is looked up: its letters, upper-case, and its digits.

    Full-width and other scripts' digits read as 0 to 9. Empty when `text` holds neither.
    """
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(
        str(unicodedata.decimal(character)) if character.isdecimal() else character
        for character in folded
        if character.isalnum()
    )


def find_shop(session: Session, key: str) -> Shop:
    """The shop of this key. Raises LookupError for one that is not in the store."""
    shop = session.get(Shop, key)
    if shop is None:
        raise LookupError(f"there is no shop {key!r}: load its shops.yml")
    return shop


def find_order(session: Session, shop_key: str, number: str) -> Order | None:
    """The shop's order of this number, typed with or without spaces, hyphens, '#' and capitals.

    Its customer, shop, shipments, lines and their shipments are loaded, so they can be read after the
    session has ended.
    """
    key = order_key(number)
    if not key:
        return None
    order = session.scalar(_whole(select(Order)).where(Order.shop_key == shop_key, Order.number_key == key))
    return None if order is None else _linked(order)


def every_order(session: Session, batch: int = 200) -> Iterator[Order]:
    """Every order in the store, by shop and number, loaded as `find_order` loads it.

    `batch` orders are in memory at a time, read from a cursor of the session's transaction: as many orders as
    there are, as long as the caller keeps none of them.
    """
    query = _whole(select(Order)).order_by(Order.shop_key, Order.number_key)
    for order in session.scalars(query.execution_options(yield_per=batch)):
        yield _linked(order)


def find_rma(session: Session, shop_key: str, number: str) -> Rma | None:
    """The shop's RMA of this number, with its line and order; None also when the number has a slip in it."""
    printed = normalise_number(number, "rma")
    if printed is None:
        return None
    return session.scalar(
        _with_line(select(Rma).join(Rma.line).join(Line.order)).where(Rma.number == printed, Order.shop_key == shop_key)
    )


def open_rma(session: Session, line_id: int) -> Rma | None:
    """The line's RMA that is not closed; there is at most one."""
    return session.scalar(_with_line(select(Rma)).where(Rma.line_id == line_id, Rma.closed_at.is_(None)))


def latest_rma(session: Session, line_id: int) -> Rma | None:
    """The line's RMA that is not closed, else its newest."""
    is_closed = case((Rma.closed_at.is_(None), 0), else_=1)
    return session.scalar(
        _with_line(select(Rma)).where(Rma.line_id == line_id).order_by(is_closed, Rma.id.desc()).limit(1)
    )


def open_dispute(session: Session, line_id: int) -> Dispute | None:
    """The line's dispute whose claim process has not ended; there is at most one."""
    return session.scalar(
        select(Dispute)
        .where(Dispute.line_id == line_id, Dispute.claim_closed_at.is_(None))
        .options(joinedload(Dispute.line).joinedload(Line.order))
    )


def latest_dispute(session: Session, line_id: int) -> Dispute | None:
    """The line's newest dispute, whether its claim process has ended or not."""
    return session.scalar(select(Dispute).where(Dispute.line_id == line_id).order_by(Dispute.id.desc()).limit(1))


def lock_line(session: Session, line_id: int) -> Line:
    """The line, as it is now, held against other writers until the transaction ends.

    Take it in `Database.write()` before deciding again: on PostgreSQL the row is locked, on SQLite the
    transaction already has the only write lock. Raises NoResultFound (SQLAlchemy) for an unknown id.
    """
    return session.execute(
        select(Line).where(Line.id == line_id).with_for_update().execution_options(populate_existing=True)
    ).scalar_one()


def _whole(query: Select[tuple[Order]]) -> Select[tuple[Order]]:
    return query.options(
        joinedload(Order.customer),
        joinedload(Order.shop),
        selectinload(Order.shipments),
        selectinload(Order.lines).joinedload(Line.shipment),
    )


def _linked(order: Order) -> Order:
    for part in (*order.lines, *order.shipments):
        set_committed_value(part, "order", order)
    return order


def _with_line(query: Select[tuple[Rma]]) -> Select[tuple[Rma]]:
    return query.options(joinedload(Rma.line).joinedload(Line.order))

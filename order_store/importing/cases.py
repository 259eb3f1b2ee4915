"""Which lines and orders something was granted or written down for, in whatever table that is."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, select, union
from sqlalchemy.orm import Session

from order_store.importing.bulk import among
from order_store.tables import Base, Line, Order, Shipment


def lines_with_cases(session: Session, line_ids: Iterable[int]) -> set[int]:
    """Those of the lines that another row refers to."""
    return _referred_to(session, Line, line_ids)


def orders_with_cases(session: Session, order_ids: Iterable[int]) -> set[int]:
    """Those of the orders that a row refers to which is not their own, or a line of theirs is referred to."""
    orders = list(order_ids)
    if not orders:
        return set()
    parts = select(Line.id, Line.order_id).where(among(session.connection(), Line.order_id, orders))
    lines = dict(session.execute(parts).tuples().all())
    return _referred_to(session, Order, orders) | {lines[line_id] for line_id in lines_with_cases(session, lines)}


def _referred_to(session: Session, table: type[Base], ids: Iterable[int]) -> set[int]:
    wanted = list(ids)
    if not wanted:
        return set()
    connection = session.connection()
    references = union(*(select(column).where(among(connection, column, wanted)) for column in _references(table)))
    return set(session.scalars(references))


def _references(table: type[Base]) -> list[ColumnElement[Any]]:
    """The columns of other tables that refer to `table`, but those by which an order holds its own parts."""
    own = {Line.__table__, Shipment.__table__}
    return [
        key.parent
        for other in Base.metadata.sorted_tables
        if other not in own
        for key in other.foreign_keys
        if key.column is table.__table__.c.id
    ]

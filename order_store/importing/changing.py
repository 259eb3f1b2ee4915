"""Changing stored orders to what is told now, line by line and parcel by parcel, by their positions."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Session, selectinload

from order_store.importing.cases import lines_with_cases
from order_store.importing.customers import CustomerKey
from order_store.importing.fields import Problem
from order_store.importing.rows import line_values, order_values, shipment_values
from order_store.importing.told import ToldOrder
from order_store.tables import Line, Order, Shipment


def change_orders(
    session: Session, changed: Sequence[tuple[int, ToldOrder]], customers: Mapping[CustomerKey, int]
) -> Iterator[tuple[ToldOrder, Problem]]:
    """Changes each order (by its id) to what is told; yields those that cannot be, left as they were.

    A line is the one at its position, whatever it says now; a line no longer told is deleted, unless
    something was granted or written down for it.
    """
    if not changed:
        return
    orders = session.scalars(
        select(Order)
        .where(Order.id.in_([order_id for order_id, _ in changed]))
        .options(selectinload(Order.shipments), selectinload(Order.lines))
        .execution_options(populate_existing=True)
    )
    stored = {order.id: order for order in orders}
    dropped = [line.id for order_id, told in changed for line in stored[order_id].lines[len(told.lines) :]]
    with_cases = lines_with_cases(session, dropped)
    for order_id, told in changed:
        order = stored[order_id]
        kept = [line for line in order.lines[len(told.lines) :] if line.id in with_cases]
        if kept:
            yield (
                told,
                Problem(
                    f"lines[{kept[-1].position}]",
                    "was told before and something was granted for it, so it cannot go; tell it again",
                ),
            )
        else:
            _change(order, told, customers)
    session.flush()


def _change(order: Order, told: ToldOrder, customers: Mapping[CustomerKey, int]) -> None:
    _set(order, order_values(told, customers))
    shipments = order.shipments
    for position, values in enumerate(shipment_values(told)):
        if position == len(shipments):
            shipments.append(Shipment())
        _set(shipments[position], values)
    for position, line in enumerate(told.lines):
        if position == len(order.lines):
            order.lines.append(Line(position=position))
        _set(order.lines[position], line_values(line))
        order.lines[position].shipment = None if line.shipment is None else shipments[line.shipment]
    del order.lines[len(told.lines) :]
    del shipments[len(told.shipments) :]


def _set(row: DeclarativeBase, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)

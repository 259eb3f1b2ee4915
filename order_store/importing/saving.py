"""Writing a batch of checked orders: few statements for many new ones, nothing at all for those told before."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, Literal, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from order_store.importing.bulk import insert_rows, new_ids, of_shop
from order_store.importing.changing import change_orders
from order_store.importing.customers import CustomerKey, Telling, save_customers
from order_store.importing.fields import Problem
from order_store.importing.rows import line_values, order_values, shipment_values
from order_store.importing.told import OrderKey, ToldOrder
from order_store.tables import Line, Order, Shipment

Outcome = Literal["new", "changed", "unchanged"] | Problem

# Two imports at once would find the same customer missing; any number will do that imports alone use.
_IMPORTS: Final = text("SELECT pg_advisory_xact_lock(90210774551)")
# A plan made while a table was all but empty, as for the checks of foreign keys, reads all of it ever after.
_BY_INDEX: Final = text("SET LOCAL enable_seqscan = off")


class _Stored(NamedTuple):
    id: int
    number: str
    order_digest: str | None
    customer_digest: str | None


def save_orders(session: Session, told: Sequence[ToldOrder]) -> list[Outcome]:
    """Stores the orders, no number key among them twice, and says in their order what became of each.

    A Problem means that the order was left as it is stored. The transaction is the caller's.
    """
    if session.connection().dialect.name == "postgresql":
        session.execute(_IMPORTS)
        session.execute(_BY_INDEX)
    stored = _stored(session, told)
    outcomes: dict[OrderKey, Outcome] = {}
    tellings, new, changed = [], [], []
    for order in told:
        key = order.shop_key, order.number_key
        known = stored.get(key)
        if known is None:
            outcomes[key] = "new"
            new.append(order)
            tellings.append(Telling(order, corrects=False))
        elif known.number != order.number:
            outcomes[key] = Problem(
                "number",
                f"{order.number!r} cannot be told apart from the stored {known.number!r}:"
                " their letters and digits are the same; give each order a number of its own",
            )
        elif known.order_digest in (order.digest, Order.NO_MORE_TOLD):
            outcomes[key] = "unchanged"
        else:
            outcomes[key] = "changed"
            changed.append((known.id, order))
            tellings.append(Telling(order, corrects=known.customer_digest != order.customer.digest))
    if tellings:
        customers = save_customers(session, tellings)
        _insert(session, new, customers)
        for order, problem in change_orders(session, changed, customers):
            outcomes[order.shop_key, order.number_key] = problem
    return [outcomes[order.shop_key, order.number_key] for order in told]


def _stored(session: Session, told: Iterable[ToldOrder]) -> dict[OrderKey, _Stored]:
    keys: dict[str, list[str]] = defaultdict(list)
    for order in told:
        keys[order.shop_key].append(order.number_key)
    return {
        (shop_key, number_key): _Stored(*rest)
        for shop_key, wanted in keys.items()
        for number_key, *rest in of_shop(
            session.connection(),
            *(shop_key, Order.number_key, wanted),
            *(Order.number_key, Order.id, Order.number, Order.order_digest, Order.customer_digest),
        )
    }


def _insert(session: Session, orders: Sequence[ToldOrder], customers: dict[CustomerKey, int]) -> None:
    connection = session.connection()
    ids = new_ids(connection, Order, len(orders))
    shipment_ids = iter(new_ids(connection, Shipment, sum(len(order.shipments) for order in orders)))
    line_ids = iter(new_ids(connection, Line, sum(len(order.lines) for order in orders)))
    shipments, lines = [], []
    for order_id, order in zip(ids, orders, strict=True):
        parcels = [next(shipment_ids) for _ in order.shipments]
        for shipment_id, shipment in zip(parcels, shipment_values(order), strict=True):
            shipments.append({"id": shipment_id, "order_id": order_id, **shipment})
        for position, line in enumerate(order.lines):
            parcel = None if line.shipment is None else parcels[line.shipment]
            place = {"id": next(line_ids), "order_id": order_id, "position": position, "shipment_id": parcel}
            lines.append({**place, **line_values(line)})
    rows = [{"id": id_, **order_values(order, customers)} for id_, order in zip(ids, orders, strict=True)]
    insert_rows(connection, Order, rows)
    insert_rows(connection, Shipment, shipments)
    insert_rows(connection, Line, lines)

"""Writing a batch of checked orders: few statements for many new ones, nothing at all for those told before."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, Literal, NamedTuple

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from order_store.importing.changing import change_orders
from order_store.importing.customers import CustomerKey, Telling, save_customers
from order_store.importing.fields import Problem
from order_store.importing.rows import line_values, order_values, shipment_values
from order_store.importing.told import ToldOrder
from order_store.tables import Line, Order, Shipment

Outcome = Literal["new", "changed", "unchanged"] | Problem
OrderKey = tuple[str, str]
"""Shop key and number key."""

# Two imports at once would find the same customer missing; any number will do that imports alone use.
_IMPORTS: Final = text("SELECT pg_advisory_xact_lock(90210774551)")


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
        elif known.order_digest == order.digest:
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
        for number_key, *rest in session.execute(
            select(Order.number_key, Order.id, Order.number, Order.order_digest, Order.customer_digest).where(
                Order.shop_key == shop_key, Order.number_key.in_(wanted)
            )
        )
    }


def _insert(session: Session, orders: Sequence[ToldOrder], customers: dict[CustomerKey, int]) -> None:
    if not orders:
        return
    connection = session.connection()
    made = connection.execute(
        insert(Order).returning(Order.shop_key, Order.number_key, Order.id),
        [order_values(order, customers) for order in orders],
    )
    ids = {(shop_key, number_key): id_ for shop_key, number_key, id_ in made}
    shipments = [
        {"order_id": ids[order.shop_key, order.number_key], **shipment}
        for order in orders
        for shipment in shipment_values(order)
    ]
    shipment_ids: dict[tuple[int, int | None], int] = {}
    if shipments:
        parcels = connection.execute(
            insert(Shipment).returning(Shipment.order_id, Shipment.position, Shipment.id), shipments
        )
        shipment_ids = {(order_id, position): id_ for order_id, position, id_ in parcels}
    lines = []
    for order in orders:
        order_id = ids[order.shop_key, order.number_key]
        for position, line in enumerate(order.lines):
            shipment_id = shipment_ids.get((order_id, line.shipment))
            lines.append({"order_id": order_id, "position": position, "shipment_id": shipment_id, **line_values(line)})
    connection.execute(insert(Line), lines)

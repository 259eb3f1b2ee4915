"""Taking orders out of the store that are over in the shop's own system."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Literal

from sqlalchemy import delete
from sqlalchemy.orm import Session

from order_store.importing.bulk import among, of_shop
from order_store.importing.cases import orders_with_cases
from order_store.importing.fields import Problem
from order_store.importing.told import OrderKey
from order_store.tables import Line, Order, Shipment

Withdrawal = Literal["left_out", "withdrawn"] | Problem


def withdraw_orders(session: Session, numbers: Mapping[OrderKey, str]) -> dict[OrderKey, Withdrawal]:
    """Deletes the orders of these numbers, where they are stored, with their lines and parcels.

    Left in the store, such an order would be offered for return or cancelling again. One for which something
    was granted or written down stays, and is a Problem.
    """
    outcomes: dict[OrderKey, Withdrawal] = dict.fromkeys(numbers, "left_out")
    stored = _stored(session, numbers)
    kept = orders_with_cases(session, stored.values())
    gone = [order_id for order_id in stored.values() if order_id not in kept]
    for key, order_id in stored.items():
        outcomes[key] = (
            "withdrawn"
            if order_id not in kept
            else Problem(
                "number",
                "is over in the shop's system, but something was granted for it here, so it stays in the store;"
                " settle that with the customer",
            )
        )
    if gone:
        connection = session.connection()
        for owned in (Line, Shipment):
            connection.execute(delete(owned).where(among(connection, owned.order_id, gone)))
        connection.execute(delete(Order).where(among(connection, Order.id, gone)))
    return outcomes


def _stored(session: Session, numbers: Mapping[OrderKey, str]) -> dict[OrderKey, int]:
    keys: dict[str, list[str]] = defaultdict(list)
    for shop_key, number_key in numbers:
        keys[shop_key].append(number_key)
    return {
        (shop_key, number_key): order_id
        for shop_key, wanted in keys.items()
        for number_key, number, order_id in of_shop(
            session.connection(),
            *(shop_key, Order.number_key, wanted),
            *(Order.number_key, Order.number, Order.id),
        )
        if number == numbers[shop_key, number_key]
    }

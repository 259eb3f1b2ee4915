"""The customers of a batch of orders: found or made, and brought up to date by the orders that may."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from order_store.importing.bulk import among, insert_rows, new_ids, of_shop
from order_store.importing.told import ToldCustomer, ToldOrder
from order_store.tables import Customer, Order

CustomerKey = tuple[str, str]
"""Shop key and e-mail address."""

_LONG_AGO: Final = datetime(1, 1, 1, tzinfo=UTC)


class _Stored(NamedTuple):
    id: int
    name: str | None
    phone: str | None
    standing: str


@dataclass(frozen=True, slots=True)
class Telling:
    """An order that tells of its customer; `corrects` when it told something else the last time."""

    order: ToldOrder
    corrects: bool

    @property
    def key(self) -> CustomerKey:
        return self.order.shop_key, self.order.customer.email

    @property
    def placed_at(self) -> datetime:
        return self.order.placed_at or _LONG_AGO


def save_customers(session: Session, tellings: Iterable[Telling]) -> dict[CustomerKey, int]:
    """The ids of the customers told of, stored as the telling that counts has them.

    Orders of one customer may tell different names and phone numbers. A correction counts always; an order
    new to the store only if none of the customer's stored ones was placed later, so that the order in which
    a history is imported makes no difference.
    """
    by_customer: dict[CustomerKey, list[Telling]] = defaultdict(list)
    for telling in tellings:
        by_customer[telling.key].append(telling)
    stored = _stored(session, by_customer.keys())
    newest = _newest_orders(session, [customer.id for customer in stored.values()])
    ids = {key: customer.id for key, customer in stored.items()}
    changes = []
    for key, customer in stored.items():
        told = _counting(by_customer[key], newest.get(customer.id, _LONG_AGO))
        if told and _details(told) != _details(customer):
            changes.append({"id": customer.id, **_details(told)})
    if changes:
        session.execute(update(Customer), changes)
    unknown = {key: tellings for key, tellings in by_customer.items() if key not in stored}
    return ids | _insert(session, unknown)


def _stored(session: Session, keys: Iterable[CustomerKey]) -> dict[CustomerKey, _Stored]:
    emails: dict[str, list[str]] = defaultdict(list)
    for shop_key, email in keys:
        emails[shop_key].append(email)
    return {
        (shop_key, email): _Stored(*rest)
        for shop_key, wanted in emails.items()
        for email, *rest in of_shop(
            session.connection(),
            *(shop_key, Customer.email, wanted),
            *(Customer.email, Customer.id, Customer.name, Customer.phone, Customer.standing),
        )
    }


def _newest_orders(session: Session, customer_ids: list[int]) -> Mapping[int, datetime]:
    if not customer_ids:
        return {}
    newest = session.execute(
        select(Order.customer_id, func.max(Order.placed_at))
        .where(among(session.connection(), Order.customer_id, customer_ids), Order.placed_at.is_not(None))
        .group_by(Order.customer_id)
    )
    return {customer_id: placed_at for customer_id, placed_at in newest if placed_at}


def _counting(tellings: Iterable[Telling], newest: datetime) -> ToldCustomer | None:
    may = [telling for telling in tellings if telling.corrects or telling.placed_at >= newest]
    latest = max(enumerate(may), key=lambda ranked: (ranked[1].placed_at, ranked[0]), default=None)
    return latest and latest[1].order.customer


def _insert(session: Session, unknown: Mapping[CustomerKey, list[Telling]]) -> dict[CustomerKey, int]:
    told = {key: _counting(tellings, _LONG_AGO) for key, tellings in unknown.items()}
    rows: list[dict[str, Any]] = [
        {"shop_key": shop_key, "email": email, **_details(customer)}
        for (shop_key, email), customer in told.items()
        if customer
    ]
    connection = session.connection()
    ids = new_ids(connection, Customer, len(rows))
    insert_rows(connection, Customer, [{"id": id_, **row} for id_, row in zip(ids, rows, strict=True)])
    return {(row["shop_key"], row["email"]): id_ for id_, row in zip(ids, rows, strict=True)}


def _details(customer: ToldCustomer | _Stored) -> dict[str, str | None]:
    return {"name": customer.name, "phone": customer.phone, "standing": customer.standing}

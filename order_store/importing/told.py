"""An order as it was told, checked field by field; nothing here knows the database."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from hashlib import blake2b
from typing import Any, NamedTuple

from order_store.codes import AddressError, Standing, Stock

OrderKey = tuple[str, str]
"""Shop key and number key: what an order is known again by."""


class ToldCustomer(NamedTuple):
    email: str
    name: str | None
    phone: str | None
    standing: Standing

    @property
    def digest(self) -> str:
        """A fingerprint: the same customer told again has the same."""
        return _digest(self)


class ToldShipment(NamedTuple):
    carrier: str | None
    tracking: str | None
    shipped_at: datetime | None
    promised_by: date | None
    delivered_at: datetime | None


class ToldLine(NamedTuple):
    """`shipment` is an index into the order's shipments, None when not shipped."""

    sku: str | None
    title: str
    quantity: int
    unit_price: Decimal
    currency: str
    serial: str | None
    shipment: int | None
    factory_shipped_on: date | None
    warranty_until: date | None
    repaired_and_sent_back_on: date | None
    one_year_service: Mapping[str, str | None] | None
    stock: Stock
    restock_expected_on: date | None


class ToldOrder(NamedTuple):
    """Instants are in UTC, `number_key` is what of `number` counts when it is looked up."""

    shop_key: str
    number: str
    number_key: str
    invoice: str | None
    customer: ToldCustomer
    placed_at: datetime | None
    paid_at: datetime | None
    protection_ends_at: datetime | None
    receipt_confirmed_at: datetime | None
    completed_at: datetime | None
    on_platform: bool
    address_error: AddressError
    shipments: tuple[ToldShipment, ...]
    lines: tuple[ToldLine, ...]

    @property
    def digest(self) -> str:
        """A fingerprint: the same order told again, customer included, has the same."""
        return _digest(self)


def _digest(told: Any) -> str:
    # The text names every field: a field more, and every order counts as changed once.
    return blake2b(repr(told).encode(), digest_size=16).hexdigest()

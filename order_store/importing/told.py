"""An order as it was told, checked field by field; nothing here knows the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from order_store.codes import AddressError, Standing, Stock


@dataclass(frozen=True, slots=True)
class ToldCustomer:
    email: str
    name: str | None
    phone: str | None
    standing: Standing

    @property
    def digest(self) -> str:
        """A fingerprint: the same customer told again has the same."""
        return _digest(self)


@dataclass(frozen=True, slots=True)
class ToldShipment:
    carrier: str | None
    tracking: str | None
    shipped_at: datetime | None
    promised_by: date | None
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class ToldLine:
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


@dataclass(frozen=True, slots=True)
class ToldOrder:
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
    # The text of a dataclass names every field: a field more, and every order counts as changed once.
    return blake2b(repr(told).encode(), digest_size=16).hexdigest()

"""Invented orders, as many as wanted: two articles each on average, in a parcel, of customers who come back."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from order_store import Database, read_shops, save_shops

SHOP = "inkwell"
_SHOPS = Path(__file__).resolve().parent.parent / "demo" / "shops.yml"
_FIRST = datetime(2024, 1, 1, tzinfo=UTC)


def prepare(database: Database) -> None:
    """Makes the tables, and the shop whose orders they are."""
    database.upgrade()
    with database.write() as session:
        save_shops(session, read_shops(_SHOPS))


def number_of(order: int) -> str:
    """The order's number."""
    return f"BN-{100_000 + order}"


def email_of(order: int) -> str:
    """The e-mail address of the order's customer, who has two more."""
    return f"customer.{order // 3}@example.com"


def told_orders(count: int) -> Iterator[dict[str, Any]]:
    """Orders in the native format."""
    for order in range(count):
        placed = _FIRST + timedelta(minutes=order % 1_000_000)
        yield {
            "number": number_of(order),
            "shop": SHOP,
            "invoice": f"R-{order}",
            "customer": {
                "name": f"Customer {order // 3}",
                "email": email_of(order),
                "phone": f"+49 30 23125 {order // 3 % 1000:03}",
                "standing": "good",
            },
            "placed_at": placed.isoformat(),
            "paid_at": (placed + timedelta(minutes=3)).isoformat(),
            "shipments": [
                {
                    "carrier": "Parcel Post",
                    "tracking": f"PP{order:09}",
                    "shipped_at": (placed + timedelta(days=1)).isoformat(),
                    "promised_by": (placed + timedelta(days=4)).date().isoformat(),
                    "delivered_at": (placed + timedelta(days=3)).isoformat(),
                }
            ],
            "lines": [
                {
                    "sku": f"NB-{(order * 7 + line) % 5000:04}",
                    "title": f"Notebook, ruled, no. {(order * 7 + line) % 5000}",
                    "quantity": 1 + line,
                    "unit_price": f"{(order * 13 + line) % 200}.90",
                    "currency": "EUR",
                    "shipment": 0,
                    "warranty_until": (placed + timedelta(days=730)).date().isoformat(),
                    "stock": "in_stock",
                }
                for line in range(1 + order % 3)
            ],
        }

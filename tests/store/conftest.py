"""A shop, an order as it is told, and the moment the store's tests happen at."""

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest

from order_store import Database, Order, Shop, find_order, import_orders, save_shops

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


def a_shop(key: str = "inkwell", **settings: Any) -> Shop:
    return Shop(
        **{
            "key": key,
            "name": "Inkwell",
            "programmes": ["store_policy"],
            "parameters": {},
            "timezone": "Europe/Berlin",
            "country": "DE",
            "languages": ["en"],
            "contact": {"name": None, "email": "help@example.com", "phone": None},
            "service_center": [],
            "opening_hours": {},
            "allowed_origins": [],
            "approval": "automatic",
            "token_secret_name": None,
        }
        | settings
    )


@pytest.fixture
def shop(database: Database) -> str:
    """The key of a shop that is in the store."""
    with database.write() as session:
        save_shops(session, [a_shop()])
    return "inkwell"


TOLD: dict[str, Any] = {
    "number": "IW-10482",
    "shop": "inkwell",
    "invoice": "R-7781",
    "customer": {
        "name": "Ada Fenn",
        "email": "Ada.Fenn@Example.com",
        "phone": "+49 (0)30 23125-111",
        "standing": "good",
    },
    "placed_at": "2026-03-01T08:15:00+01:00",
    "paid_at": "2026-03-01T08:20:00+01:00",
    "protection_ends_at": None,
    "receipt_confirmed_at": None,
    "completed_at": None,
    "on_platform": True,
    "address_error": "none",
    "shipments": [
        {
            "carrier": "Parcel Post",
            "tracking": "PP 5519",
            "shipped_at": "2026-03-02T16:00:00+01:00",
            "promised_by": "2026-03-06",
            "delivered_at": "2026-03-05T11:30:00+01:00",
        }
    ],
    "lines": [
        {
            "sku": "FP-01",
            "title": "Fountain pen, fine nib",
            "quantity": 1,
            "unit_price": "39.90",
            "currency": "EUR",
            "serial": None,
            "shipment": 0,
            "factory_shipped_on": None,
            "warranty_until": "2028-03-01",
            "repaired_and_sent_back_on": None,
            "one_year_service": {"provider": "Nibcare", "terms_url": "https://nibcare.example.com/terms"},
            "stock": "in_stock",
            "restock_expected_on": None,
        }
    ],
}


def told(**changes: Any) -> dict[str, Any]:
    """An order as it is told, some of its fields changed."""
    return deepcopy(TOLD) | changes


@pytest.fixture
def order(database: Database, shop: str) -> Order:
    """An order that is in the store."""
    assert import_orders(database, [told()], NOW).new == 1
    with database.read() as session:
        found = find_order(session, shop, "IW-10482")
    assert found is not None
    return found

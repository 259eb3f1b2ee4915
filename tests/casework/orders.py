"""The shops and orders the tests of casework and of the actions are about: one shop for each programme, and more."""

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from casework.dossier import Dossier
from casework.identity import Asker
from order_store import Database, Line, Shop, find_order, import_orders, save_shops

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
EMAIL = "ada.fenn@example.com"
PHONE = "+49 30 23125 111"

_SHOPS: dict[str, dict[str, Any]] = {
    "quill": {"programmes": ["store_policy"], "timezone": "Europe/Berlin", "country": "DE"},
    "voltaic": {"programmes": ["after_sales"], "timezone": "Asia/Shanghai", "country": "CN"},
    "bazaar": {"programmes": ["buyer_protection"], "timezone": "America/New_York", "country": "US"},
    "double": {"programmes": ["after_sales", "store_policy"], "timezone": "Europe/Berlin", "country": "DE"},
    "workshop": {
        "programmes": ["store_policy"],
        "timezone": "Europe/Berlin",
        "country": "DE",
        "approval": "manual",
    },
}

ORDER: dict[str, Any] = {
    "number": "QC-1001",
    "shop": "quill",
    "customer": {"name": "Ada Fenn", "email": EMAIL, "phone": PHONE, "standing": "good"},
    "placed_at": "2026-03-01T08:15:00+01:00",
    "paid_at": "2026-03-01T08:20:00+01:00",
    "shipments": [
        {
            "carrier": "Parcel Post",
            "tracking": "PP5519",
            "shipped_at": "2026-03-02T16:00:00+01:00",
            "promised_by": "2026-03-05",
            "delivered_at": "2026-03-05T11:30:00+01:00",
        }
    ],
    "lines": [{"sku": "K-1", "title": "Copper kettle", "quantity": 2, "unit_price": "39.90", "currency": "EUR"}],
}
ANOTHER_LINE = {"sku": "L-2", "title": "Reading lamp", "quantity": 1, "unit_price": "25.00", "currency": "EUR"}
ON_ITS_WAY = {"carrier": "Parcel Post", "tracking": "PP5519", "shipped_at": "2026-03-02T16:00:00+01:00"}


def a_shop(key: str, **settings: Any) -> Shop:
    return Shop(
        **{
            "key": key,
            "name": key.title(),
            "parameters": {},
            "languages": ["en"],
            "contact": {"name": None, "email": "help@example.com", "phone": None},
            "service_center": ["Returns", "Musterstrasse 1"],
            "opening_hours": {},
            "allowed_origins": [],
            "approval": "automatic",
            "token_secret_name": None,
            **_SHOPS.get(key, _SHOPS["quill"]),
        }
        | settings
    )


def open_shops(database: Database) -> None:
    with database.write() as session:
        save_shops(session, [a_shop(key) for key in _SHOPS])


def told(**changes: Any) -> dict[str, Any]:
    """An order as it is told, some of its fields changed."""
    return deepcopy(ORDER) | changes


def tell(database: Database, *orders: dict[str, Any]) -> None:
    report = import_orders(database, list(orders), NOW)
    assert not report.refused, report.refused


def a_line(**changes: Any) -> dict[str, Any]:
    return deepcopy(ORDER["lines"][0]) | changes


def an_asker(shop: str = "quill", conversation: str = "c1", client: str = "k1", **vouched: Any) -> Asker:
    return Asker(shop, conversation, client, **vouched)


def a_dossier(goal: str, number: str = "QC-1001", shop: str = "quill", contact: str = EMAIL, **slots: Any) -> Dossier:
    """The dossier of a customer who has proven that the order is theirs."""
    known = {"goal": goal, "order_number": number, "verified_order": number, "contact": contact}
    return Dossier.from_slots(known | slots, an_asker(shop))


def line_of(session: Session, dossier: Dossier) -> Line:
    """The line the dossier is about, read as its owner reads it."""
    order = dossier.order(session)
    assert order is not None
    line = dossier.line_of(order)
    assert line is not None
    return line


def the_line(session: Session, number: str = "QC-1001", shop: str = "quill", position: int = 0) -> Line:
    order = find_order(session, shop, number)
    assert order is not None
    return order.lines[position]

"""The demo shops and their orders, whose dates are rendered anew so that their deadlines are always near."""

import json
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from order_store import (
    AuditEntry,
    Database,
    SettingsError,
    Shop,
    import_orders,
    read_shops,
    read_yaml,
    record,
    save_shops,
)

DEMO: Final = Path(__file__).resolve().parent.parent / "demo"
SHOPS: Final = DEMO / "shops.yml"
ORDERS: Final = DEMO / "orders.yml"

DAY_FIELDS: Final = frozenset(
    {"promised_by", "factory_shipped_on", "warranty_until", "repaired_and_sent_back_on", "restock_expected_on"}
)
_RELATIVE: Final = re.compile(r"([+-]?\d+)d(?: (\d\d:\d\d))?")
_LOADED: Final = "demo_loaded"


@dataclass(frozen=True, slots=True)
class DemoOrder:
    """An order worth trying: what to type, and what is special about it."""

    shop: str
    number: str
    email: str
    advice: str


@dataclass(frozen=True, slots=True)
class DemoLoad:
    """What `load_demo` did (`loaded` is false where the demo was fresh), the shops' names, and what to try."""

    loaded: bool
    shops: dict[str, str]
    orders: tuple[DemoOrder, ...]

    def lines(self) -> list[str]:
        """The orders to try, shop by shop, as lines to print."""
        printed = []
        for key, name in self.shops.items():
            printed.append(f"{name} ({key})")
            printed += [
                f"  {order.number}  {order.email}  {order.advice}" for order in self.orders if order.shop == key
            ]
        return printed


def load_demo(database: Database, now: datetime, max_age: timedelta = timedelta(days=1)) -> DemoLoad:
    """Loads the demo shops and orders unless they were loaded, from the same files, within `max_age`.

    `now` (aware) is what the dates are relative to. The orders take the way of any import. Raises
    SettingsError when a demo file is wrong, StoreUnavailable when the database is.
    """
    shops = read_shops(SHOPS)
    orders = read_orders(ORDERS, shops)
    files = blake2b(SHOPS.read_bytes() + ORDERS.read_bytes(), digest_size=16).hexdigest()
    due = not _is_fresh(database, now, max_age, files)
    if due:
        with database.write() as session:
            save_shops(session, shops)
        told = [render(order, now, ZoneInfo(shop.timezone)) for shop in shops for order in orders[shop.key]]
        report = import_orders(database, BytesIO(json.dumps(told).encode()), now)
        if report.refused:
            first = report.refused[0]
            raise SettingsError(f"{ORDERS}: order {first.number}: {first.problems[0]}")
        with database.write() as session:
            record(
                session,
                at=now,
                who="cli",
                what=_LOADED,
                subject="demo",
                why="the demo was missing, out of date or changed",
                details={"files": files, "new": report.new, "changed": report.changed},
            )
    return DemoLoad(
        loaded=due,
        shops={shop.key: shop.name for shop in shops},
        orders=tuple(
            DemoOrder(shop.key, order["number"], order["customer"]["email"], order["try"])
            for shop in shops
            for order in orders[shop.key]
            if "try" in order
        ),
    )


def read_orders(path: Path, shops: list[Shop]) -> dict[str, list[dict[str, Any]]]:
    """The demo's orders by the key of their shop, dates not rendered yet; raises SettingsError."""
    data = read_yaml(path)
    orders = data.get("orders") if isinstance(data, dict) else None
    if not isinstance(orders, dict) or set(orders) != {shop.key for shop in shops}:
        raise SettingsError(f"{path}: write one mapping `orders:` with a list for each shop of {SHOPS.name}")
    return {key: [{**order, "shop": key} for order in listed] for key, listed in orders.items()}


def render(order: dict[str, Any], now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """The order in the native format: its dates made absolute, its advice left out.

    "-6d 10:30" is six days before the local day of `now`, at half past ten in the shop's `zone`.
    """
    today = now.astimezone(zone).date()

    def rendered(value: Any, field: str) -> Any:
        if isinstance(value, dict):
            return {key: rendered(part, key) for key, part in value.items() if key != "try"}
        if isinstance(value, list):
            return [rendered(part, field) for part in value]
        if value is not None and (field.endswith("_at") or field in DAY_FIELDS):
            return _absolute(str(value), field, today, zone)
        return value

    try:
        told: dict[str, Any] = rendered(order, "")
    except ValueError as problem:
        raise SettingsError(f"{ORDERS}: order {order.get('number')}: {problem}") from None
    return told


def _absolute(text: str, field: str, today: date, zone: ZoneInfo) -> str:
    written = _RELATIVE.fullmatch(text)
    on_a_day = field in DAY_FIELDS
    if written is None or (written[2] is None) != on_a_day:
        expected = "a day such as -6d" if on_a_day else "an instant such as -6d 10:30"
        raise ValueError(f"{field}: expected {expected}, found {text!r}")
    day = today + timedelta(days=int(written[1]))
    if on_a_day:
        return day.isoformat()
    return datetime.combine(day, time.fromisoformat(written[2]), zone).isoformat()


def _is_fresh(database: Database, now: datetime, max_age: timedelta, files: str) -> bool:
    with database.read() as session:
        last = session.scalar(
            select(AuditEntry)
            .where(AuditEntry.subject == "demo", AuditEntry.what == _LOADED)
            .order_by(AuditEntry.id.desc())
            .limit(1)
        )
    # A clock set back makes the last load one of the future: not fresh either.
    return last is not None and last.details["files"] == files and timedelta(0) <= now - last.at <= max_age

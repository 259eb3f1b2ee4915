"""Orders as shops have them: paid or not, on their way or late, delivered so many days ago, in stock or not."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from order_store import Shop

TITLES = (
    ("Copper kettle", "39.90"),
    ("Fountain pen", "19.50"),
    ("Cordless drill", "420.00"),
    ("Espresso machine", "289.00"),
    ("Bluetooth speaker", "74.95"),
    ("Robot vacuum", "349.00"),
    ("Electric toothbrush", "59.99"),
    ("Hiking backpack", "129.00"),
    ("Wool blanket", "45.00"),
    ("Rain jacket", "89.90"),
    ("Ceramic teapot", "27.40"),
    ("Wall clock", "34.00"),
    ("Bread knife", "22.15"),
    ("Garden hose", "31.80"),
    ("Label printer", "99.00"),
    ("Camping stove", "64.50"),
    ("Smart watch", "179.00"),
    ("Office chair", "238.00"),
    ("Desk lamp", "41.25"),
    ("Air purifier", "156.70"),
)
"""No two share a word, so that either word of a title tells which one is meant."""
CARRIERS = ("Parcel Post", "Swift Couriers", "Northern Freight")
CURRENCIES = {"US": "USD", "GB": "GBP", "CN": "CNY", "JP": "JPY", "AU": "AUD", "IN": "INR"}
DELIVERED_AGO = (0, 1, 2, 3, 5, 6, 7, 8, 13, 14, 15, 16, 20, 29, 30, 31, 45, 90, 140, 200, 300)
"""Days since the parcel came, the edges of every window that is counted from it among them."""
PAID_AGO = (179, 180, 181, 239, 240, 241)
"""Days since the payment, around the end of either warranty."""

STATES: Mapping[str, Mapping[str, int]] = {
    "return_item": {"delivered": 80, "untold": 12, "on_its_way": 8},
    "report_defect": {"delivered": 88, "untold": 12},
    "report_wrong_item": {"delivered": 90, "untold": 10},
    "report_missing_parts": {"delivered": 90, "untold": 10},
    "missing_order": {"on_its_way": 20, "late": 45, "delivered": 15, "unshipped": 15, "unpaid": 5},
    "track_order": {"unpaid": 5, "unshipped": 25, "on_its_way": 40, "late": 15, "delivered": 15},
    "warranty": {"delivered": 95, "untold": 5},
    "out_of_stock": {"ran_out": 80, "ran_out_unpaid": 12, "unshipped": 8},
    "cancel_order": {"unpaid": 15, "unshipped": 50, "on_its_way": 20, "delivered": 15},
    "request_refund": {"delivered": 90, "untold": 10},
    "exchange_item": {"delivered": 90, "untold": 10},
    "ask_deadline": {"delivered": 85, "untold": 5, "on_its_way": 10},
    "rma": {"delivered": 100},
    "refund_status": {"delivered": 100},
    "invoice": {"delivered": 70, "unshipped": 30},
    "privacy_request": {"delivered": 60, "unshipped": 40},
    "human_handoff": {"delivered": 60, "unshipped": 40},
}
"""In how many of a hundred matters of a goal the order is in a state."""
BY_CHOICE = ("change_of_mind", "ordered_wrong")
"""Reasons to send back what has not even come; only the store's policy knows of refusing it."""
STATES_OF_REASON = {
    "not_received": {"late": 70, "on_its_way": 20, "unshipped": 10},
    "out_of_stock": {"ran_out": 85, "ran_out_unpaid": 15},
}
"""Reasons that say by themselves how the order stands."""


@dataclass(frozen=True)
class Bought:
    """An order as it is told to the importer. `received_on`: the day the customer got it, where they have it."""

    order: dict[str, Any]
    state: str
    received_on: date | None

    @property
    def titles(self) -> list[str]:
        return [line["title"] for line in self.order["lines"]]


@dataclass(frozen=True)
class Calendar:
    """Instants by how many days ago they were in the shop's zone, none of them after `now`."""

    now: datetime
    zone: ZoneInfo
    rng: random.Random

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def ago(self, days: int, earliest: int, latest: int) -> datetime:
        """On that day, between two hours of it, down to its very edges."""
        minute = self.rng.choice((earliest * 60, latest * 60 - 1, self.rng.randrange(earliest * 60, latest * 60)))
        told = datetime.combine(self.today - timedelta(days), time(minute // 60, minute % 60), self.zone)
        return min(told.astimezone(UTC), self.now)


def weighted(rng: random.Random, weights: Mapping[str, int]) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


def buy(
    rng: random.Random,
    shop: Shop,
    goal: str,
    reason: str | None,
    number: str,
    customer: dict[str, Any],
    now: datetime,
    state: str | None = None,
) -> Bought:
    """An order of `customer` at `shop` in `state`, or one that somebody with this goal and reason may well be in."""
    calendar = Calendar(now, ZoneInfo(shop.timezone), rng)
    states = STATES_OF_REASON.get(reason or "", STATES[goal])
    if goal == "return_item" and (reason not in BY_CHOICE or shop.programmes != ["store_policy"]):
        states = {state: share for state, share in states.items() if state != "on_its_way"}
    state = state or weighted(rng, states)
    has_come = state in ("delivered", "untold")
    paid_ago, shipped_ago, came_ago = _days(rng, state)
    paid_at = None if state in ("unpaid", "ran_out_unpaid") else calendar.ago(paid_ago, 0, 8)
    order: dict[str, Any] = {
        "number": number,
        "shop": shop.key,
        "customer": customer,
        "placed_at": _told(calendar.ago(paid_ago, 0, 8) if paid_at is None else paid_at - timedelta(minutes=5)),
        "paid_at": _told(paid_at),
        "shipments": [],
        "lines": [_line(rng, shop, calendar, place) for place in _titles(rng, state)],
    }
    if state in ("delivered", "untold", "on_its_way", "late"):
        promised = calendar.today - timedelta(came_ago + 1 if has_come else rng.randint(1, 12))
        if state == "on_its_way":
            promised = calendar.today + timedelta(rng.randint(0, 6))
        order["shipments"] = [
            {
                "carrier": rng.choice(CARRIERS),
                "tracking": f"TR{rng.randrange(10**6, 10**7)}",
                "shipped_at": _told(calendar.ago(shipped_ago, 9, 13)),
                "promised_by": promised.isoformat(),
                "delivered_at": _told(calendar.ago(came_ago, 14, 24)) if state == "delivered" else None,
            }
        ]
    if state.startswith("ran_out"):
        order["lines"][0]["stock"] = "out_of_stock"
        if rng.random() < 0.6:
            order["lines"][0]["restock_expected_on"] = (calendar.today + timedelta(rng.randint(3, 60))).isoformat()
    if "buyer_protection" in shop.programmes:
        _protect(rng, calendar, order, came_ago if state == "delivered" else None)
    return Bought(order, state, calendar.today - timedelta(came_ago) if has_come else None)


def _days(rng: random.Random, state: str) -> tuple[int, int, int]:
    """How many days ago it was paid, shipped and delivered."""
    if state in ("delivered", "untold"):
        if rng.random() < 0.2:
            paid = rng.choice(PAID_AGO)
            return paid, paid - 1, paid - 4
        came = rng.choice(DELIVERED_AGO)
        shipped = came + rng.randint(1, 5)
        return shipped + rng.randint(0, 2), shipped, came
    shipped = rng.randint(8, 35) if state == "late" else rng.randint(1, 6)
    return shipped + rng.randint(0, 2), shipped, 0


def _titles(rng: random.Random, state: str) -> list[tuple[str, str]]:
    how_many = 1 if state.startswith("ran_out") else rng.choices((1, 2, 3), (70, 22, 8))[0]
    return rng.sample(TITLES, how_many)


def _line(rng: random.Random, shop: Shop, calendar: Calendar, bought: tuple[str, str]) -> dict[str, Any]:
    title, price = bought
    line: dict[str, Any] = {
        "sku": "-".join(word[:2].upper() for word in title.split()),
        "title": title,
        "quantity": rng.choices((1, 2, 3), (85, 10, 5))[0],
        "unit_price": price.replace(".", "") if shop.country == "JP" else price,
        "currency": CURRENCIES.get(shop.country, "EUR"),
    }
    if rng.random() < 0.15:
        line["warranty_until"] = (calendar.today + timedelta(rng.choice((-40, -1, 0, 1, 30, 200)))).isoformat()
    if rng.random() < 0.25:
        line["factory_shipped_on"] = (calendar.today - timedelta(rng.choice((100, 239, 240, 241, 400)))).isoformat()
    if rng.random() < 0.06:
        line["repaired_and_sent_back_on"] = (calendar.today - timedelta(rng.choice((10, 59, 60, 61)))).isoformat()
    if "buyer_protection" in shop.programmes and rng.random() < 0.3:
        line["one_year_service"] = {"provider": "Keepwell Services", "terms_url": "https://keepwell.example.com/terms"}
    return line


def _protect(rng: random.Random, calendar: Calendar, order: dict[str, Any], came_ago: int | None) -> None:
    """What a marketplace knows besides: the end of the protection, the customer's own word, where it was bought."""
    order["on_platform"] = rng.random() > 0.05
    order["address_error"] = rng.choices(("none", "customer", "carrier"), (92, 4, 4))[0]
    order["customer"] = {**order["customer"], "standing": "suspended" if rng.random() < 0.04 else "good"}
    if rng.random() < 0.7:
        ends = rng.choice((timedelta(-20), timedelta(days=-1), timedelta(hours=-1), timedelta(hours=1), timedelta(9)))
        order["protection_ends_at"] = _told(calendar.now + ends)
    if came_ago is not None and order["paid_at"] is not None and rng.random() < 0.6:
        confirmed_at = max(calendar.ago(max(came_ago - rng.randint(0, 2), 0), 20, 24), _instant(order, "delivered_at"))
        order["receipt_confirmed_at"] = order["completed_at"] = _told(confirmed_at)


def _instant(order: dict[str, Any], event: str) -> datetime:
    return datetime.fromisoformat(order["shipments"][0][event])


def _told(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()

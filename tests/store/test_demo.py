"""The demo shops: every live situation is there, whatever day the demo is started on."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from casework.cases import Told, build_case
from cli import demo
from cli.demo import ORDERS, SHOPS, load_demo, read_orders, render
from order_store import AuditEntry, Database, Order, SettingsError, find_order, open_rma, read_shops
from policy_core import ClaimReason, RemedyName, RemedyVerdict, decide
from tests.store.conftest import NOW
from tests.store.test_store_finding import an_rma

INKWELL, MOONBROOK, HARBORLANE = "inkwell", "moonbrook", "harborlane"

# Days no demo should stumble over: both clock changes, a year's turn, a leap day, either end of a day.
DAYS = [
    datetime(2026, 3, 10, 9, 30, tzinfo=UTC),
    datetime(2026, 3, 29, 0, 59, tzinfo=UTC),
    datetime(2026, 11, 1, 6, 30, tzinfo=UTC),
    datetime(2027, 1, 1, 4, 59, tzinfo=UTC),
    datetime(2028, 2, 29, 15, 59, 59, tzinfo=UTC),
    datetime(2028, 3, 14, 16, 0, tzinfo=UTC),
]


def all_orders() -> dict[str, list[dict[str, Any]]]:
    return read_orders(ORDERS, read_shops(SHOPS))


def in_store(database: Database, shop: str, number: str) -> Order:
    with database.read() as session:
        order = find_order(session, shop, number)
    assert order is not None
    return order


def verdict_on(
    database: Database, now: datetime, shop: str, number: str, reason: str, remedy: str, line: int
) -> RemedyVerdict:
    told = Told(
        reason=ClaimReason(reason),
        complete=True,
        activated=False,
        resalable=True,
        caused_by_customer=False,
        labels_intact=True,
    )
    with database.read() as session:
        order = find_order(session, shop, number)
        assert order is not None
        verdict = decide(build_case(session, order.lines[line], told, now))
    return next(each for each in verdict.remedies if each.remedy == RemedyName(remedy))


# shop, number, line, reason told, remedy, its outcome, its reason code, days until its last day (None: no end)
SITUATIONS = [
    (INKWELL, "IW-10471", 0, "change_of_mind", "return_refund", "eligible", "change_of_mind", 13),
    (INKWELL, "IW-10472", 0, "change_of_mind", "return_refund", "eligible", "change_of_mind", 2),
    (INKWELL, "IW-10473", 0, "change_of_mind", "return_refund", "not_eligible", "change_of_mind_closed", None),
    (INKWELL, "IW-10473", 0, "wrong_item", "exchange", "eligible", "wrong_product", None),
    (INKWELL, "IW-10474", 0, "change_of_mind", "refuse_delivery", "eligible", "in_transit", None),
    (INKWELL, "IW-10475", 0, "change_of_mind", "cancel", "eligible", "not_shipped", None),
    (INKWELL, "IW-10476", 0, "out_of_stock", "wait_backorder", "eligible", "out_of_stock", None),
    (INKWELL, "IW-10477", 0, "out_of_stock", "refund_now", "eligible", "out_of_stock", None),
    (INKWELL, "IW-10478", 0, "defective", "return_refund", "not_eligible", "warranty_ended", None),
    (INKWELL, "IW-10479", 0, "defective", "exchange", "needs_information", None, None),
    (INKWELL, "IW-10480", 1, "change_of_mind", "return_refund", "eligible", "change_of_mind", 10),
    (INKWELL, "IW-10481", 0, "change_of_mind", "return_refund", "eligible", "change_of_mind", 8),
    (INKWELL, "IW-10481", 1, "change_of_mind", "refuse_delivery", "eligible", "in_transit", None),
    (INKWELL, "IW-10482", 0, "change_of_mind", "return_refund", "eligible", "change_of_mind", 11),
    (INKWELL, "IW-10482", 2, "out_of_stock", "refund_now", "eligible", "out_of_stock", None),
    (INKWELL, "IW-10483", 0, "not_received", "return_refund", "refer_to_person", "not_stated", None),
    (INKWELL, "IW-10484", 0, "wrong_item", "return_refund", "eligible", "wrong_product", None),
    (INKWELL, "IW-10485", 0, "change_of_mind", "cancel", "eligible", "not_shipped", None),
    (MOONBROOK, "MB26-00417", 0, "change_of_mind", "return_refund", "eligible", "within_return_window", 5),
    (MOONBROOK, "MB26-00409", 0, "defective", "return_refund", "eligible", "within_return_window", 1),
    (MOONBROOK, "MB26-00405", 0, "defective", "return_refund", "eligible", "within_return_window", 0),
    (MOONBROOK, "MB26-00401", 0, "defective", "return_refund", "not_eligible", "return_window_closed", None),
    (MOONBROOK, "MB26-00401", 0, "defective", "warranty_repair", "eligible_after_inspection", "within_warranty", 168),
    (MOONBROOK, "MB25-03120", 0, "defective", "warranty_repair", "eligible_after_inspection", "within_warranty", 76),
    (MOONBROOK, "MB25-01877", 0, "defective", "warranty_repair", "eligible_after_inspection", "within_warranty", 2),
    (MOONBROOK, "MB25-01402", 0, "defective", "warranty_repair", "not_eligible", "warranty_ended", None),
    (MOONBROOK, "MB25-01402", 0, "defective", "paid_repair", "eligible_after_inspection", "quote_first", None),
    (MOONBROOK, "MB24-07733", 0, "defective", "warranty_repair", "eligible_after_inspection", "within_warranty", 40),
    (MOONBROOK, "MB24-07102", 0, "defective", "warranty_repair", "not_eligible", "warranty_ended", None),
    (MOONBROOK, "MB26-00411", 0, "defective", "return_refund", "needs_information", None, None),
    (MOONBROOK, "MB26-00407", 0, "defective", "return_refund", "eligible", "within_return_window", 4),
    (MOONBROOK, "MB26-00421", 0, "defective", "return_refund", "needs_information", None, None),
    (MOONBROOK, "MB26-00412", 1, "change_of_mind", "return_refund", "eligible", "within_return_window", 2),
    (MOONBROOK, "MB25-00988", 0, "defective", "warranty_repair", "needs_information", None, None),
    (MOONBROOK, "MB25-03984", 0, "software_upgrade", "software_upgrade", "eligible", "software_upgrade", None),
    (HARBORLANE, "8127-4410-7731", 0, "not_received", "dispute", "eligible", "within_protection", 3),
    (HARBORLANE, "8127-4410-8054", 0, "not_received", "dispute", "eligible", "within_protection", 58),
    (HARBORLANE, "8127-4410-7902", 0, "not_as_described", "dispute", "eligible", "within_protection", 10),
    (HARBORLANE, "8127-4410-7688", 0, "defective", "dispute", "eligible", "within_protection", 12),
    (HARBORLANE, "8127-4410-7120", 0, "damaged", "dispute", "eligible", "within_protection", 1),
    (HARBORLANE, "8127-4410-7004", 0, "defective", "dispute", "not_eligible", "protection_ended", None),
    (HARBORLANE, "8127-4410-7340", 0, "defective", "one_year_service", "not_yet", "waiting_period", None),
    (HARBORLANE, "8127-4410-6511", 0, "defective", "one_year_service", "eligible", "within_service", None),
    (HARBORLANE, "8127-4402-1187", 0, "defective", "one_year_service", "not_eligible", "service_ended", None),
    (HARBORLANE, "8127-4410-7815", 0, "defective", "dispute", "refer_to_person", "account_not_in_good_standing", None),
    (HARBORLANE, "8127-4410-7533", 0, "not_received", "dispute", "not_eligible", "address_error_by_customer", None),
    (HARBORLANE, "8127-4410-7277", 0, "returned_by_customs", "dispute", "eligible", "within_protection", 5),
    (HARBORLANE, "8127-4410-6902", 0, "not_received", "dispute", "not_eligible", "protection_ended", None),
    (HARBORLANE, "8127-4410-7966", 0, "defective", "dispute", "not_eligible", "not_on_platform", None),
    (HARBORLANE, "8127-4410-7599", 0, "defective", "dispute", "eligible", "within_protection", 10),
    (HARBORLANE, "8127-4410-7599", 0, "defective", "one_year_service", "not_yet", "waiting_period", None),
    (HARBORLANE, "8127-4410-7599", 1, "defective", "one_year_service", "not_eligible", "service_not_included", None),
    (HARBORLANE, "8127-4410-8102", 0, "not_received", "dispute", "not_eligible", "not_covered_yet", None),
]


@pytest.mark.parametrize("now", DAYS, ids=str)
def test_every_situation_is_as_it_is_meant_on_any_day(sqlite_database: Database, now: datetime) -> None:
    load_demo(sqlite_database, now)
    zones = {shop.key: ZoneInfo(shop.timezone) for shop in read_shops(SHOPS)}
    for shop, number, line, reason, remedy, outcome, code, days in SITUATIONS:
        found = verdict_on(sqlite_database, now, shop, number, reason, remedy, line)
        assert found.outcome == outcome, (number, found)
        assert code is None or code in {each.code for each in found.reasons}, (number, found)
        if days is not None:
            assert found.last_day == now.astimezone(zones[shop]).date() + timedelta(days=days), (number, found)


def test_every_order_number_of_the_demo_has_a_pattern_of_its_shop() -> None:
    for shop in read_shops(SHOPS):
        shapes = {re.sub(r"[A-Za-z]", "@", re.sub(r"\d", "#", pattern)) for pattern in shop.order_numbers}
        for order in all_orders()[shop.key]:
            assert re.sub(r"[A-Za-z]", "@", re.sub(r"\d", "#", order["number"])) in shapes, order["number"]


def test_every_order_of_the_demo_has_its_situation() -> None:
    told = {(shop, order["number"]) for shop, orders in all_orders().items() for order in orders}
    assert told == {(shop, number) for shop, number, *_ in SITUATIONS}
    assert all(len(orders) >= 14 for orders in all_orders().values())


def test_the_demo_is_loaded_whole_on_both_databases(database: Database) -> None:
    load = load_demo(database, NOW)
    assert load.loaded
    for shop, orders in all_orders().items():
        for order in orders:
            assert in_store(database, shop, order["number"]).customer.email == order["customer"]["email"]


def test_the_demo_is_loaded_again_after_a_day_and_its_dates_move_along(sqlite_database: Database) -> None:
    def delivered() -> datetime | None:
        return in_store(sqlite_database, INKWELL, "IW-10471").shipments[0].delivered_at

    assert load_demo(sqlite_database, NOW).loaded
    first = delivered()
    assert first is not None
    assert not load_demo(sqlite_database, NOW + timedelta(days=1)).loaded
    assert delivered() == first
    assert load_demo(sqlite_database, NOW + timedelta(days=1, microseconds=1)).loaded
    assert delivered() == first + timedelta(days=1)


def test_a_load_is_repeated_when_the_clock_was_set_back(sqlite_database: Database) -> None:
    load_demo(sqlite_database, NOW)
    assert load_demo(sqlite_database, NOW - timedelta(hours=1)).loaded


def test_a_load_is_repeated_when_a_file_changed(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    load_demo(sqlite_database, NOW)
    changed = tmp_path / "orders.yml"
    changed.write_text(ORDERS.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    monkeypatch.setattr(demo, "ORDERS", changed)
    assert load_demo(sqlite_database, NOW).loaded
    assert not load_demo(sqlite_database, NOW).loaded


def test_each_load_is_in_the_audit_trail(sqlite_database: Database) -> None:
    for days in (0, 0, 2):
        load_demo(sqlite_database, NOW + timedelta(days=days))
    with sqlite_database.read() as session:
        loads = session.scalars(select(AuditEntry).where(AuditEntry.subject == "demo")).all()
    assert [(load.what, load.at) for load in loads] == [
        ("demo_loaded", NOW),
        ("demo_loaded", NOW + timedelta(days=2)),
    ]


def test_what_a_visitor_was_granted_outlives_the_next_load(sqlite_database: Database) -> None:
    load_demo(sqlite_database, NOW)
    line = in_store(sqlite_database, INKWELL, "IW-10480").lines[1].id
    with sqlite_database.write() as session:
        session.add(an_rma(line))
    load_demo(sqlite_database, NOW + timedelta(days=2))
    with sqlite_database.read() as session:
        assert open_rma(session, line) is not None


def test_what_to_try_names_orders_of_every_shop_that_are_there(sqlite_database: Database) -> None:
    load = load_demo(sqlite_database, NOW)
    for shop, name in load.shops.items():
        orders = [order for order in load.orders if order.shop == shop]
        assert 4 <= len(orders) <= 8
        assert f"{name} ({shop})" in load.lines()
        for order in orders:
            assert in_store(sqlite_database, shop, order.number).customer.email == order.email
            assert any(order.number in line and order.email in line and order.advice in line for line in load.lines())


def test_nobody_in_the_demo_can_be_reached() -> None:
    text = SHOPS.read_text(encoding="utf-8") + ORDERS.read_text(encoding="utf-8")
    addresses = re.findall(r"[\w.-]+@([\w.-]+\w)", text)
    phones = re.findall(r'"(\+[\d ]+)"', text)
    assert addresses
    assert all(re.fullmatch(r"(?:\w+\.)?example\.(?:com|net|org)", address) for address in addresses)
    assert phones
    assert all(re.fullmatch(r"\+1 555 01\d\d|\+44 20 7946 0\d{3}|\+49 30 23125 \d{3}", phone) for phone in phones)


@pytest.mark.parametrize(
    ("zone", "written"),
    [
        ("America/New_York", "2026-03-08T10:30:00-04:00"),
        ("Europe/Berlin", "2026-03-09T10:30:00+01:00"),
        ("Asia/Shanghai", "2026-03-09T10:30:00+08:00"),
    ],
)
def test_days_count_from_today_in_the_zone_of_the_shop(zone: str, written: str) -> None:
    # Midnight in Greenwich is still yesterday in New York and early today in the others.
    midnight = datetime(2026, 3, 10, 0, 0, tzinfo=UTC)
    order = {"number": "1", "paid_at": "-1d 10:30", "lines": [{"warranty_until": "+4d", "serial": None}], "try": "it"}
    told = render(order, midnight, ZoneInfo(zone))
    assert told["paid_at"] == written
    assert "try" not in told
    assert told["lines"][0]["serial"] is None


@pytest.mark.parametrize(
    "wrong", [{"paid_at": "-6d"}, {"paid_at": "2026-03-01T10:00:00Z"}, {"promised_by": "-6d 10:30"}]
)
def test_a_date_written_another_way_is_refused_with_its_order_and_field(wrong: dict[str, str]) -> None:
    (field,) = wrong
    with pytest.raises(SettingsError, match=f"order IW-1: {field}: expected"):
        render({"number": "IW-1"} | wrong, NOW, ZoneInfo("Europe/Berlin"))

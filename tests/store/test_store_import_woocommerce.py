"""WooCommerce's orders, as its REST API tells them, as they stand in the store."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from order_store import Database, ImportReport, Order, find_order, import_orders
from tests.store.conftest import NOW

LINES = (Path(__file__).parent / "import_samples" / "woocommerce_orders.jsonl").read_bytes()

pytestmark = pytest.mark.usefixtures("shop")


def take(database: Database, data: bytes = LINES) -> ImportReport:
    return import_orders(database, BytesIO(data), NOW, order_format="woocommerce", shop="inkwell")


def stored(database: Database, number: str) -> Order:
    with database.read() as session:
        order = find_order(session, "inkwell", number)
    assert order is not None, number
    return order


def test_its_orders_are_taken_once_as_lines_and_as_a_list(database: Database) -> None:
    report = take(database)
    assert (report.new, report.refused_count, report.left_out.total()) == (5, 1, 4)
    orders = [json.loads(line) for line in LINES.splitlines()]
    again = take(database, json.dumps(orders, indent=1).encode())
    assert (again.unchanged, again.refused_count, again.left_out.total()) == (5, 1, 4)


def test_its_times_in_gmt_are_utc(database: Database) -> None:
    take(database)
    order = stored(database, "3001")
    assert order.placed_at == datetime(2026, 3, 1, 7, 15, tzinfo=UTC)
    assert order.paid_at == datetime(2026, 3, 1, 7, 20, tzinfo=UTC)
    assert order.completed_at == datetime(2026, 3, 5, 11, 0, tzinfo=UTC)
    assert stored(database, "3007").paid_at is None


@pytest.mark.parametrize("told", ["2026-03-01T02:15:00-05:00", "2026-03-01T07:15:00Z", "2026-03-01T07:15:00.000"])
def test_a_time_told_with_an_offset_keeps_it(database: Database, told: str) -> None:
    order = json.loads(LINES.splitlines()[0]) | {"date_created_gmt": told}
    assert take(database, json.dumps(order).encode()).new == 1
    assert stored(database, "3001").placed_at == datetime(2026, 3, 1, 7, 15, tzinfo=UTC)


def test_parcels_come_from_the_tracking_extensions(database: Database) -> None:
    take(database)
    (parcel,) = stored(database, "3001").shipments
    assert (parcel.carrier, parcel.tracking) == ("parcel-post", "PP31")
    # 2 March 2026 in Berlin: the extension keeps the shop's day as a midnight of UTC.
    assert parcel.shipped_at == datetime(2026, 3, 1, 23, 0, tzinfo=UTC)
    first, last = stored(database, "W-2026-3003").shipments
    assert (first.carrier, first.tracking) == ("Boat & Sons", "B1")
    assert last.shipped_at == datetime(2026, 3, 2, 17, 1, 1, tzinfo=UTC)
    lines = stored(database, "W-2026-3003").lines
    assert [line.shipment.position for line in lines if line.shipment] == [1, 1]


def test_a_completed_order_without_tracking_was_sent_when_it_was_completed(database: Database) -> None:
    take(database)
    order = stored(database, "3002")
    assert [parcel.shipped_at for parcel in order.shipments] == [order.completed_at]
    assert stored(database, "3008").shipments == []


def test_the_price_is_what_was_paid_for_one_with_taxes(database: Database) -> None:
    take(database)
    assert stored(database, "3001").lines[0].unit_price == Decimal("39.90")
    assert stored(database, "3002").lines[0].unit_price == Decimal("3.3333")


def test_what_was_lost_and_what_is_over_is_counted_by_kind(database: Database) -> None:
    report = take(database)
    assert report.losses == {
        "delivery_days": 3, "sending_days": 1, "tracking": 1, "several_parcels": 1, "shipping_charges": 1,
        "notes": 1, "phones": 1, "refunds": 1,
    }  # fmt: skip
    assert report.left_out == {"cancelled": 1, "refunded": 1, "payment_failed": 1, "draft": 1}


def test_a_refused_order_is_told_by_the_names_of_the_api(database: Database) -> None:
    (refused,) = take(database).refused
    assert (refused.where, refused.number) == ("line 9", "3009")
    assert [problem.path for problem in refused.problems] == [
        "line_items[0].quantity",
        "currency",
    ]


@pytest.mark.parametrize(
    "damage",
    [
        {"number": None}, {"number": 3001}, {"billing": None}, {"line_items": {}}, {"line_items": [7]},
        {"meta_data": [{"key": "_wc_shipment_tracking_items", "value": "none"}]}, {"meta_data": 4},
        {"meta_data": [{"key": "_wc_shipment_tracking_items", "value": [{"date_shipped": "9" * 30}, 3]}]},
        {"date_created_gmt": 17}, {"status": ["completed"]},
        {"line_items": [{"name": "Pen", "quantity": 3, "total": "NaN", "total_tax": "1e400"}]},
    ],
)  # fmt: skip
def test_no_shape_upsets_the_mapping(database: Database, damage: dict[str, Any]) -> None:
    order = json.loads(LINES.splitlines()[0]) | damage
    assert take(database, json.dumps([order]).encode()).total == 1

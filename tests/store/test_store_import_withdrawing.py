"""Orders that are over in the shop's own system go out of the store, unless something was granted for them."""

import json
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select

from order_store import AuditEntry, Base, Database, ImportReport, Line, Order, Shipment, find_order, import_orders
from order_store.importing.cases import lines_with_cases, orders_with_cases
from tests.store.conftest import NOW, told
from tests.store.test_store_finding import an_rma

pytestmark = pytest.mark.usefixtures("shop")

OPEN: dict[str, Any] = {
    "name": "#1001",
    "email": "ada.fenn@example.com",
    "created_at": "2026-03-01T08:15:00+01:00",
    "financial_status": "paid",
    "currency": "EUR",
    "line_items": [{"id": 1, "name": "Pen", "quantity": 1, "price": "39.90"}],
    "fulfillments": [{"status": "success", "created_at": "2026-03-02T08:15:00+01:00", "line_items": [{"id": 1}]}],
}
OVER = OPEN | {"cancelled_at": "2026-03-03T08:15:00+01:00"}
OTHER = OPEN | {"name": "#1002"}


def take(database: Database, *orders: dict[str, Any]) -> ImportReport:
    data = json.dumps(orders).encode()
    return import_orders(database, BytesIO(data), NOW, order_format="shopify", shop="inkwell")


def rows(database: Database, *tables: type[Base]) -> list[int | None]:
    with database.read() as session:
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def test_an_order_told_as_over_goes_with_all_its_parts_and_no_other_does(database: Database) -> None:
    take(database, OPEN, OTHER)
    report = take(database, OVER, OTHER)
    assert (report.left_out, report.withdrawn, report.unchanged) == ({"cancelled": 1}, 1, 1)
    assert rows(database, Order, Shipment, Line) == [1, 1, 1]
    with database.read() as session:
        assert find_order(session, "inkwell", "#1001") is None
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
        assert last.details["withdrawn"] == 1


def test_the_same_file_again_withdraws_nothing_and_writes_no_audit(database: Database) -> None:
    take(database, OPEN)
    take(database, OVER)
    audited = rows(database, AuditEntry)
    report = take(database, OVER)
    assert (report.left_out, report.withdrawn) == ({"cancelled": 1}, 0)
    assert rows(database, AuditEntry) == audited


def test_an_order_something_was_granted_for_stays_and_is_refused(database: Database) -> None:
    take(database, OPEN, OTHER)
    with database.write() as session:
        order = find_order(session, "inkwell", "#1001")
        assert order is not None
        session.add(an_rma(order.lines[0].id))
    report = take(database, OVER, OTHER | {"cancelled_at": "2026-03-03T08:15:00+01:00"})
    assert [(one.number, one.path) for one in report.refused] == [("#1001", "name")]
    assert "stays in the store" in report.refused[0].message
    assert report.withdrawn == 1
    assert rows(database, Order, Line) == [1, 1]


def test_an_order_of_the_same_letters_and_another_number_is_not_taken_for_it(database: Database) -> None:
    import_orders(database, [told(number="1001")], NOW)
    report = take(database, OVER)
    assert (report.left_out, report.withdrawn) == ({"cancelled": 1}, 0)
    assert rows(database, Order) == [1]


def test_an_order_that_opens_again_is_taken_again(database: Database) -> None:
    for orders, expected in ((OPEN, 1), (OVER, 0), (OPEN, 1)):
        take(database, orders)
        assert rows(database, Order) == [expected]


def test_every_table_that_refers_to_a_line_or_an_order_counts(database: Database) -> None:
    take(database, OPEN)
    with database.read() as session:
        order = find_order(session, "inkwell", "#1001")
        assert order is not None
        assert lines_with_cases(session, [order.lines[0].id]) == set()
        assert orders_with_cases(session, [order.id]) == set()
    referring = {
        key.parent.table.name
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in {"lines", "orders"}
    }
    assert {"rmas", "disputes", "cancellations", "backorder_choices", "refunds", "tickets"} <= referring

"""Imports into a real store: what is new, changed, unchanged and refused, and what the tables hold then."""

import json
import threading
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import event, func, select

from order_store import (
    AuditEntry,
    Base,
    Customer,
    Database,
    ImportReport,
    Line,
    Order,
    Shipment,
    UnreadableImport,
    find_order,
    import_orders,
    save_shops,
)
from order_store.importing import report as report_module
from tests.store.conftest import NOW, a_shop, told
from tests.store.test_store_finding import an_rma

pytestmark = pytest.mark.usefixtures("shop")


def take(database: Database, *orders: dict[str, Any], batch_size: int = 500) -> ImportReport:
    return import_orders(database, orders, NOW, batch_size=batch_size)


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.new, report.changed, report.unchanged, len(report.refused)


def reasons(report: ImportReport) -> list[tuple[int, str | None, str]]:
    return [(refused.item, refused.number, refused.path) for refused in report.refused]


def stored(database: Database, number: str = "IW-10482") -> Order:
    with database.read() as session:
        order = find_order(session, "inkwell", number)
    assert order is not None
    return order


def everything(database: Database, tables: Iterable[type[Base]]) -> list[list[tuple[Any, ...]]]:
    with database.read() as session:
        return [
            [tuple(row) for row in session.execute(select(*table.__table__.columns).order_by(table.__table__.c.id))]
            for table in tables
        ]


def line(**fields: Any) -> dict[str, Any]:
    changed: dict[str, Any] = told()["lines"][0] | fields
    return changed


def numbered(count: int) -> list[dict[str, Any]]:
    return [told(number=f"IW-{number}", customer={"email": f"c{number % 7}@example.com"}) for number in range(count)]


def test_an_order_is_stored_as_it_was_told(database: Database) -> None:
    assert counts(take(database, told())) == (1, 0, 0, 0)
    order = stored(database)
    assert (order.number, order.number_key, order.invoice) == ("IW-10482", "IW10482", "R-7781")
    assert (order.customer.name, order.customer.email) == ("Ada Fenn", "ada.fenn@example.com")
    assert (order.shipments[0].carrier, order.shipments[0].promised_by) == ("Parcel Post", date(2026, 3, 6))
    assert (order.lines[0].unit_price, order.lines[0].shipment) == (Decimal("39.90"), order.shipments[0])


@pytest.mark.parametrize("batch_size", [1, 3, 500])
def test_running_an_import_twice_changes_nothing(database: Database, batch_size: int) -> None:
    orders = numbered(10)
    assert counts(take(database, *orders, batch_size=batch_size)) == (10, 0, 0, 0)
    before = everything(database, [Order, Customer, Shipment, Line, AuditEntry])
    assert counts(take(database, *orders, batch_size=batch_size)) == (0, 0, 10, 0)
    assert everything(database, [Order, Customer, Shipment, Line, AuditEntry]) == before


def test_a_refused_order_stops_no_other_and_leaves_nothing_behind(database: Database) -> None:
    orders = numbered(5)
    orders[2]["lines"][0]["currency"] = "Euro"
    orders[2]["customer"]["email"] = "only.here@example.com"
    report = take(database, *orders, batch_size=2)
    assert counts(report) == (4, 0, 0, 1)
    assert reasons(report) == [(3, "IW-2", "lines[0].currency")]
    with database.read() as session:
        assert session.scalar(select(Customer).where(Customer.email == "only.here@example.com")) is None
        assert session.scalar(select(func.count()).select_from(Order)) == 4


def test_an_order_told_twice_in_one_file_is_refused_the_second_time(database: Database) -> None:
    orders = [told(), told(invoice="R-1"), told(number="iw 10482")]
    for expected in ((1, 0, 0, 2), (0, 0, 1, 2)):
        report = take(database, *orders)
        assert counts(report) == expected
        assert reasons(report) == [(2, "IW-10482", "number"), (3, "iw 10482", "number")]
        assert "was told in item 1 already" in report.refused[0].message
    assert stored(database).invoice == "R-7781"


def test_a_number_that_cannot_be_told_apart_from_a_stored_one_is_refused(database: Database) -> None:
    take(database, told(number="1-123"))
    report = take(database, told(number="11-23", customer={"email": "somebody.else@example.com"}))
    assert reasons(report) == [(1, "11-23", "number")]
    assert "'1-123'" in report.refused[0].message
    assert stored(database, "1-123").customer.email == "ada.fenn@example.com"


def test_the_same_number_in_two_shops_is_two_orders(database: Database) -> None:
    with database.write() as session:
        save_shops(session, [a_shop("papermill")])
    assert counts(take(database, told(), told(shop="papermill"))) == (2, 0, 0, 0)
    with database.read() as session:
        emails = session.execute(select(Customer.shop_key, Customer.email)).all()
    assert sorted(map(tuple, emails)) == [
        ("inkwell", "ada.fenn@example.com"),
        ("papermill", "ada.fenn@example.com"),
    ]


def test_a_changed_order_is_changed_in_place(database: Database) -> None:
    take(database, told())
    before = stored(database)
    shipments = [told()["shipments"][0] | {"delivered_at": None}, {"carrier": "Nordfracht"}]
    lines = [line(title="Fountain pen, broad nib"), line(title="Ink", shipment=1, unit_price="12.00")]
    report = take(database, told(shipments=shipments, lines=lines, completed_at="2026-03-09T12:00:00Z"))
    assert counts(report) == (0, 1, 0, 0)
    after = stored(database)
    assert after.id == before.id
    assert [part.title for part in after.lines] == ["Fountain pen, broad nib", "Ink"]
    assert after.lines[0].id == before.lines[0].id
    assert after.shipments[0].id == before.shipments[0].id
    assert after.shipments[0].delivered_at is None
    assert after.lines[1].shipment is after.shipments[1]


def test_what_is_no_longer_told_is_no_longer_known(database: Database) -> None:
    take(database, told(lines=[line(), line(title="Ink")]))
    take(database, told(invoice=None, shipments=[], lines=[line(shipment=None, serial=None, one_year_service=None)]))
    order = stored(database)
    assert (order.invoice, order.shipments, len(order.lines)) == (None, [], 1)
    assert (order.lines[0].shipment_id, order.lines[0].one_year_service) == (None, None)


def test_a_line_something_was_granted_for_cannot_go(database: Database) -> None:
    take(database, told(lines=[line(), line(title="Ink")]))
    with database.write() as session:
        session.add(an_rma(stored(database).lines[1].id))
    report = take(database, told(invoice="R-1"), told(number="IW-2"))
    assert counts(report) == (1, 0, 0, 1)
    assert reasons(report) == [(1, "IW-10482", "lines[1]")]
    assert len(stored(database).lines) == 2
    assert stored(database).invoice == "R-7781"


def test_an_rma_survives_a_change_of_its_line(database: Database) -> None:
    take(database, told())
    with database.write() as session:
        session.add(an_rma(stored(database).lines[0].id))
    assert counts(take(database, told(lines=[line(title="Pen")]))) == (0, 1, 0, 0)
    assert stored(database).lines[0].title == "Pen"


def customer(**fields: Any) -> dict[str, Any]:
    changed: dict[str, Any] = told()["customer"] | fields
    return changed


OLDER = told(number="IW-1", placed_at="2026-01-05T10:00:00Z", customer=customer(name="Ada", phone="+15550101"))
NEWER = told(number="IW-2", placed_at="2026-02-05T10:00:00Z", customer=customer(name="Ada Fenn", phone="+15550102"))


@pytest.mark.parametrize("batch_size", [1, 500])
@pytest.mark.parametrize("orders", [[OLDER, NEWER], [NEWER, OLDER]])
def test_a_customer_is_as_the_newest_order_tells_in_whatever_order_a_history_is_told(
    database: Database, orders: list[dict[str, Any]], batch_size: int
) -> None:
    assert counts(take(database, *orders, batch_size=batch_size)) == (2, 0, 0, 0)
    assert stored(database, "IW-1").customer.phone == "+15550102"
    assert stored(database, "IW-1").customer_id == stored(database, "IW-2").customer_id
    assert counts(take(database, *orders, batch_size=batch_size)) == (0, 0, 2, 0)
    assert stored(database, "IW-1").customer.phone == "+15550102"


def test_a_correction_counts_whichever_order_it_comes_with(database: Database) -> None:
    take(database, OLDER, NEWER)
    corrected = OLDER | {"customer": OLDER["customer"] | {"standing": "suspended"}}
    assert counts(take(database, corrected)) == (0, 1, 0, 0)
    assert stored(database, "IW-2").customer.standing == "suspended"
    assert counts(take(database, corrected, NEWER)) == (0, 0, 2, 0)
    assert stored(database, "IW-2").customer.standing == "suspended"


def test_an_order_can_move_to_another_customer(database: Database) -> None:
    take(database, OLDER, NEWER)
    take(database, NEWER | {"customer": {"email": "bea@example.com"}})
    assert stored(database, "IW-2").customer.email == "bea@example.com"
    assert stored(database, "IW-1").customer.email == "ada.fenn@example.com"


def test_what_a_person_mended_in_the_store_is_not_undone_by_the_same_file(database: Database) -> None:
    take(database, told())
    with database.write() as session:
        session.get_one(Order, stored(database).id).address_error = "carrier"
    assert counts(take(database, told())) == (0, 0, 1, 0)
    assert stored(database).address_error == "carrier"


def test_an_unknown_shop_is_named_with_the_known_ones(database: Database) -> None:
    report = take(database, told(shop="papermill"))
    assert reasons(report) == [(1, "IW-10482", "shop")]
    assert "(inkwell)" in report.refused[0].message


def test_a_list_and_lines_are_read_from_a_stream(database: Database) -> None:
    orders = numbered(4)
    assert counts(import_orders(database, BytesIO(json.dumps(orders[:2]).encode()), NOW)) == (2, 0, 0, 0)
    lines = "\n".join(json.dumps(order) for order in orders)
    assert counts(import_orders(database, BytesIO(lines.encode()), NOW)) == (2, 0, 2, 0)


def test_refused_orders_are_told_by_line_and_in_the_order_of_the_file(database: Database) -> None:
    take(database, told(number="1-1"))
    lines = [told(number="11"), told(number="2"), told(number="3", paid_at="soon")]
    text = "\n".join(["", *map(json.dumps, lines), "{broken"]).encode()
    report = import_orders(database, BytesIO(text), NOW, batch_size=2)
    assert [(refused.where, refused.path) for refused in report.refused] == [
        ("line 2", "number"),
        ("line 4", "paid_at"),
        ("line 5", ""),
    ]
    assert report.total == 4


def test_a_key_told_twice_in_the_file_is_refused_by_its_path(database: Database) -> None:
    text = json.dumps(told()).replace('"unit_price"', '"sku": "B", "unit_price"').encode()
    report = import_orders(database, BytesIO(text), NOW)
    assert reasons(report) == [(1, "IW-10482", "lines[0].sku")]


@pytest.mark.parametrize("text", ["number,shop\n1,inkwell\n", '{\n  "number": "1"\n}\n', "[oops]", "<html>"])
def test_a_file_of_which_nothing_is_json_is_unreadable(database: Database, text: str) -> None:
    with pytest.raises(UnreadableImport, match="write a JSON list of orders, or one whole order per line"):
        import_orders(database, BytesIO(text.encode()), NOW)


def test_an_import_leaves_one_row_in_the_audit_trail_and_none_when_nothing_changed(database: Database) -> None:
    take(database, *numbered(3), told(paid_at="soon"))
    take(database, *numbered(3))
    with database.read() as session:
        entries = session.scalars(select(AuditEntry)).all()
    assert [(entry.at, entry.what, entry.details) for entry in entries] == [
        (NOW, "orders_imported", {"new": 3, "changed": 0, "refused": 1})
    ]


def test_orders_the_database_does_not_take_are_refused_alone(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from order_store.importing import rows, saving

    def spoilt(order: Any) -> dict[str, Any]:
        values = rows.line_values(order)
        return values | {"quantity": 0} if values["title"] == "Ghost" else values

    monkeypatch.setattr(saving, "line_values", spoilt)
    report = take(database, told(number="1"), told(number="2", lines=[line(title="Ghost")]), told(number="3"))
    assert counts(report) == (2, 0, 0, 1)
    assert report.refused[0].number == "2"
    assert report.refused[0].message.startswith("the database does not take it: ")


def test_refused_orders_beyond_the_first_are_only_counted(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_module, "MOST_LISTED", 3)
    report = take(database, *[told(number=f"IW-{number}", paid_at="soon") for number in range(10)], told())
    assert (len(report.refused), report.refused_count, report.new, report.total) == (3, 10, 1, 11)


@pytest.mark.parametrize("bad", [0, 4, 9])
def test_a_batch_with_a_bad_order_is_stored_without_it(
    database: Database, monkeypatch: pytest.MonkeyPatch, bad: int
) -> None:
    from order_store.importing import rows, saving

    def spoilt(order: Any) -> dict[str, Any]:
        values = rows.line_values(order)
        return values | {"currency": "TOO LONG"} if values["title"] == "Ghost" else values | {"quantity": 1}

    monkeypatch.setattr(saving, "line_values", spoilt)
    orders = numbered(10)
    orders[bad]["lines"][0]["title"] = "Ghost"
    report = take(database, *orders)
    expected = (9, [f"IW-{bad}"]) if database.engine.dialect.name == "postgresql" else (10, [])  # SQLite takes any text
    assert (report.new, [refused.number for refused in report.refused]) == expected


def test_ids_are_never_given_twice(database: Database) -> None:
    take(database, told(lines=[line(), line()]), *numbered(3))
    take(database, told(lines=[line()]))
    take(database, told(lines=[line(), line()]), told(number="IW-NEW"))
    with database.write() as session:
        session.add(Customer(shop_key="inkwell", email="by.hand@example.com"))
    with database.read() as session:
        ids = session.scalars(select(Line.id)).all()
        assert len(ids) == len(set(ids)) == 6
        assert min(one.id for one in session.scalars(select(Order).where(Order.number == "IW-NEW"))) == 5


def test_imports_at_the_same_time_make_each_order_and_customer_once(database: Database) -> None:
    reports: list[ImportReport] = []
    threads = [
        threading.Thread(target=lambda: reports.append(take(database, *numbered(30), batch_size=4))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(report.new for report in reports) == 30
    assert sum(report.unchanged for report in reports) == 90
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Customer)) == 7


def test_a_batch_takes_few_statements_and_an_unchanged_one_fewer(database: Database) -> None:
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
    take(database, *numbered(200), batch_size=200)
    taken = [statement for statement in statements if statement.startswith(("INSERT", "SELECT"))]
    assert len(taken) < 25
    statements.clear()
    take(database, *numbered(200), batch_size=200)
    assert len([statement for statement in statements if statement.startswith(("INSERT", "SELECT"))]) <= 4

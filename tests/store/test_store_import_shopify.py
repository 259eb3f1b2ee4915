"""Shopify's orders, exported from its admin or told by its Admin API, as they stand in the store."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from order_store import Database, ImportReport, Line, Order, UnreadableImport, find_order, import_orders
from tests.store.conftest import NOW

SAMPLES = Path(__file__).parent / "import_samples"
CSV = (SAMPLES / "shopify_orders.csv").read_bytes()
JSON = (SAMPLES / "shopify_orders.json").read_bytes()

pytestmark = pytest.mark.usefixtures("shop")


def take(database: Database, data: bytes) -> ImportReport:
    return import_orders(database, BytesIO(data), NOW, order_format="shopify", shop="inkwell")


def counts(report: ImportReport) -> tuple[int, int, int, int, int]:
    return report.new, report.changed, report.unchanged, report.refused_count, report.left_out.total()


def stored(database: Database, number: str) -> Order:
    with database.read() as session:
        order = find_order(session, "inkwell", number)
    assert order is not None, number
    return order


def sent(lines: list[Line]) -> list[int | None]:
    return [None if line.shipment is None else line.shipment.position for line in lines]


class TestTheExportOfTheAdmin:
    def test_its_orders_are_taken_once(self, database: Database) -> None:
        assert counts(take(database, CSV)) == (3, 0, 0, 2, 1)
        assert counts(take(database, CSV)) == (0, 0, 3, 2, 1)

    def test_an_order_gathers_its_rows(self, database: Database) -> None:
        take(database, CSV)
        order = stored(database, "1001")
        assert (order.number, order.customer.email, order.customer.name) == (
            "#1001", "ada.fenn@example.com", "Ada Fenn",
        )  # fmt: skip
        assert order.customer.phone == "+493023125111"
        assert [(line.title, line.quantity, line.unit_price, line.sku) for line in order.lines] == [
            ("Fountain pen, fine nib", 1, Decimal("39.90"), "FP-01"),
            ("Ink cartridges, blue-black", 2, Decimal("2.95"), "IC-06"),
        ]
        assert sent(order.lines) == [0, 0]

    def test_its_times_carry_their_offsets(self, database: Database) -> None:
        take(database, CSV)
        order = stored(database, "1001")
        assert order.placed_at == datetime(2026, 3, 1, 7, 15, tzinfo=UTC)
        assert order.shipments[0].shipped_at == datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
        assert stored(database, "1002").paid_at == datetime(2026, 7, 4, 21, 59, 30, tzinfo=UTC)

    def test_what_is_not_sent_has_no_parcel(self, database: Database) -> None:
        take(database, CSV)
        assert stored(database, "1002").shipments == []
        assert sent(stored(database, "1004").lines) == [0, None]

    def test_what_was_lost_is_counted_by_kind(self, database: Database) -> None:
        report = take(database, CSV)
        assert report.losses == {
            "delivery_days": 2, "tracking": 2, "shipping_charges": 1, "notes": 1, "discounts": 1, "phones": 1,
            "refunds": 1, "partly_sent": 1, "not_sent": 1,
        }  # fmt: skip
        assert report.left_out == {"cancelled": 1}

    def test_a_refused_order_is_told_by_its_lines_and_columns(self, database: Database) -> None:
        report = take(database, CSV)
        assert [
            (one.where, one.number, [problem.path for problem in one.problems]) for one in report.refused
        ] == [("line 9", "#1005", ["Email", "Lineitem quantity (line 10)"]), ("line 11", "#1006", [""])]  # fmt: skip
        assert report.refused[1].message.startswith("Lineitem fulfillment status (line 11): is sent, but")

    def test_a_row_that_cannot_be_read_refuses_the_order_it_may_be_of_and_no_other(self, database: Database) -> None:
        rows = CSV.split(b"\n")
        rows.insert(4, b"#1001,too,short")
        report = take(database, b"\n".join(rows))
        assert (report.refused[0].number, report.refused[0].where) == ("#1001", "line 2")
        assert "its row in line 5 has 3 cells" in report.refused[0].message
        assert report.new == 2

    def test_an_order_whose_first_row_is_gone_is_refused(self, database: Database) -> None:
        rows = CSV.split(b"\n")
        del rows[1:3]  # one row: its note has a line break
        report = take(database, b"\n".join(rows))
        assert (report.refused[0].number, report.new) == ("#1001", 2)
        assert "its first row is missing" in report.refused[0].message

    def test_text_of_another_encoding_is_refused_by_line(self, database: Database) -> None:
        report = take(database, CSV.replace("Größe".encode(), "Größe".encode("latin-1")))
        assert (report.refused[0].number, report.refused[0].where, report.new) == ("#1002", "line 5", 2)
        assert "is not UTF-8 text" in report.refused[0].message

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"Name;Email;Financial Status\n#1;a@example.com;paid\n", "separated by semicolons"),
            (b"Order,Customer\n1,2\n", "names no column 'Name'"),
            (b"\n", "is empty"),
        ],
    )
    def test_another_table_is_unreadable(self, database: Database, data: bytes, words: str) -> None:
        with pytest.raises(UnreadableImport, match=words):
            take(database, data)

    def test_taxes_on_top_of_the_prices_are_a_loss(self, database: Database) -> None:
        data = CSV.replace(b"45.80,4.90,8.09,50.70", b"45.80,4.90,8.09,58.79")
        assert take(database, data).losses["taxes"] == 1


class TestTheAdminApi:
    @pytest.mark.parametrize("shape", ["wrapped", "list", "lines", "wrapped lines"])
    def test_its_orders_are_taken_once_in_every_shape(self, database: Database, shape: str) -> None:
        orders = json.loads(JSON)["orders"]
        data = {
            "wrapped": JSON,
            "list": json.dumps(orders).encode(),
            "lines": b"\n".join(json.dumps(order).encode() for order in orders),
            "wrapped lines": b"\n".join(json.dumps({"order": order}).encode() for order in orders),
        }[shape]
        assert counts(take(database, data)) == (5, 0, 0, 1, 3)
        assert counts(take(database, data)) == (0, 0, 5, 1, 3)

    def test_an_order_is_stored_with_its_parcel(self, database: Database) -> None:
        take(database, JSON)
        order = stored(database, "#2001")
        assert (order.customer.name, order.customer.phone) == ("Ada Fenn", "+493023125111")
        assert order.placed_at == order.paid_at == datetime(2026, 3, 1, 7, 15, tzinfo=UTC)
        assert order.completed_at is None
        (parcel,) = order.shipments
        assert (parcel.carrier, parcel.tracking, parcel.delivered_at) == ("Parcel Post", "PP11", None)
        assert parcel.shipped_at == datetime(2026, 3, 2, 15, 0, tzinfo=UTC)

    def test_a_line_travels_in_the_last_parcel_that_carries_any_of_it(self, database: Database) -> None:
        take(database, JSON)
        order = stored(database, "#2002")
        assert [parcel.tracking for parcel in order.shipments] == ["PP21", "PP22"]
        assert sent(order.lines) == [1, 1, None]
        assert [line.quantity for line in order.lines] == [3, 1, 2]

    def test_the_price_is_what_was_paid_for_one_in_the_currency_it_was_paid_in(self, database: Database) -> None:
        take(database, JSON)
        (lamp,) = stored(database, "#2003").lines
        assert (lamp.unit_price, lamp.currency) == (Decimal("54.45"), "USD")  # (110 - 11 + 9.90) / 2
        (pen,) = stored(database, "#2007").lines
        assert (pen.unit_price, pen.currency) == (Decimal("6.6667"), "EUR")
        assert format(pen.unit_price * pen.quantity, ".2f") == "20.00"

    def test_the_day_of_payment_is_that_of_the_last_capture_where_it_is_told(self, database: Database) -> None:
        take(database, JSON)
        assert stored(database, "#2007").paid_at == datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
        assert stored(database, "#2009").paid_at is None

    def test_what_was_lost_and_what_is_over_is_counted_by_kind(self, database: Database) -> None:
        report = take(database, JSON)
        assert report.losses == {
            "delivery_days": 2, "payment_days": 3, "shipping_charges": 1, "several_parcels": 1, "partly_sent": 1,
            "more_tracking": 1, "refunds": 1, "removed": 1, "notes": 1, "phones": 1, "not_sent": 1,
        }  # fmt: skip
        assert report.left_out == {"cancelled": 1, "refunded": 1, "test": 1}

    def test_a_refused_order_is_told_by_the_names_of_the_api(self, database: Database) -> None:
        (refused,) = take(database, JSON).refused
        assert refused.number == "#2008"
        assert [problem.path for problem in refused.problems] == ["email", "line_items[0].quantity"]
        assert JSON.split(b"\n")[refused.line - 1 if refused.line else 0].strip() == b"{"

    def test_more_after_the_list_is_unreadable(self, database: Database) -> None:
        with pytest.raises(UnreadableImport, match="goes on after the end"):
            take(database, JSON + JSON)

    @pytest.mark.parametrize(
        "damage",
        [
            {"line_items": 5}, {"line_items": [None]}, {"line_items": [{}]}, {"fulfillments": "none"},
            {"fulfillments": [{"line_items": [{"id": [1]}]}]}, {"billing_address": [], "email": {}}, {"name": 7},
            {"line_items": [{"id": {}, "name": "Pen", "quantity": 10**30, "price": "9e99"}]},
            {"line_items": [{"name": "Pen", "quantity": 1, "price": "1", "tax_lines": [{"price": "x"}, 1]}]},
        ],
    )  # fmt: skip
    def test_no_shape_upsets_the_mapping(self, database: Database, damage: dict[str, Any]) -> None:
        order = json.loads(JSON)["orders"][0] | damage
        assert take(database, json.dumps([order]).encode()).total == 1


@pytest.mark.parametrize("named", [None, "papermill"])
def test_the_shop_has_to_be_named(database: Database, named: str | None) -> None:
    with pytest.raises(UnreadableImport, match=r"--shop KEY \(inkwell\)"):
        import_orders(database, BytesIO(CSV), NOW, order_format="shopify", shop=named)

"""What an order must hold, what may be left out, and the words for what is wrong."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_store.importing.checking import check_order
from order_store.importing.fields import Problem
from order_store.importing.reading import ToldObject
from order_store.importing.told import ToldOrder
from tests.store.conftest import told

SHOPS = frozenset({"inkwell"})
LEAST: dict[str, Any] = {
    "number": "IW-1",
    "shop": "inkwell",
    "customer": {"email": "ada@example.com"},
    "lines": [{"title": "Pen", "quantity": 1, "unit_price": "1", "currency": "EUR"}],
}


def taken(order: Any) -> ToldOrder:
    checked = check_order(order, SHOPS)
    assert isinstance(checked, ToldOrder), [str(problem) for problem in checked]
    return checked


def refused(order: Any) -> list[Problem]:
    checked = check_order(order, SHOPS)
    assert isinstance(checked, list), checked
    return checked


def change(path: str, value: Any) -> dict[str, Any]:
    """The order of the contract with one field changed: "lines[0].sku"."""
    order = told()
    *steps, last = path.replace("]", "").replace("[", ".").split(".")
    part: Any = order
    for step in steps:
        part = part[int(step)] if step.isdigit() else part[step]
    part[int(last) if last.isdigit() else last] = value
    return order


def test_a_whole_order_is_taken_as_told() -> None:
    order = taken(told())
    assert (order.number, order.number_key) == ("IW-10482", "IW10482")
    assert (order.customer.email, order.customer.phone) == ("ada.fenn@example.com", "+493023125111")
    assert order.paid_at == datetime(2026, 3, 1, 7, 20, tzinfo=UTC)
    assert order.paid_at is not None
    assert order.paid_at.tzinfo is UTC
    assert order.shipments[0].promised_by == date(2026, 3, 6)
    (line,) = order.lines
    assert (line.unit_price, line.currency, line.shipment) == (Decimal("39.90"), "EUR", 0)
    assert line.one_year_service == {"provider": "Nibcare", "terms_url": "https://nibcare.example.com/terms"}


def test_what_may_be_left_out_counts_as_not_known() -> None:
    order = taken(LEAST)
    assert order == taken(
        LEAST
        | {
            "invoice": None,
            "placed_at": None,
            "shipments": None,
            "customer": {"email": "ada@example.com", "name": " ", "phone": "", "standing": None},
            "on_platform": None,
            "address_error": None,
        }
    )
    assert (order.on_platform, order.address_error, order.customer.standing) == (True, "none", "good")
    assert (order.lines[0].stock, order.lines[0].shipment, order.lines[0].one_year_service) == ("in_stock", None, None)


@pytest.mark.parametrize(
    "path", ["number", "shop", "customer", "customer.email", "lines[0].title", "lines[0].quantity",
             "lines[0].unit_price", "lines[0].currency"]
)  # fmt: skip
def test_what_is_needed_is_missed_by_its_path(path: str) -> None:
    (problem,) = refused(change(path, None))
    assert problem.path == path
    assert "expected" in problem.message
    assert "found nothing" in problem.message


@pytest.mark.parametrize(
    ("path", "wrong", "words"),
    [
        ("number", 10482, "expected text of 1 to 64 characters, found the number 10482"),
        ("number", "---", "expected letters or digits in the number"),
        ("number", "9" * 65, "expected text of 1 to 64 characters"),
        ("shop", "papermill", "expected a shop of the store (inkwell), found 'papermill'"),
        ("customer", "Ada", "expected an object, found the text 'Ada'"),
        ("customer.email", "nobody", "expected an e-mail address such as name@example.com, found the text 'nobody'"),
        ("customer.email", "a@b", "expected an e-mail address"),
        ("customer.email", "a b@example.com", "expected an e-mail address"),
        ("customer.email", "Ada <ada@example.com>", "expected an e-mail address"),
        ("customer.phone", "030 23125 111", "expected a phone number with its country code such as +49 30 23125 100"),
        ("customer.phone", 4930, "expected a phone number"),
        ("customer.phone", "call me", "expected a phone number"),
        ("customer.standing", "excellent", "expected good or suspended, found the text 'excellent'"),
        ("customer.name", ["Ada"], "expected text of 1 to 200 characters, found a list of 1"),
        ("customer.name", "half \ud800", "expected text"),
        ("placed_at", "2026-03-01", "expected an instant with its offset such as 2026-03-01T10:00:00+01:00"),
        ("placed_at", "2026-03-01T10:00:00", "expected an instant with its offset"),
        ("placed_at", "2026-02-30T10:00:00Z", "expected an instant with its offset"),
        ("placed_at", "2026-03-01T10:00:60Z", "expected an instant with its offset"),
        ("placed_at", "0001-01-01T00:00:00Z", "expected an instant with its offset"),
        ("placed_at", "9999-12-31T23:59:59-14:00", "expected an instant with its offset"),
        ("placed_at", 1772355600, "expected an instant with its offset"),
        ("placed_at", "yesterday", "expected an instant with its offset"),
        ("on_platform", "yes", "expected true or false, found the text 'yes'"),
        ("on_platform", 1, "expected true or false, found the number 1"),
        ("address_error", "wrong street", "expected none or customer or carrier"),
        ("address_error", ["none"], "expected none or customer or carrier, found a list of 1"),
        ("shipments", {}, "expected a list of at most 1000 objects, found an object"),
        ("shipments[0]", "PP 5519", "expected an object, found the text 'PP 5519'"),
        ("shipments[0].promised_by", "2026-03-06T00:00:00Z", "expected a date such as 2026-03-01"),
        ("shipments[0].promised_by", "2026-13-01", "expected a date such as 2026-03-01"),
        ("shipments[0].promised_by", "20260306", "expected a date such as 2026-03-01"),
        ("lines", [], "expected at least one line, found none"),
        ("lines", "pen", "expected a list of at most 1000 objects, found the text 'pen'"),
        ("lines[0]", None, "expected an object, found nothing"),
        ("lines[0].title", " \t ", "expected text of 1 to 500 characters"),
        ("lines[0].quantity", 0, "expected a whole number from 1 to 1000000, found the number 0"),
        ("lines[0].quantity", True, "expected a whole number from 1 to 1000000, found true"),
        ("lines[0].quantity", 1.5, "expected a whole number from 1 to 1000000, found the number 1.5"),
        ("lines[0].quantity", 10**30, "found a huge number"),
        ("lines[0].unit_price", 39.9, 'expected a decimal in quotes such as "39.90", found the number 39.9'),
        ("lines[0].unit_price", "39,90", "expected a decimal in quotes"),
        ("lines[0].unit_price", "-1.00", "expected a decimal in quotes"),
        ("lines[0].unit_price", "1e3", "expected a decimal in quotes"),
        ("lines[0].unit_price", "NaN", "expected a decimal in quotes"),
        ("lines[0].unit_price", "1.00000", "expected a decimal in quotes"),
        ("lines[0].currency", "eur", "expected an ISO 4217 currency such as EUR, found the text 'eur'"),
        ("lines[0].currency", "XXX", "expected an ISO 4217 currency"),
        ("lines[0].currency", "€", "expected an ISO 4217 currency"),
        ("lines[0].shipment", 1, "expected a whole number from 0 to 0, found the number 1"),
        ("lines[0].shipment", -1, "expected a whole number from 0 to 0"),
        ("lines[0].shipment", False, "expected a whole number from 0 to 0, found false"),
        ("lines[0].shipment", "0", "expected a whole number from 0 to 0"),
        ("lines[0].warranty_until", "never", "expected a date such as 2026-03-01"),
        ("lines[0].one_year_service", True, "expected an object, found true"),
        ("lines[0].one_year_service.terms_url", "terms.pdf", "expected an address such as"),
        ("lines[0].one_year_service.price", "9.90", "is no field of the format"),
        ("lines[0].stock", "plenty", "expected in_stock or out_of_stock"),
        ("lines[0].unitprice", "39.90", "is no field of the format; did you mean unit_price?"),
        ("colour", "red", "is no field of the format; expected number, shop, invoice"),
    ],
)
def test_a_wrong_field_is_refused_with_its_path_and_what_was_expected(path: str, wrong: Any, words: str) -> None:
    (problem,) = refused(change(path, wrong))
    assert problem.path == path
    assert words in problem.message


@pytest.mark.parametrize("order", [None, "IW-1", 5, [], [LEAST]])
def test_what_is_no_object_is_no_order(order: Any) -> None:
    (problem,) = refused(order)
    assert problem.path == ""
    assert problem.message.startswith("expected an object, found")


def test_every_wrong_field_is_told_at_once() -> None:
    order = change("customer.email", "nobody") | {"paid_at": "soon", "colour": "red"}
    order["lines"][0]["currency"] = "Euro"
    assert {problem.path for problem in refused(order)} == {"customer.email", "paid_at", "colour", "lines[0].currency"}


def test_a_key_told_twice_is_refused_by_its_path() -> None:
    line = ToldObject(told()["lines"][0])
    line.twice = ("unit_price",)
    assert refused(told(lines=[line])) == [Problem("lines[0].unit_price", "is told twice; keep one")]


SHIPPED = "2026-03-02T16:00:00+01:00"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("shipments[0].delivered_at", "2026-03-02T15:59:59+01:00"),
        ("receipt_confirmed_at", "2026-03-02T14:59:59Z"),
        ("completed_at", "2026-03-01T08:19:59+01:00"),
    ],
)
def test_impossible_dates_are_refused(path: str, value: str) -> None:
    (problem,) = refused(change(path, value))
    assert problem.path == path
    assert problem.message.startswith("expected an instant not before ")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("shipments[0].delivered_at", SHIPPED),
        ("receipt_confirmed_at", SHIPPED),
        ("completed_at", "2026-03-01T08:20:00+01:00"),
        ("paid_at", "2026-03-20T08:20:00+01:00"),
        ("placed_at", "2026-03-20T08:20:00+01:00"),
        ("protection_ends_at", "2026-01-01T00:00:00Z"),
    ],
)
def test_other_orders_of_events_do_occur(path: str, value: str) -> None:
    taken(change(path, value))


def shipments(count: int) -> list[dict[str, Any]]:
    return [{"tracking": str(number)} for number in range(count)]


def a_line(**fields: Any) -> list[dict[str, Any]]:
    return [LEAST["lines"][0] | fields]


@pytest.mark.parametrize(
    ("parcels", "line", "index"),
    [
        (0, {}, None),
        (0, {"shipment": None}, None),
        (1, {}, 0),
        (1, {"shipment": None}, None),
        (1, {"shipment": 0}, 0),
        (2, {"shipment": 1}, 1),
        (2, {"shipment": None}, None),
    ],
)
def test_a_line_travels_in_the_parcel_it_names_or_the_only_one(
    parcels: int, line: dict[str, Any], index: int | None
) -> None:
    order = taken(LEAST | {"shipments": shipments(parcels), "lines": a_line(**line)})
    assert order.lines[0].shipment == index


@pytest.mark.parametrize(
    ("parcels", "line", "words"),
    [
        (2, {}, "expected an index from 0 to 1, or null when not shipped"),
        (2, {"shipment": 2}, "expected a whole number from 0 to 1"),
        (0, {"shipment": 0}, "expected null, since the order tells no shipments"),
    ],
)
def test_a_parcel_that_is_none_of_the_order_is_refused(parcels: int, line: dict[str, Any], words: str) -> None:
    (problem,) = refused(LEAST | {"shipments": shipments(parcels), "lines": a_line(**line)})
    assert problem.path == "lines[0].shipment"
    assert words in problem.message


def test_text_becomes_one_line_of_single_spaces() -> None:
    order = change("lines[0].title", "  Fountain\tpen,\r\n fine\u00a0\u2003nib\x00\u202e ")
    order["customer"]["name"] = "Ada\n\nFenn"
    assert taken(order).lines[0].title == "Fountain pen, fine nib"
    assert taken(order).customer.name == "Ada Fenn"


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("+49 (0)30 23125-111", "+493023125111"),
        ("0049 30 23125 111", "+493023125111"),
        ("+1 555.0123", "+15550123"),
        ("+44/20/7946 0123", "+442079460123"),
    ],
)
def test_phone_numbers_are_stored_in_one_form(written: str, stored: str) -> None:
    assert taken(change("customer.phone", written)).customer.phone == stored


@pytest.mark.parametrize(
    "written",
    ["2026-03-01T07:20:00Z", "2026-03-01t08:20:00+01:00", "2026-03-01 08:20+0100", "2026-03-01T07:20:00.000z"],
)
def test_an_instant_may_be_written_in_any_offset(written: str) -> None:
    assert taken(change("paid_at", written)).paid_at == datetime(2026, 3, 1, 7, 20, tzinfo=UTC)


def test_the_same_order_in_another_writing_has_the_same_fingerprint() -> None:
    other = change("paid_at", "2026-03-01T07:20:00Z")
    other["customer"]["email"] = "ada.fenn@example.com"
    del other["protection_ends_at"]
    assert taken(other).digest == taken(told()).digest
    assert taken(change("lines[0].serial", "S1")).digest != taken(told()).digest


ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
PATHS = [
    *("number", "shop", "invoice", "customer", "customer.name", "customer.email", "customer.phone"),
    *("placed_at", "on_platform", "address_error", "shipments", "shipments[0]", "shipments[0].tracking"),
    *("shipments[0].promised_by", "shipments[0].shipped_at", "lines", "lines[0]", "lines[0].quantity"),
    *("lines[0].unit_price", "lines[0].currency", "lines[0].shipment", "lines[0].one_year_service", "lines[0].stock"),
]


@given(st.sampled_from(PATHS), ANYTHING)
def test_no_value_upsets_the_checking(path: str, value: Any) -> None:
    checked = check_order(change(path, value), SHOPS)
    if isinstance(checked, list):
        assert all(problem.message for problem in checked)
    else:
        assert checked.digest

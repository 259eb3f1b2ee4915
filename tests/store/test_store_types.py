"""Instants and money come back as they went in, on both databases."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import StatementError

from order_store import Database, Line, Order, Shop
from order_store.types import Money, UTCDateTime

OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.datetimes(datetime(1970, 1, 2), datetime(2199, 12, 30), timezones=OFFSETS)  # noqa: DTZ001


@given(INSTANTS)
def test_an_instant_of_any_zone_is_the_same_instant_in_utc_afterwards(instant: datetime) -> None:
    for dialect in (sqlite.dialect(), postgresql.dialect()):
        stored = UTCDateTime().process_bind_param(instant, dialect)
        back = UTCDateTime().process_result_value(stored, dialect)
        assert back == instant
        assert back.tzinfo is UTC


def test_an_instant_survives_the_database_to_the_microsecond(database: Database, order: Order) -> None:
    instant = datetime(2026, 3, 29, 2, 30, 0, 123456, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    with database.write() as session:
        session.get_one(Order, order.id).completed_at = instant
    with database.read() as session:
        back = session.scalar(select(Order.completed_at))
    assert back == instant
    assert back.utcoffset() == timedelta(0)


def test_a_naive_instant_is_refused(database: Database, order: Order) -> None:
    with pytest.raises(StatementError, match="needs an offset from UTC"), database.write() as session:
        session.get_one(Order, order.id).completed_at = datetime(2026, 3, 1)  # noqa: DTZ001


@pytest.mark.parametrize("amount", ["0.10", "39.90", "0", "1234567890.1234", "0.0001", "100000"])
def test_an_amount_keeps_every_digit_it_was_written_with(database: Database, order: Order, amount: str) -> None:
    with database.write() as session:
        session.get_one(Line, order.lines[0].id).unit_price = Decimal(amount)
    with database.read() as session:
        back = session.scalar(select(Line.unit_price))
    assert isinstance(back, Decimal)
    assert str(back) == amount


@pytest.mark.parametrize("amount", [39.9, 39, "39.90", Decimal("NaN"), Decimal("Infinity")])
def test_anything_but_a_finite_decimal_is_no_amount(amount: object) -> None:
    with pytest.raises(ValueError, match="finite Decimal"):
        Money().process_bind_param(amount, sqlite.dialect())  # type: ignore[arg-type]


def test_a_json_field_that_is_not_known_is_null_in_the_database(database: Database, order: Order) -> None:
    with database.write() as session:
        session.get_one(Line, order.lines[0].id).one_year_service = None
    with database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM lines WHERE one_year_service IS NULL")) == 1


def test_a_json_field_keeps_the_order_of_its_keys(database: Database, shop: str) -> None:
    parameters = {"zeta": 1, "alpha": 2, "mu": 3}
    with database.write() as session:
        session.get_one(Shop, shop).parameters = parameters
    with database.read() as session:
        assert list(session.get_one(Shop, shop).parameters) == list(parameters)

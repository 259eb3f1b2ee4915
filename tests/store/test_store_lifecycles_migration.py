"""What was in the store before cases had states keeps everything, and gets the states its columns tell of."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import MetaData, Table, select

from order_store import (
    BackorderChoice,
    Base,
    Database,
    Dispute,
    Refund,
    Rma,
    Shop,
    Ticket,
    new_number,
    replay,
    state_of,
)
from tests.postgres import closing_database

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
JUDGED: dict[str, Any] = {"facts": {"as_of": NOW.isoformat()}, "verdict": {"remedy": "x"}}
LINES = 12


@pytest.fixture
def before(empty_store_url: str) -> Iterator[Database]:
    """A store as it was, with three pieces of something on every line."""
    with closing_database(empty_store_url) as database:
        database.upgrade("0001")
        insert(
            database,
            "shops",
            key="inkwell",
            name="Inkwell",
            timezone="Europe/Berlin",
            country="DE",
            approval="automatic",
            programmes=["store_policy"],
            languages=["en"],
            service_center=[],
            allowed_origins=[],
            parameters={},
            contact={},
            opening_hours={},
        )
        insert(database, "customers", shop_key="inkwell", email="ada@example.com", standing="good")
        for number, paid_at in (("1", NOW), ("2", None)):
            insert(
                database,
                "orders",
                shop_key="inkwell",
                number=number,
                number_key=number,
                customer_id=1,
                paid_at=paid_at,
                on_platform=True,
                address_error="none",
            )
        for position in range(LINES):
            insert(
                database,
                "lines",
                order_id=1 if position < LINES - 1 else 2,
                position=position,
                title="Pen",
                quantity=3,
                unit_price=Decimal("39.90"),
                currency="EUR",
                stock="in_stock",
            )
        yield database


def insert(database: Database, table: str, **values: Any) -> None:
    with database.write() as session:
        connection = session.connection()
        known = Table(table, MetaData(), autoload_with=connection)
        if connection.dialect.name == "sqlite":
            values = {name: _for_sqlite(value) for name, value in values.items()}
        connection.execute(known.insert().values(**values))


def _for_sqlite(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None)
    return f"{value:f}" if isinstance(value, Decimal) else value


def rma(database: Database, line: int, remedy: str = "return_refund", **columns: Any) -> None:
    insert(
        database,
        "rmas",
        line_id=line,
        programme="store_policy",
        remedy=remedy,
        number=new_number("rma"),
        reason="defective",
        issued_at=NOW,
        to_check=[],
        idempotency_key=f"rma:{line}",
        **JUDGED,
        **columns,
    )


def dispute(database: Database, line: int, **columns: Any) -> None:
    insert(
        database,
        "disputes",
        line_id=line,
        number=new_number("dispute"),
        reason="not_received",
        opened_at=NOW,
        to_check=[],
        idempotency_key=f"dispute:{line}",
        **JUDGED,
        **columns,
    )


def refund(database: Database, line: int) -> None:
    insert(
        database,
        "refunds",
        line_id=line,
        amount=Decimal("119.70"),
        currency="EUR",
        because="out_of_stock",
        requested_at=NOW,
        idempotency_key=f"refund:line:{line}",
    )


def choice(database: Database, line: int, chosen: str) -> None:
    insert(
        database,
        "backorder_choices",
        line_id=line,
        choice=chosen,
        chosen_at=NOW,
        idempotency_key=f"backorder:{line}",
        **JUDGED,
    )


def all_of(database: Database, table: type[Base]) -> list[Any]:
    with database.read() as session:
        return list(session.scalars(select(table).order_by("id")))


LATER = NOW + timedelta(days=9)


def test_every_rma_gets_the_states_its_columns_tell_of(before: Database) -> None:
    rma(before, 1)
    rma(before, 2, handed_over_at=NOW, tracked=True)
    rma(before, 3, handed_over_at=NOW, received_at=LATER)
    rma(before, 4, received_at=NOW, closed_at=LATER)
    rma(before, 5, "exchange", received_at=NOW, closed_at=LATER)
    rma(before, 6, "warranty_repair", received_at=NOW, closed_at=LATER)
    rma(before, 7, handed_over_at=NOW, closed_at=LATER)
    rma(before, 8, closed_at=LATER)
    before.upgrade()
    rmas = all_of(before, Rma)
    assert [tuple(state_of(each).values()) for each in rmas] == [
        ("awaited", "approved", "none", "open"),
        ("sent", "approved", "none", "open"),
        ("received", "approved", "none", "open"),
        ("inspected", "accepted", "refunded", "closed"),
        ("inspected", "accepted", "exchanged", "closed"),
        ("sent_back", "accepted", "repaired", "closed"),
        ("lost", "rejected", "void", "closed"),
        ("awaited", "cancelled", "void", "closed"),
    ]
    assert [(each.quantity, each.received_quantity, each.accepted_quantity) for each in rmas] == [
        *((3, 0, 0), (3, 0, 0), (3, 3, 0), (3, 3, 3), (3, 3, 3), (3, 3, 3), (3, 0, 0), (3, 0, 0)),
    ]
    with before.read() as session:
        for each in session.scalars(select(Rma)):
            assert replay(session, each) == state_of(each)
    (paid,) = all_of(before, Refund)
    assert (paid.line_id, paid.rma_id, paid.amount) == (4, 4, Decimal("119.70"))
    assert (paid.state, paid.paid_at) == ("paid", LATER)


def test_a_dispute_whose_claim_has_closed_still_owes_its_refund(before: Database) -> None:
    dispute(before, 1)
    dispute(before, 2, claim_closed_at=LATER)
    dispute(before, LINES, claim_closed_at=LATER)
    before.upgrade()
    assert [tuple(state_of(each).values()) for each in all_of(before, Dispute)] == [
        ("opened", "undecided", "none", "open"),
        ("decided", "for_buyer", "due", "closed"),
        ("decided", "for_buyer", "void", "closed"),
    ]
    (owed,) = all_of(before, Refund)
    assert (owed.dispute_id, owed.because, owed.state, owed.paid_at) == (2, "dispute", "requested", None)


def test_choices_and_tickets_get_theirs(before: Database) -> None:
    choice(before, 1, "wait")
    choice(before, 2, "refund")
    refund(before, 2)
    choice(before, LINES, "refund")
    for number, closed_at in (("TKT-1", None), ("TKT-2", LATER)):
        insert(
            before,
            "tickets",
            number=number,
            shop_key="inkwell",
            why="asked_for_person",
            transcript=[],
            opened_at=NOW,
            closed_at=closed_at,
            idempotency_key=number,
        )
    before.upgrade()
    assert [each.course for each in all_of(before, BackorderChoice)] == ["waiting", "refund_due", "released"]
    assert [each.course for each in all_of(before, Ticket)] == ["waiting", "answered"]
    assert [each.privacy_answer_days for each in all_of_shops(before)] == [30]


def all_of_shops(database: Database) -> list[Shop]:
    with database.read() as session:
        return list(session.scalars(select(Shop)))


def test_down_and_up_again_keeps_what_there_was(before: Database) -> None:
    rma(before, 1, handed_over_at=NOW, tracked=True, tracking="PP 1")
    rma(before, 2, received_at=NOW, closed_at=LATER)
    dispute(before, 3, claim_closed_at=LATER)
    choice(before, 4, "refund")
    refund(before, 4)
    stood = everything(before)
    before.upgrade()
    states = [state_of(each) for table in (Rma, Dispute, BackorderChoice, Refund) for each in all_of(before, table)]
    before.downgrade("0001")
    assert everything(before) == stood
    before.upgrade()
    again = [state_of(each) for table in (Rma, Dispute, BackorderChoice, Refund) for each in all_of(before, table)]
    assert again == states


def everything(database: Database) -> dict[str, list[Any]]:
    """All rows of the tables there were, apart from the audit trail, which only grows."""
    tables = ("shops", "customers", "orders", "lines", "rmas", "disputes", "backorder_choices", "refunds", "tickets")
    with database.read() as session:
        connection = session.connection()
        known = {name: Table(name, MetaData(), autoload_with=connection) for name in tables}
        return {
            name: [dict(row) for row in connection.execute(table.select().order_by(table.c[0])).mappings()]
            for name, table in known.items()
        }


def test_the_id_of_a_refund_that_went_is_not_given_again(before: Database) -> None:
    for line in (1, 2):
        refund(before, line)
    with before.write() as session:
        connection = session.connection()
        refunds = Table("refunds", MetaData(), autoload_with=connection)
        connection.execute(refunds.delete().where(refunds.c.id == 2))
    before.upgrade()
    with before.write() as session:
        added = Refund(
            line_id=3,
            amount=Decimal("1.00"),
            currency="EUR",
            because="dispute",
            requested_at=NOW,
            idempotency_key="another",
        )
        session.add(added)
        session.flush()
        assert added.id == 3

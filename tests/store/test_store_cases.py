"""What the database itself forbids: two open cases for a line, a code nobody knows, a yes counted twice."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from order_store import (
    BackorderChoice,
    Base,
    Cancellation,
    Customer,
    Database,
    Line,
    Order,
    Refund,
    Shop,
    Ticket,
)
from tests.store.conftest import NOW
from tests.store.test_store_finding import a_dispute, an_rma

JUDGED: dict[str, Any] = {"facts": {"as_of": "2026-03-10T09:30:00+00:00"}, "verdict": {}}


def add(database: Database, *rows: Base) -> None:
    with database.write() as session:
        session.add_all(rows)


def test_a_line_has_one_open_rma(database: Database, order: Order) -> None:
    line = order.lines[0].id
    add(database, an_rma(line))
    with pytest.raises(IntegrityError):
        add(database, an_rma(line))


def test_a_line_has_one_running_dispute(database: Database, order: Order) -> None:
    line = order.lines[0].id
    add(database, a_dispute(line))
    with pytest.raises(IntegrityError):
        add(database, a_dispute(line))


def test_closed_cases_leave_room_for_another(database: Database, order: Order) -> None:
    line = order.lines[0].id
    add(database, an_rma(line, closed_at=NOW), an_rma(line, closed_at=NOW), an_rma(line))
    add(database, a_dispute(line, claim_closed_at=NOW), a_dispute(line))


@pytest.mark.parametrize("make", [an_rma, a_dispute])
@pytest.mark.parametrize("same", ["number", "idempotency_key"])
def test_a_number_and_an_idempotency_key_are_used_once(database: Database, order: Order, make: Any, same: str) -> None:
    closed = "closed_at" if make is an_rma else "claim_closed_at"
    rows = [make(order.lines[0].id, **{same: "the same", closed: NOW}) for _ in range(2)]
    with pytest.raises(IntegrityError):
        add(database, *rows)


def test_a_line_is_cancelled_once(database: Database, order: Order) -> None:
    line = order.lines[0].id
    add(database, Cancellation(line_id=line, cancelled_at=NOW, idempotency_key="a", **JUDGED))
    with pytest.raises(IntegrityError):
        add(database, Cancellation(line_id=line, cancelled_at=NOW, idempotency_key="b", **JUDGED))


def test_a_backorder_is_chosen_for_once(database: Database, order: Order) -> None:
    line = order.lines[0].id
    add(database, BackorderChoice(line_id=line, choice="wait", chosen_at=NOW, idempotency_key="a", **JUDGED))
    with pytest.raises(IntegrityError):
        add(database, BackorderChoice(line_id=line, choice="refund", chosen_at=NOW, idempotency_key="b", **JUDGED))


@pytest.mark.parametrize(
    ("table", "column"),
    [
        (Shop, "approval"),
        (Customer, "standing"),
        (Order, "address_error"),
        (Line, "stock"),
    ],
)
def test_a_code_nobody_knows_is_refused_in_what_is_stored(
    database: Database, order: Order, table: type[Base], column: str
) -> None:
    ids = {Shop: "inkwell", Customer: order.customer_id, Order: order.id, Line: order.lines[0].id}
    with pytest.raises(IntegrityError), database.write() as session:
        setattr(session.get_one(table, ids[table]), column, "perhaps")


@pytest.mark.parametrize("column", ["programme", "remedy"])
def test_a_code_nobody_knows_is_refused_in_an_rma(database: Database, order: Order, column: str) -> None:
    with pytest.raises(IntegrityError):
        add(database, an_rma(order.lines[0].id, **{column: "perhaps"}))


def test_a_refund_keeps_its_amount_and_says_why(database: Database, order: Order) -> None:
    line = order.lines[0].id
    refund = {"line_id": line, "amount": Decimal("39.90"), "currency": "EUR", "requested_at": NOW}
    add(database, Refund(because="cancelled", idempotency_key="a", **refund))
    with pytest.raises(IntegrityError):
        add(database, Refund(because="a whim", idempotency_key="b", **refund))
    with database.read() as session:
        assert session.get_one(Refund, 1).amount == Decimal("39.90")


def test_a_ticket_needs_no_order_and_no_conversation(database: Database, shop: str) -> None:
    add(database, Ticket(number="TKT-1", shop_key=shop, why="asked", opened_at=NOW, idempotency_key="a"))
    with database.read() as session:
        ticket = session.get_one(Ticket, 1)
    assert (ticket.transcript, ticket.verdict, ticket.order_id) == ([], None, None)


def test_the_id_of_a_deleted_row_is_never_given_again(database: Database, order: Order) -> None:
    rma = an_rma(order.lines[0].id)
    add(database, rma)
    with database.write() as session:
        session.delete(session.merge(rma))
    again = an_rma(order.lines[0].id)
    add(database, again)
    assert again.id > rma.id

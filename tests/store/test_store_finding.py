"""Finding orders, RMAs and disputes by what a customer types."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import NoResultFound

from order_store import (
    Database,
    Dispute,
    Order,
    Rma,
    find_order,
    find_rma,
    find_shop,
    import_orders,
    latest_dispute,
    lock_line,
    new_number,
    open_dispute,
    open_rma,
    order_key,
    save_shops,
)
from tests.store.conftest import NOW, a_shop, told


def an_rma(line_id: int, **changes: object) -> Rma:
    return Rma(
        **{
            "line_id": line_id,
            "programme": "store_policy",
            "remedy": "return_refund",
            "number": new_number("rma"),
            "reason": "defective",
            "issued_at": NOW,
            "facts": {},
            "verdict": {},
            "to_check": [],
            "idempotency_key": new_number("rma"),
        }
        | changes
    )


def a_dispute(line_id: int, **changes: object) -> Dispute:
    return Dispute(
        **{
            "line_id": line_id,
            "number": new_number("dispute"),
            "reason": "not_received",
            "opened_at": NOW,
            "facts": {},
            "verdict": {},
            "to_check": [],
            "idempotency_key": new_number("dispute"),
        }
        | changes
    )


FULL_WIDTH = "".join(chr(ord(character) + 0xFEE0) for character in "IW10482")
ARABIC_DIGITS = "IW-" + "".join(chr(ord(digit) - ord("0") + 0x660) for digit in "10482")


@pytest.mark.parametrize(
    "typed", ["IW-10482", "iw10482", "#IW 10 482", " Iw\N{EN DASH}10482. ", FULL_WIDTH, ARABIC_DIGITS]
)
def test_an_order_is_found_however_its_number_is_typed(database: Database, order: Order, typed: str) -> None:
    with database.read() as session:
        found = find_order(session, "inkwell", typed)
    assert found is not None
    assert found.id == order.id


@pytest.mark.parametrize("typed", ["", "#", "IW-10483", "10482", "AC-10482", "%", "_W-10482", "x" * 10_000])
def test_another_number_finds_nothing(database: Database, order: Order, typed: str) -> None:
    with database.read() as session:
        assert find_order(session, "inkwell", typed) is None


def test_another_shop_does_not_find_the_order(database: Database, order: Order) -> None:
    with database.write() as session:
        save_shops(session, [a_shop("papermill")])
    with database.read() as session:
        assert find_order(session, "papermill", "IW-10482") is None


def test_a_found_order_can_be_read_whole_after_the_session(database: Database, order: Order) -> None:
    assert order.customer.email == "ada.fenn@example.com"
    assert order.shop.timezone == "Europe/Berlin"
    assert [shipment.order for shipment in order.shipments] == [order]
    assert [line.order for line in order.lines] == [order]
    assert order.lines[0].shipment is order.shipments[0]


def test_lines_come_in_their_order(database: Database, shop: str) -> None:
    titles = [f"Ink {number}" for number in range(12)]
    lines = [told()["lines"][0] | {"title": title} for title in titles]
    import_orders(database, [told(lines=lines)], NOW)
    with database.read() as session:
        found = find_order(session, shop, "IW-10482")
    assert found is not None
    assert [line.title for line in found.lines] == titles


@given(st.text())
def test_a_key_is_the_same_for_the_key(text: str) -> None:
    assert order_key(order_key(text)) == order_key(text)


def test_an_rma_is_found_by_its_number_within_its_shop(database: Database, order: Order) -> None:
    with database.write() as session:
        save_shops(session, [a_shop("papermill")])
        rma = an_rma(order.lines[0].id)
        session.add(rma)
    with database.read() as session:
        found = find_rma(session, "inkwell", rma.number.lower().replace("-", " "))
        assert find_rma(session, "papermill", rma.number) is None
        assert find_rma(session, "inkwell", rma.number[:-1]) is None
    assert found is not None
    assert found.line.order.number == "IW-10482"


def test_only_what_is_open_is_found_for_a_line(database: Database, order: Order) -> None:
    line = order.lines[0].id
    with database.write() as session:
        session.add_all([an_rma(line, closed_at=NOW), a_dispute(line, claim_closed_at=NOW)])
    with database.read() as session:
        assert open_rma(session, line) is None
        assert open_dispute(session, line) is None
    with database.write() as session:
        session.add_all([an_rma(line, number="RMA-OPEN"), a_dispute(line, number="DSP-OPEN")])
    with database.read() as session:
        rma, dispute = open_rma(session, line), open_dispute(session, line)
    assert rma is not None
    assert dispute is not None
    assert (rma.number, dispute.number) == ("RMA-OPEN", "DSP-OPEN")
    assert rma.line.order.number == dispute.line.order.number == "IW-10482"


def test_a_locked_line_makes_the_next_writer_wait_and_see_what_was_written(database: Database, order: Order) -> None:
    line = order.lines[0].id
    issued: list[bool] = []

    def issue_once() -> None:
        with database.write() as session:
            lock_line(session, line)
            free = open_rma(session, line) is None
            if free:
                session.add(an_rma(line))
            issued.append(free)

    threads = [threading.Thread(target=issue_once) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(issued) == [False] * 7 + [True]


def test_a_line_nobody_has_cannot_be_locked(database: Database) -> None:
    with pytest.raises(NoResultFound), database.write() as session:
        lock_line(session, 4711)


def test_a_shop_is_found_by_its_key_and_one_nobody_loaded_says_what_to_do(database: Database, shop: str) -> None:
    with database.read() as session:
        assert find_shop(session, shop).name == "Inkwell"
        with pytest.raises(LookupError, match=r"load its shops\.yml"):
            find_shop(session, "papermill")


def test_the_latest_dispute_is_the_newest_one_ended_or_not(database: Database, order: Order) -> None:
    line = order.lines[0].id
    with database.read() as session:
        assert latest_dispute(session, line) is None
    with database.write() as session:
        session.add_all([a_dispute(line, claim_closed_at=NOW), a_dispute(line, claim_closed_at=NOW, number="DSP-NEW")])
    with database.read() as session:
        latest = latest_dispute(session, line)
    assert latest is not None
    assert latest.number == "DSP-NEW"

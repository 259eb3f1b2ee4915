"""An article runs out and comes back; who waits for it gets it, and nobody is told twice."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from casework import refunds as money
from casework import stock, stock_told
from casework.acting import DeskError, NotPossibleError
from casework.granted import Granted
from casework.granting import NoLongerOpenError
from order_store import AuditEntry, BackorderChoice, Database, ImpossibleTransition, Line, Order, Refund
from policy_core import RemedyName
from tests.casework.desk import at_desk, letters, refunds, say_yes
from tests.casework.orders import NOW, ON_ITS_WAY, a_line, tell, the_line, told

UNSHIPPED: list[dict[str, Any]] = []


@pytest.fixture
def orders(shops: Database) -> Database:
    """Two orders of the kettle that are not shipped, one that is, and one of something else."""
    tell(
        shops,
        told(shipments=UNSHIPPED),
        told(number="QC-1002", shipments=UNSHIPPED),
        told(number="QC-1003", shipments=[ON_ITS_WAY]),
        told(number="QC-1004", shipments=UNSHIPPED, lines=[a_line(sku="L-2", title="Reading lamp")]),
        told(shop="double", shipments=UNSHIPPED),
    )
    return shops


def run_out(orders: Database, day: date | None = None, **options: Any) -> list[str]:
    with at_desk(orders, **options) as acting:
        return [line.order.number for line in stock.run_out(acting, "quill", "K-1", day)]


def restock(orders: Database) -> list[str]:
    with at_desk(orders) as acting:
        return [line.order.number for line in stock.restock(acting, "quill", "K-1")]


def ship(orders: Database, **options: Any) -> None:
    with at_desk(orders) as acting:
        stock.ship(acting, the_line(acting.session), **options)


def out_of_stock(orders: Database) -> list[str]:
    with orders.read() as session:
        return list(
            session.scalars(select(Order.number).join(Line).where(Line.stock == "out_of_stock").order_by(Order.number))
        )


def course(orders: Database) -> str:
    with orders.read() as session:
        return session.scalars(select(BackorderChoice.course)).one()


def test_every_line_that_is_not_shipped_runs_out_and_its_customer_is_told_at_once(orders: Database) -> None:
    assert run_out(orders, date(2026, 3, 24)) == ["QC-1001", "QC-1002"]
    assert out_of_stock(orders) == ["QC-1001", "QC-1002"]
    assert letters(orders) == ["item_out_of_stock"] * 2
    with orders.read() as session:
        assert the_line(session).restock_expected_on == date(2026, 3, 24)
        trail = session.scalars(select(AuditEntry).where(AuditEntry.what == "line.run_out")).all()
    assert [(entry.why, entry.who) for entry in trail] == [("ST-O1", "shop:desk")] * 2


def test_a_new_day_is_noted_and_nobody_is_told_again(orders: Database) -> None:
    run_out(orders)
    assert run_out(orders, date(2026, 3, 30), now=NOW + timedelta(days=2)) == []
    assert len(letters(orders)) == 2
    with orders.read() as session:
        assert the_line(session).restock_expected_on == date(2026, 3, 30)


def test_what_is_there_again_can_be_sent(orders: Database) -> None:
    run_out(orders, date(2026, 3, 24))
    assert restock(orders) == ["QC-1001", "QC-1002"]
    assert out_of_stock(orders) == []
    with orders.read() as session:
        assert the_line(session).restock_expected_on is None
    assert restock(orders) == []


def test_cancelled_lines_neither_run_out_nor_come_back(orders: Database) -> None:
    say_yes(orders, "cancel_order", "cancel")
    assert run_out(orders) == ["QC-1002"]


def test_who_waits_gets_the_item(orders: Database) -> None:
    run_out(orders)
    say_yes(orders, "out_of_stock", "wait_backorder")
    assert course(orders) == "waiting"
    restock(orders)
    ship(orders, carrier="Parcel Post", tracking="PP 3")
    assert course(orders) == "shipped"
    with orders.read() as session:
        line = the_line(session)
        assert line.shipment is not None
        assert (line.shipment.tracking, line.shipment.shipped_at) == ("PP 3", NOW)
    with pytest.raises(ImpossibleTransition, match="ship is not possible"):
        ship(orders)


def test_shipping_what_was_out_of_stock_puts_it_back_in_stock(orders: Database) -> None:
    run_out(orders)
    say_yes(orders, "out_of_stock", "wait_backorder")
    ship(orders)
    assert out_of_stock(orders) == ["QC-1002"]


def test_an_import_that_tells_the_parcel_ends_the_waiting(orders: Database) -> None:
    run_out(orders)
    say_yes(orders, "out_of_stock", "wait_backorder")
    tell(orders, told(shipments=[ON_ITS_WAY]))
    with at_desk(orders) as acting:
        (line,) = stock_told.left(acting.session, acting.now)
        assert stock_told.note_shipped(acting, line)
        assert stock_told.left(acting.session, acting.now) == []
        assert not stock_told.note_shipped(acting, line)
    assert course(orders) == "shipped"


def test_who_takes_the_money_gets_it_once_and_waits_no_more(orders: Database) -> None:
    run_out(orders)
    say_yes(orders, "out_of_stock", "wait_backorder")
    say_yes(orders, "out_of_stock", "refund_now", key="c1:2")
    assert course(orders) == "refund_due"
    with at_desk(orders) as acting:
        money.pay(acting, acting.session.get_one(Refund, 1), "paid")
    assert course(orders) == "refunded"
    assert [each.state for each in refunds(orders)] == ["paid"]
    again = say_yes(orders, "out_of_stock", "refund_now", key="c1:3")
    assert (again.kind, again.again, again.refund) == ("refund", True, ("79.80", "EUR"))
    with pytest.raises(ImpossibleTransition, match="ship is not possible"):
        ship(orders)
    assert "QC-1001" not in restock(orders)


def test_who_cancels_waits_no_more(orders: Database) -> None:
    run_out(orders)
    say_yes(orders, "out_of_stock", "wait_backorder")
    say_yes(orders, "cancel_order", "cancel", key="c1:2")
    assert course(orders) == "released"


def test_where_nothing_was_paid_a_refund_is_only_the_end_of_it(shops: Database) -> None:
    tell(shops, told(shipments=UNSHIPPED, paid_at=None, lines=[a_line(stock="out_of_stock")]))
    say_yes(shops, "out_of_stock", "refund_now")
    assert course(shops) == "released"
    assert refunds(shops) == []


def test_nobody_is_sent_what_they_do_not_wait_for(orders: Database) -> None:
    with pytest.raises(NotPossibleError, match="QC-1001, line 1: its customer did not choose to wait"):
        ship(orders)


def choose(orders: Database, remedy: RemedyName, now: datetime = NOW) -> Granted:
    with at_desk(orders, now, "shop:mara") as acting:
        return stock.choose(acting, the_line(acting.session), remedy)


def test_what_a_customer_replies_is_judged_and_written_as_in_the_chat(orders: Database) -> None:
    run_out(orders)
    waits = choose(orders, RemedyName.WAIT_BACKORDER)
    assert (waits.kind, waits.again, course(orders)) == ("backorder", False, "waiting")
    assert choose(orders, RemedyName.WAIT_BACKORDER).again
    money_now = choose(orders, RemedyName.REFUND_NOW)
    assert (money_now.kind, money_now.refund, course(orders)) == ("refund", ("79.80", "EUR"), "refund_due")
    assert choose(orders, RemedyName.REFUND_NOW).again
    assert [each.amount for each in refunds(orders)] == [Decimal("79.80")]
    with orders.read() as session:
        trail = session.scalars(select(AuditEntry).where(AuditEntry.what.like("backorder.%"))).all()
    assert [(entry.what, entry.who) for entry in trail] == [
        ("backorder.wait", "shop:mara"),
        ("backorder.refund", "shop:mara"),
    ]


def test_a_reply_to_a_shop_that_approves_by_hand_needs_no_second_approval(shops: Database) -> None:
    tell(shops, told(shop="workshop", shipments=UNSHIPPED, lines=[a_line(stock="out_of_stock")]))
    with at_desk(shops) as acting:
        line = the_line(acting.session, shop="workshop")
        assert stock.choose(acting, line, RemedyName.WAIT_BACKORDER).kind == "backorder"


def test_who_has_the_money_coming_cannot_wait_and_nothing_is_chosen_for_what_is_in_stock(orders: Database) -> None:
    with pytest.raises(NoLongerOpenError):
        choose(orders, RemedyName.WAIT_BACKORDER)
    run_out(orders)
    choose(orders, RemedyName.REFUND_NOW)
    with pytest.raises(NotPossibleError, match="QC-1001, line 1: called off or paid back already"):
        choose(orders, RemedyName.WAIT_BACKORDER)
    assert course(orders) == "refund_due"


def test_who_waits_is_not_asked_again_when_it_runs_out_again(orders: Database) -> None:
    run_out(orders)
    say_yes(orders, "out_of_stock", "wait_backorder")
    restock(orders)
    assert run_out(orders) == ["QC-1001", "QC-1002"]
    assert len(letters(orders)) == 3


@pytest.mark.parametrize(
    ("shop", "day", "words"), [("quill", date(2026, 3, 9), "is past"), ("nowhere", None, "no shop")]
)
def test_a_day_that_is_past_and_a_shop_nobody_knows_are_refused(
    orders: Database, shop: str, day: date | None, words: str
) -> None:
    with pytest.raises(DeskError, match=words), at_desk(orders) as acting:
        stock.run_out(acting, shop, "K-1", day)
    assert out_of_stock(orders) == []


def test_the_list_tells_who_waits_and_who_has_not_chosen(orders: Database) -> None:
    run_out(orders)
    say_yes(orders, "out_of_stock", "wait_backorder")
    with orders.read() as session:
        waiting = stock.waiting_lines(session, "quill")
        told_of = [(line.order.number, choice.course if choice else None) for line, choice in waiting]
    assert told_of == [("QC-1001", "waiting"), ("QC-1002", None)]

"""A letter that holds no longer at the moment it would be sent is not sent, whatever it was right about before."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from casework import notices, repairs, returns, stock
from casework.acting import Acting
from casework.letters import obsolete
from order_store import Database, Letter, Repair, Rma
from policy_core import RemedyName
from tests.casework.desk import say_yes
from tests.casework.letters import a_dispute, a_store_rma, an_rma, decided, in_days, quoted, ran_out
from tests.casework.orders import NOW, ON_ITS_WAY, a_line, tell, the_line, told

LATER = in_days(1)


def why(database: Database, kind: str, days: int = 1) -> list[str | None]:
    """For each letter of the kind, oldest first: why it would not be sent that many days later."""
    with database.read() as session:
        found = session.scalars(select(Letter).where(Letter.kind == kind).order_by(Letter.id)).all()
        return [obsolete(session, letter, in_days(days)) for letter in found]


def at_the_shop(database: Database, take: Callable[[Acting], object], days: int = 1) -> None:
    with database.write() as session:
        take(Acting(session, in_days(days), "shop:cli"))


def the_rma(acting: Acting) -> Rma:
    return acting.session.scalars(select(Rma)).one()


def the_repair(acting: Acting) -> Repair:
    return acting.session.scalars(select(Repair)).one()


def test_an_rma_that_was_cancelled_is_not_sent_out(shops: Database) -> None:
    tell(shops, told(shop="voltaic"))
    an_rma(shops)
    assert why(shops, "rma_issued") == [None]
    at_the_shop(shops, lambda acting: returns.cancel(acting, the_rma(acting), "customer_asked"))
    assert why(shops, "rma_issued") == ["cancelled"]


def test_an_rma_that_was_closed_is_not_sent_out_and_one_on_its_way_is(sqlite_shops: Database) -> None:
    tell(sqlite_shops, told(shop="voltaic"))
    an_rma(sqlite_shops)
    at_the_shop(sqlite_shops, lambda acting: returns.send(acting, the_rma(acting), tracking="PP 1"))
    assert why(sqlite_shops, "rma_issued") == [None]
    with sqlite_shops.write() as session:
        session.scalars(select(Rma)).one().closed_at = LATER
    assert why(sqlite_shops, "rma_issued") == ["closed"]


def test_a_quote_that_was_answered_or_ran_out_is_not_sent_out(shops: Database) -> None:
    tell(shops, told())
    quoted(shops)
    assert why(shops, "repair_quoted") == [None]
    assert why(shops, "repair_quoted", 14) == [None]  # 24 March
    assert why(shops, "repair_quoted", 15) == ["quote_expired"]
    at_the_shop(shops, lambda acting: repairs.decline(acting, the_repair(acting)))
    assert why(shops, "repair_quoted") == ["not_quoted"]


def test_of_two_quotes_only_the_new_one_is_sent_out(shops: Database) -> None:
    tell(shops, told())
    quoted(shops)

    def quote_anew(acting: Acting) -> None:
        repairs.decline(acting, the_repair(acting))
        repairs.quote(acting, the_repair(acting), Decimal("30"), "EUR", date(2026, 3, 24))

    at_the_shop(shops, quote_anew)
    assert why(shops, "repair_quoted") == ["quoted_anew", None]


@pytest.mark.parametrize(
    ("what", "code"),
    [
        (lambda shops: at_the_shop(shops, lambda acting: stock.restock(acting, "quill", "K-1")), "in_stock_again"),
        (lambda shops: tell(shops, told(shipments=[ON_ITS_WAY], lines=[a_line(stock="out_of_stock")])), "shipped"),
        (lambda shops: say_yes(shops, "out_of_stock", "wait_backorder"), "chosen"),
        (lambda shops: say_yes(shops, "out_of_stock", "refund_now"), "chosen"),
        (lambda shops: say_yes(shops, "cancel_order", "cancel"), "cancelled"),
    ],
)
def test_who_has_nothing_to_choose_any_more_is_not_asked_to(
    shops: Database, what: Callable[[Database], None], code: str
) -> None:
    tell(shops, told(shipments=[]))
    ran_out(shops)
    assert why(shops, "item_out_of_stock", 9) == [None]
    what(shops)
    assert why(shops, "item_out_of_stock", 9) == [code]


def test_a_reply_noted_at_the_desk_is_a_choice_too(sqlite_shops: Database) -> None:
    tell(sqlite_shops, told(shipments=[]))
    ran_out(sqlite_shops)
    at_the_shop(sqlite_shops, lambda acting: stock.choose(acting, the_line(acting.session), RemedyName.WAIT_BACKORDER))
    assert why(sqlite_shops, "item_out_of_stock") == ["chosen"]


def test_what_was_decided_is_told_however_late(sqlite_shops: Database) -> None:
    a_dispute(sqlite_shops)
    decided(sqlite_shops, "buyer")
    assert why(sqlite_shops, "dispute_decided", 400) + why(sqlite_shops, "refund_due", 400) == [None, None]


def test_an_rma_that_expired_before_its_letter_went_out_is_not_sent_out(sqlite_shops: Database) -> None:
    tell(sqlite_shops, told())
    rma = a_store_rma(sqlite_shops)
    with sqlite_shops.write() as session:
        notices.rma_issued(session, session.get_one(Rma, rma.id), NOW)
        session.get_one(Rma, rma.id).decision = "expired"
    assert why(sqlite_shops, "rma_issued") == ["expired"]

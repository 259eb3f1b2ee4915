"""A parcel told by the customer is noted once, by the lifecycle's own step, and never in place of another."""

from datetime import timedelta

import pytest

from casework.parcel_back import ParcelBack, Standing, note_sent
from order_store import Database, Rma, history
from tests.casework.desk import FAULT, a_return, at_desk, rma, say_yes, step
from tests.casework.orders import NOW, tell, told

PARCEL = ParcelBack(sent=True, tracking="PP 5519", carrier="DHL")


def note(shops: Database, parcel: ParcelBack = PARCEL, days: int = 0) -> Standing:
    with at_desk(shops, NOW + timedelta(days=days), "customer") as acting:
        return note_sent(acting, acting.session.get_one(Rma, 1), parcel)


def test_it_is_noted_once_however_often_it_is_told(shops: Database) -> None:
    a_return(shops)
    assert [note(shops), note(shops), note(shops, ParcelBack(sent=True, tracking="pp-5519"))] == [
        "open",
        "again",
        "again",
    ]
    with shops.read() as session:
        steps = [(each.what, each.who, each.why) for each in history(session, session.get_one(Rma, 1))]
    assert steps.count(("rma.send", "customer", "told_by_customer")) == 1


def test_another_number_changes_nothing(shops: Database) -> None:
    a_return(shops)
    note(shops)
    assert note(shops, ParcelBack(sent=True, tracking="XX1234")) == "another"
    assert rma(shops).tracking == "PP 5519"


def test_what_has_arrived_is_not_sent_again(shops: Database) -> None:
    a_return(shops)
    step(shops, "receive")
    assert note(shops) == "arrived"


def test_what_was_cancelled_takes_no_parcel(shops: Database) -> None:
    a_return(shops)
    step(shops, "cancel")
    assert note(shops) == "over"


@pytest.mark.parametrize(("days", "met"), [(7, "open"), (8, "late")])
def test_on_the_last_day_it_is_noted_and_the_day_after_it_is_late(shops: Database, days: int, met: Standing) -> None:
    tell(shops, told(shop="voltaic"))
    say_yes(shops, "report_defect", "return_refund", shop="voltaic", **FAULT)
    assert note(shops, days=days) == met

"""A return from its issue to its end: goods, decision and money, each at its own pace."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from casework import repairs, returns
from casework.acting import DESK, WORKER, Acting, DeskError, NotPossibleError
from casework.refunds import money_back
from casework.sweeping import expire, overdue
from order_store import (
    AuditEntry,
    Database,
    ImpossibleTransition,
    Refund,
    Repair,
    Rma,
    Shipment,
    StoreError,
    history,
    possible_events,
    replay,
    state_of,
)
from tests.casework.desk import (
    FAULT,
    a_return,
    a_warranty_repair,
    an_exchange,
    arrived,
    at_desk,
    letters,
    refunds,
    rma,
    say_yes,
    states,
    step,
)
from tests.casework.orders import NOW, tell, the_line, told


def test_an_rma_is_issued_approved_and_told_by_e_mail_in_one_go(shops: Database) -> None:
    a_return(shops)
    assert states(rma(shops)) == ("awaited", "approved", "none", "open")
    assert rma(shops).quantity == 2
    assert letters(shops) == ["rma_issued"]
    with shops.read() as session:
        entries = session.execute(
            select(AuditEntry.what, AuditEntry.who, AuditEntry.why).where(AuditEntry.subject == "rma:1")
        )
        assert [tuple(entry) for entry in entries] == [
            ("rma.issued", "customer", "ST-N1"),
            ("rma.approve", "policy", "ST-N1"),
        ]


def test_a_return_goes_all_the_way_to_its_refund(shops: Database) -> None:
    a_return(shops)
    step(shops, "send", carrier="Parcel Post", tracking="PP 77")
    assert (rma(shops).handed_over_at, rma(shops).tracked, rma(shops).tracking) == (NOW, True, "PP 77")
    step(shops, "receive", now=NOW + timedelta(days=3))
    assert (rma(shops).received_at, rma(shops).received_quantity) == (NOW + timedelta(days=3), 2)
    step(shops, "inspect")
    step(shops, "accept")
    assert states(rma(shops)) == ("inspected", "accepted", "due", "open")
    (owed,) = refunds(shops)
    assert (owed.amount, owed.currency, owed.state, owed.because) == (Decimal("79.80"), "EUR", "requested", "returned")
    step(shops, "refund", now=NOW + timedelta(days=5))
    assert states(rma(shops)) == ("inspected", "accepted", "refunded", "closed")
    assert rma(shops).closed_at == NOW + timedelta(days=5)
    (paid,) = refunds(shops)
    assert (paid.state, paid.paid_at) == ("paid", NOW + timedelta(days=5))


def test_one_of_two_pieces_comes_and_is_refunded_and_the_other_can_be_returned_later(shops: Database) -> None:
    a_return(shops)
    step(shops, "receive", 1)
    assert states(rma(shops)) == ("received_in_part", "approved", "none", "open")
    step(shops, "inspect")
    step(shops, "accept")
    step(shops, "refund")
    assert (rma(shops).quantity, rma(shops).received_quantity, rma(shops).accepted_quantity) == (2, 1, 1)
    assert [each.amount for each in refunds(shops)] == [Decimal("39.90")]
    again = say_yes(shops, "return_item", "return_refund", key="c2:1", reason="change_of_mind")
    assert (again.kind, again.again) == ("rma", False)
    assert rma(shops, 2).quantity == 1


def test_of_two_pieces_one_is_accepted_and_the_other_goes_back(shops: Database) -> None:
    a_return(shops)
    arrived(shops)
    step(shops, "accept", 1, why="ST-D4")
    assert states(rma(shops)) == ("inspected", "accepted_in_part", "due", "open")
    step(shops, "send_back", carrier="Parcel Post", tracking="PP 9")
    assert rma(shops).closed_at is None
    step(shops, "refund")
    assert states(rma(shops)) == ("sent_back", "accepted_in_part", "refunded", "closed")
    assert [each.amount for each in refunds(shops)] == [Decimal("39.90")]
    assert (rma(shops).outbound_tracking, rma(shops).decided_because) == ("PP 9", "ST-D4")


def test_pieces_come_one_after_the_other_and_no_more_than_were_asked_for(shops: Database) -> None:
    a_return(shops)
    step(shops, "receive", 1)
    with pytest.raises(DeskError, match="2 pieces came, but 1 of 2"):
        step(shops, "receive", 2)
    step(shops, "receive")
    assert (rma(shops).goods, rma(shops).received_quantity) == ("received", 2)
    with pytest.raises(ImpossibleTransition, match="receive is not possible"):
        step(shops, "receive")


def test_what_was_rejected_goes_back_and_then_the_return_is_closed(shops: Database) -> None:
    a_return(shops)
    arrived(shops)
    step(shops, "reject", "ST-D4")
    assert states(rma(shops)) == ("inspected", "rejected", "void", "open")
    step(shops, "send_back")
    assert states(rma(shops)) == ("sent_back", "rejected", "void", "closed")
    assert refunds(shops) == []


def test_what_was_rejected_may_stay_with_the_shop(shops: Database) -> None:
    a_return(shops)
    arrived(shops)
    step(shops, "reject", "ST-D4")
    step(shops, "keep")
    assert states(rma(shops)) == ("kept", "rejected", "void", "closed")


def test_an_exchange_ends_with_its_replacement_and_the_order_is_not_touched(shops: Database) -> None:
    an_exchange(shops)
    arrived(shops)
    step(shops, "accept")
    assert refunds(shops) == []
    step(shops, "exchange", carrier="Parcel Post", tracking="PP 8")
    assert states(rma(shops)) == ("inspected", "accepted", "exchanged", "closed")
    assert rma(shops).outbound_tracking == "PP 8"
    with shops.read() as session:
        assert len(session.scalars(select(Shipment)).all()) == 1


def test_money_takes_the_place_of_a_replacement_that_cannot_be_had(shops: Database) -> None:
    an_exchange(shops)
    arrived(shops)
    step(shops, "accept")
    step(shops, "refund", Decimal("70.00"))
    assert states(rma(shops)) == ("inspected", "accepted", "refunded", "closed")
    assert [(each.amount, each.state) for each in refunds(shops)] == [(Decimal("70.00"), "paid")]


def test_a_return_for_money_is_not_exchanged(shops: Database) -> None:
    a_return(shops)
    arrived(shops)
    step(shops, "accept")
    with pytest.raises(ImpossibleTransition, match="exchange is not possible; possible now: refund, waive"):
        step(shops, "exchange")


def test_less_may_be_refunded_never_more(shops: Database) -> None:
    a_return(shops)
    arrived(shops)
    for amount in ("79.81", "0", "-1"):
        with pytest.raises(DeskError, match=r"at most 79\.80 EUR"):
            step(shops, "accept", amount=Decimal(amount))
    step(shops, "accept", amount=Decimal("75.00"))
    with pytest.raises(DeskError, match=r"75\.00 EUR was fixed"):
        step(shops, "refund", Decimal("79.80"))
    step(shops, "refund")
    assert [each.amount for each in refunds(shops)] == [Decimal("75.00")]


def test_more_pieces_than_came_are_not_accepted(shops: Database) -> None:
    a_return(shops)
    step(shops, "receive", 1)
    step(shops, "inspect")
    with pytest.raises(DeskError, match="accept 1 to 1 pieces"):
        step(shops, "accept", 2)
    with pytest.raises(DeskError, match="an amount goes with a refund"):
        an_exchange_with_an_amount(shops)


def an_exchange_with_an_amount(shops: Database) -> None:
    with at_desk(shops) as acting:
        rma = acting.session.get_one(Rma, 1)
        rma.remedy = "exchange"
        returns.accept(acting, rma, amount=Decimal("1.00"))


def test_before_it_was_sent_it_can_be_cancelled_and_asked_for_again(shops: Database) -> None:
    a_return(shops)
    step(shops, "cancel")
    assert states(rma(shops)) == ("awaited", "cancelled", "void", "closed")
    again = say_yes(shops, "return_item", "return_refund", key="c2:1", reason="change_of_mind")
    assert (again.kind, again.again) == ("rma", False)
    assert again.number == rma(shops, 2).number


def test_what_is_on_its_way_is_not_cancelled(shops: Database) -> None:
    a_return(shops)
    step(shops, "send")
    with pytest.raises(ImpossibleTransition, match="cancel is not possible; possible now: receive_in_part"):
        step(shops, "cancel")


def test_a_lost_parcel_is_the_customers_loss(shops: Database) -> None:
    a_return(shops)
    step(shops, "send", tracking="PP 1")
    step(shops, "lose")
    step(shops, "reject", "ST-M5")
    assert states(rma(shops)) == ("lost", "rejected", "void", "closed")


def test_a_lost_parcel_may_be_made_good(shops: Database) -> None:
    a_return(shops)
    step(shops, "send", tracking="PP 1")
    step(shops, "lose")
    step(shops, "accept", why="goodwill")
    step(shops, "refund")
    assert states(rma(shops)) == ("lost", "accepted", "refunded", "closed")
    assert rma(shops).received_quantity == 0


def test_what_a_person_rejected_is_granted_again_by_a_person_only(shops: Database) -> None:
    tell(shops, told())
    said = {"reason": "wrong_item"}
    say_yes(shops, "report_wrong_item", "return_refund", **said)
    arrived(shops)
    step(shops, "reject", "ST-D4")
    step(shops, "send_back")
    for remedy in ("return_refund", "exchange"):
        assert say_yes(shops, "report_wrong_item", remedy, key=f"c2:{remedy}", **said).kind == "person"
    again = say_yes(shops, "report_wrong_item", "exchange", key="c2:9", approved_by="shop:mara", **said)
    assert (again.kind, again.number) == ("rma", rma(shops, 2).number)


def test_a_parcel_thought_lost_may_still_come(shops: Database) -> None:
    a_return(shops)
    step(shops, "send")
    step(shops, "lose")
    step(shops, "receive")
    assert rma(shops).goods == "received"


@pytest.mark.parametrize("days", [-1, 1])
def test_nothing_is_handed_over_before_its_issue_or_in_the_future(shops: Database, days: int) -> None:
    a_return(shops)
    with pytest.raises(DeskError, match="handed over between its issue"):
        step(shops, "send", handed_over_at=NOW + timedelta(days=days))
    assert states(rma(shops))[0] == "awaited"


def test_without_tracking_the_day_of_handing_over_does_not_count(shops: Database) -> None:
    a_return(shops)
    step(shops, "send", carrier="Parcel Post")
    assert rma(shops).tracked is False


def test_a_warranty_case_is_repaired_and_goes_back(shops: Database) -> None:
    a_warranty_repair(shops)
    arrived(shops)
    step(shops, "accept", why="AS-W2")
    step(shops, "repair")
    assert states(rma(shops)) == ("inspected", "accepted", "repaired", "open")
    step(shops, "send_back", tracking="PP 4")
    assert states(rma(shops)) == ("sent_back", "accepted", "repaired", "closed")


def test_money_in_place_of_a_repair_only_once_the_repair_is_given_up(shops: Database) -> None:
    a_warranty_repair(shops)
    arrived(shops)
    step(shops, "accept", why="AS-W2")
    with pytest.raises(NotPossibleError, match="give that up first"):
        step(shops, "refund")
    with at_desk(shops) as acting:
        repairs.give_up(acting, acting.session.get_one(Repair, 1), "no_part")
    step(shops, "refund")
    assert states(rma(shops)) == ("inspected", "accepted", "refunded", "closed")


def test_what_was_never_paid_for_is_taken_back_without_a_refund(shops: Database) -> None:
    a_return(shops, paid_at=None)
    arrived(shops)
    step(shops, "accept")
    assert states(rma(shops)) == ("inspected", "accepted", "void", "closed")
    assert refunds(shops) == []


LAST = NOW + timedelta(days=30)
TOO_LATE = NOW + timedelta(days=31, hours=20)


def sweep(shops: Database, now: datetime) -> None:
    """As the worker does it."""
    with at_desk(shops, now, WORKER) as acting:
        for rma_id in overdue(acting.session, now):
            expire(acting, rma_id)


@pytest.fixture
def expired(shops: Database) -> Database:
    """RMA 1: two kettles with a fault, not sent by the end of their thirtieth day as far as anybody had said."""
    tell(shops, told())
    say_yes(shops, "report_defect", "return_refund", **FAULT, photos=1)
    sweep(shops, TOO_LATE)
    assert states(rma(shops)) == ("awaited", "expired", "void", "closed")
    return shops


def test_what_was_sent_in_time_and_reported_late_holds_again(expired: Database) -> None:
    step(expired, "send", tracking="PP 1", handed_over_at=LAST, now=TOO_LATE)
    assert states(rma(expired)) == ("sent", "approved", "none", "open")
    assert (rma(expired).handed_over_at, rma(expired).closed_at) == (LAST, None)
    with expired.read() as session:
        row = session.get_one(Rma, 1)
        assert [entry.what for entry in history(session, row)][-2:] == ["rma.revive", "rma.send"]
        assert replay(session, row) == state_of(row)
    sweep(expired, TOO_LATE + timedelta(days=9))
    for name in ("receive", "inspect", "accept", "refund"):
        step(expired, name, now=TOO_LATE + timedelta(days=9))
    assert states(rma(expired)) == ("inspected", "accepted", "refunded", "closed")


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"handed_over_at": LAST}, "without --tracking"),
        ({"handed_over_at": LAST, "tracking": "  "}, "without --tracking"),
        ({"handed_over_at": TOO_LATE, "tracking": "PP 1"}, "is too late"),
        ({"tracking": "PP 1"}, "is too late"),
    ],
)
def test_what_was_sent_too_late_or_untracked_stays_expired(expired: Database, sent: dict[str, Any], words: str) -> None:
    with pytest.raises(NotPossibleError, match=f"has expired.*{words}"):
        step(expired, "send", now=TOO_LATE, **sent)
    assert states(rma(expired)) == ("awaited", "expired", "void", "closed")


def test_beside_a_newer_rma_an_expired_one_stays_expired_and_its_parcel_goes_back(expired: Database) -> None:
    with expired.write() as session:
        first = session.get_one(Rma, 1)
        newer = {"number": "RMA-2", "decision": "approved", "idempotency_key": "rma:2", "issued_at": TOO_LATE}
        kept = ("line_id", "programme", "remedy", "reason", "quantity", "facts", "verdict")
        session.add(Rma(**newer, **{column: getattr(first, column) for column in kept}))
    with pytest.raises(NotPossibleError, match="RMA-2 is open for the same item"):
        step(expired, "send", tracking="PP 1", handed_over_at=LAST, now=TOO_LATE)
    step(expired, "receive", 1, now=TOO_LATE)
    for name in ("receive", "inspect", "send_back"):
        step(expired, name, now=TOO_LATE)
    assert states(rma(expired)) == ("sent_back", "expired", "void", "closed")
    assert rma(expired).received_quantity == 2


def test_what_came_too_late_is_not_taken_back(expired: Database) -> None:
    for name in ("receive", "inspect"):
        step(expired, name, now=TOO_LATE)
    with pytest.raises(ImpossibleTransition, match="accept is not possible; possible now: send_back, keep"):
        step(expired, "accept", now=TOO_LATE)
    step(expired, "keep", now=TOO_LATE)
    assert states(rma(expired)) == ("kept", "expired", "void", "closed")


def test_what_is_waived_is_not_paid_and_goes_back_another_time(shops: Database) -> None:
    a_return(shops)
    arrived(shops)
    step(shops, "accept")
    step(shops, "waive", "replaced")
    assert states(rma(shops)) == ("inspected", "accepted", "void", "closed")
    assert [each.state for each in refunds(shops)] == ["dropped"]
    with shops.read() as session:
        assert money_back(session, the_line(session)).amount == Decimal("79.80")
        assert [entry.why for entry in history(session, session.get_one(Refund, 1))][-1] == "replaced"


STEPS = ("send", "receive", "inspect", "accept", "reject", "refund", "exchange", "waive", "send_back", "keep", "cancel")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_the_desk_tries_the_states_hold_and_no_more_goes_back_than_was_paid(
    shops: Database, data: st.DataObject
) -> None:
    """Each example is one transaction that is rolled back, so that they all start from the same order."""
    if not _has_rma(shops):
        a_return(shops)
    with shops.write() as session:
        acting = Acting(session, NOW, DESK)
        rma = session.get_one(Rma, 1)
        rma.remedy = data.draw(st.sampled_from(["return_refund", "exchange"]))
        session.flush()
        for name in data.draw(st.lists(st.sampled_from(STEPS), min_size=4, max_size=14)):
            given_: list[int | str] = ["ST-D4"] if name in ("reject", "waive") else []
            if name in ("receive", "accept") and data.draw(st.booleans()):
                given_ = [data.draw(st.integers(1, 3))]
            before = state_of(rma)
            savepoint = session.begin_nested()
            try:
                getattr(returns, name)(acting, rma, *given_)
                savepoint.commit()
            except (StoreError, DeskError):
                savepoint.rollback()
                session.refresh(rma)
                assert state_of(rma) == before
            assert replay(session, rma) == state_of(rma)
            assert 0 <= rma.accepted_quantity <= rma.received_quantity <= rma.quantity
            left = money_back(session, the_line(session))
            assert Decimal(0) <= left.amount <= Decimal("79.80")
            assert rma.closed_at is None or possible_events(rma) == ()
        session.rollback()


def _has_rma(shops: Database) -> bool:
    with shops.read() as session:
        return session.get(Rma, 1) is not None

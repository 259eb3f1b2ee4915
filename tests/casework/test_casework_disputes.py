"""A dispute from the seller's answer to the refund, whose last day the policy counts (BP-7)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from casework import disputes
from casework.acting import DeskError
from casework.cases import build_case
from casework.disputes import refund_due_on
from casework.granted import Granted
from casework.refunds import money_back, unpaid
from order_store import Database, Dispute, ImpossibleTransition, Shop
from policy_core import decide
from tests.casework.desk import a_dispute, arrived, at_desk, dispute, letters, refunds, say_yes, states
from tests.casework.desk import step as rma_step
from tests.casework.orders import NOW, a_dossier, tell, the_line, told

CLOSED = datetime(2026, 3, 21, 2, 0, tzinfo=UTC)  # still 20 March in New York


def step(shops: Database, name: str, *arguments: object, now: datetime = NOW, **options: object) -> date | None:
    with at_desk(shops, now) as acting:
        found = getattr(disputes, name)(acting, acting.session.get_one(Dispute, 1), *arguments, **options)
    assert found is None or isinstance(found, date)
    return found


def due_on(shops: Database, now: datetime = CLOSED) -> date | None:
    with shops.read() as session:
        return refund_due_on(session, session.get_one(Dispute, 1), now)


def test_a_dispute_for_the_buyer_is_refunded_within_15_days_of_its_end(shops: Database) -> None:
    a_dispute(shops)
    step(shops, "answered")
    step(shops, "decide_for", "buyer", "BP-4c")
    assert states(dispute(shops)) == ("decided", "for_buyer", "due", "open")
    assert [(each.amount, each.because) for each in refunds(shops)] == [(Decimal("79.80"), "dispute")]
    assert due_on(shops) is None
    assert step(shops, "close", now=CLOSED) == date(2026, 4, 4)
    assert dispute(shops).claim_closed_at == CLOSED
    assert due_on(shops) == date(2026, 4, 4)
    step(shops, "refunded", now=CLOSED + timedelta(days=3))
    assert states(dispute(shops)) == ("decided", "for_buyer", "refunded", "closed")
    assert [each.paid_at for each in refunds(shops)] == [CLOSED + timedelta(days=3)]
    assert letters(shops) == ["dispute_decided", "refund_due"]


def test_a_seller_who_never_answers_does_not_stop_the_decision(shops: Database) -> None:
    a_dispute(shops)
    step(shops, "decide_for", "buyer", "BP-4c", Decimal("20.00"))
    assert [each.amount for each in refunds(shops)] == [Decimal("20.00")]


def test_a_dispute_for_the_seller_owes_nothing_and_names_no_day(shops: Database) -> None:
    a_dispute(shops)
    step(shops, "decide_for", "seller", "BP-4c")
    assert step(shops, "close", now=CLOSED) is None
    assert states(dispute(shops)) == ("decided", "for_seller", "void", "closed")
    assert refunds(shops) == []
    assert letters(shops) == ["dispute_decided"]
    assert say_yes(shops, "missing_order", "dispute", shop="bazaar", key="c2:1").kind == "person"
    with shops.read() as session:
        line = the_line(session, shop="bazaar")
        case = build_case(session, line, a_dossier("missing_order", shop="bazaar").told, CLOSED)
    assert "refund_due" not in {period.code for period in decide(case).dates}


def test_a_claim_taken_back_is_closed_and_another_can_be_raised(shops: Database) -> None:
    a_dispute(shops)
    step(shops, "withdraw")
    assert states(dispute(shops)) == ("decided", "withdrawn", "void", "closed")
    again = say_yes(shops, "missing_order", "dispute", shop="bazaar", key="c2:1")
    assert (again.kind, again.again) == ("dispute", False)


def test_an_amount_goes_with_the_buyer_and_is_at_most_what_was_paid(shops: Database) -> None:
    a_dispute(shops)
    with pytest.raises(DeskError, match="leave the amount out"):
        step(shops, "decide_for", "seller", "BP-4c", Decimal("1.00"))
    with pytest.raises(DeskError, match=r"at most 79\.80 USD|at most 79\.80 EUR"):
        step(shops, "decide_for", "buyer", "BP-4c", Decimal("80.00"))
    assert states(dispute(shops)) == ("opened", "undecided", "none", "open")
    assert letters(shops) == []


def test_what_is_decided_stays_decided(shops: Database) -> None:
    a_dispute(shops)
    step(shops, "decide_for", "seller", "BP-4c")
    for name, arguments in (("decide_for", ("buyer", "BP-4c")), ("answered", ()), ("withdraw", ()), ("refunded", ())):
        with pytest.raises(ImpossibleTransition, match="is not possible; possible now: close"):
            step(shops, name, *arguments)


def test_an_open_dispute_is_not_closed_before_it_is_decided(shops: Database) -> None:
    a_dispute(shops)
    with pytest.raises(ImpossibleTransition, match="possible now: answer, decide_for_buyer"):
        step(shops, "close")


@pytest.mark.parametrize("paid", [False, True])
def test_whose_dispute_was_decided_for_the_buyer_is_told_so_and_gets_nothing_more(shops: Database, paid: bool) -> None:
    a_dispute(shops)
    step(shops, "decide_for", "buyer", "BP-4c")
    step(shops, "close")
    if paid:
        step(shops, "refunded")
    again: Granted = say_yes(shops, "missing_order", "dispute", shop="bazaar", key="c2:1")
    assert (again.kind, again.again, again.refund) == ("refund", True, ("79.80", "EUR"))
    assert again.number == dispute(shops).number
    assert len(refunds(shops)) == 1


def test_a_waived_refund_is_owed_no_more_and_has_no_last_day(shops: Database) -> None:
    a_dispute(shops)
    step(shops, "decide_for", "buyer", "BP-4c")
    step(shops, "waive", "replaced")
    assert states(dispute(shops)) == ("decided", "for_buyer", "void", "open")
    assert [each.state for each in refunds(shops)] == ["dropped"]
    assert step(shops, "close", now=CLOSED) is None
    assert due_on(shops) is None
    with shops.read() as session:
        left = money_back(session, the_line(session, shop="bazaar"))
        assert (left.amount, left.pieces, left.refunds) == (Decimal("79.80"), 2, [])
        assert unpaid(session) == []


@pytest.mark.parametrize(("amount", "pieces"), [("20.00", 2), ("79.79", 2), ("79.80", 0)])
def test_a_part_of_the_money_leaves_the_goods_with_the_buyer(shops: Database, amount: str, pieces: int) -> None:
    a_dispute(shops)
    step(shops, "decide_for", "buyer", "BP-4c", Decimal(amount))
    with shops.read() as session:
        left = money_back(session, the_line(session, shop="bazaar"))
        assert (left.amount, left.pieces) == (Decimal("79.80") - Decimal(amount), pieces)
        assert left.nothing_left is (pieces == 0)


def test_after_a_part_was_refunded_the_rest_can_still_go_back_and_no_more(shops: Database) -> None:
    with shops.write() as session:
        session.get_one(Shop, "bazaar").programmes = ["buyer_protection", "store_policy"]
    tell(shops, told(shop="bazaar"))
    say_yes(shops, "report_wrong_item", "dispute", shop="bazaar")
    step(shops, "decide_for", "buyer", "BP-4b", Decimal("20.00"))
    step(shops, "close")
    granted = say_yes(shops, "report_wrong_item", "return_refund", shop="bazaar", key="c2:1")
    assert (granted.kind, granted.again) == ("rma", False)
    arrived(shops)
    with pytest.raises(DeskError, match=r"RMA-\S+: refund more than 0 and at most 59\.80 EUR"):
        rma_step(shops, "accept", amount=Decimal("79.80"))
    rma_step(shops, "accept")
    assert [each.amount for each in refunds(shops)] == [Decimal("20.00"), Decimal("59.80")]

"""Repairs: nothing starts unagreed, nothing goes back unpaid, and what was repaired for money is covered again."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from casework import repairs
from casework.acting import DeskError, NotPossibleError
from casework.sweeping import lapse_quote
from casework.working_days import after_working_days, is_working_day
from order_store import Database, ImpossibleTransition, Repair, Rma, history
from policy_core import RemedyName
from tests.casework.desk import (
    FAULT,
    a_warranty_repair,
    arrived,
    at_desk,
    counted,
    letters,
    repair,
    rma,
    say_yes,
    states,
    step,
)
from tests.casework.orders import NOW, a_dossier, line_of, tell, the_line, told

UNTIL = date(2026, 3, 20)


def take(shops: Database, name: str, *arguments: Any, now: datetime = NOW, **options: Any) -> None:
    with at_desk(shops, now) as acting:
        getattr(repairs, name)(acting, acting.session.get_one(Repair, 1), *arguments, **options)


def quote(shops: Database, amount: str = "45.00", until: date = UNTIL, **options: Any) -> None:
    take(shops, "quote", Decimal(amount), "EUR", until, **options)


@pytest.fixture
def came_in(shops: Database) -> Database:
    """Repair 1: a kettle whose warranty is over."""
    tell(shops, told(shop="voltaic"))
    with at_desk(shops) as acting:
        repairs.start(acting, the_line(acting.session, shop="voltaic"))
    return shops


def test_a_repair_outside_the_warranty_goes_all_the_way_and_is_covered_60_days(came_in: Database) -> None:
    quote(came_in)
    assert states(repair(came_in)) == ("quoted", "none", "open")
    assert letters(came_in) == ["repair_quoted"]
    take(came_in, "agree")
    assert states(repair(came_in)) == ("agreed", "owed", "open")
    take(came_in, "finish")
    take(came_in, "fee_paid")
    sent_back = datetime(2026, 4, 30, 17, 0, tzinfo=UTC)  # 1 May in Shanghai
    take(came_in, "send_back", now=sent_back, carrier="Parcel Post", tracking="PP 2")
    assert states(repair(came_in)) == ("sent_back", "paid", "closed")
    later = datetime(2026, 11, 1, tzinfo=UTC)
    with came_in.read() as session:
        line = the_line(session, shop="voltaic")
        assert line.repaired_and_sent_back_on == date(2026, 5, 1)
        dossier = a_dossier("warranty", shop="voltaic", reason="defective")
        dates = {
            each.clause: each.last_day
            for each in dossier.judge(session, line_of(session, dossier), later).verdict.dates
        }
    assert dates["AS-W1"] == date(2026, 8, 28)
    with came_in.write() as session:
        the_line(session, shop="voltaic").order.paid_at = datetime(2026, 1, 1, tzinfo=UTC)
    with came_in.read() as session:
        judged = dossier.judge(session, line_of(session, dossier), sent_back + timedelta(days=60))
        cover = judged.verdict.remedy(RemedyName.WARRANTY_REPAIR)
        assert cover is not None
        assert [each.last_day for each in judged.verdict.dates if each.code == "warranty_ends"] == [date(2026, 6, 30)]


def test_nothing_starts_before_the_quote_is_agreed_to(came_in: Database) -> None:
    with pytest.raises(ImpossibleTransition, match="repair is not possible; possible now: confirm, quote, decline"):
        take(came_in, "finish")
    quote(came_in)
    with pytest.raises(ImpossibleTransition, match="possible now: agree, decline, lapse"):
        take(came_in, "finish")


def test_nothing_goes_back_before_the_fee_is_paid(came_in: Database) -> None:
    quote(came_in)
    take(came_in, "agree")
    take(came_in, "finish")
    with pytest.raises(ImpossibleTransition, match="send_back is not possible; possible now: pay"):
        take(came_in, "send_back")


def test_who_declines_gets_the_item_back_as_it_is_and_no_cover(came_in: Database) -> None:
    quote(came_in)
    take(came_in, "decline")
    take(came_in, "send_back")
    assert states(repair(came_in)) == ("sent_back", "none", "closed")
    with came_in.read() as session:
        assert the_line(session, shop="voltaic").repaired_and_sent_back_on is None


def test_a_quote_holds_to_the_end_of_its_last_day_and_can_be_made_anew(came_in: Database) -> None:
    last = datetime(2026, 3, 20, 15, 59, 59, 999999, tzinfo=UTC)  # the end of the day in Shanghai
    over = last + timedelta(microseconds=1)
    quote(came_in)
    with pytest.raises(NotPossibleError, match="held until 2026-03-20"):
        take(came_in, "agree", now=over)
    for now, lapsed in ((last, 0), (over, 1), (over, 0)):
        with at_desk(came_in, now) as acting:
            assert sum(lapse_quote(acting, each.id) for each in repairs.overdue_quotes(acting.session, now)) == lapsed
    assert states(repair(came_in)) == ("declined", "none", "open")
    quote(came_in, "50.00", date(2026, 4, 1), now=over)
    take(came_in, "agree", now=over)
    assert repair(came_in).quote_amount == Decimal("50.00")
    assert letters(came_in) == ["repair_quoted"] * 2


def test_a_quote_can_be_agreed_to_on_its_last_day(came_in: Database) -> None:
    quote(came_in)
    take(came_in, "agree", now=datetime(2026, 3, 20, 15, 59, 59, 999999, tzinfo=UTC))
    assert repair(came_in).course == "agreed"


@pytest.mark.parametrize(
    ("amount", "until", "words"), [("0", UNTIL, "above zero"), ("45", date(2026, 3, 9), "is past")]
)
def test_a_quote_of_nothing_or_for_yesterday_is_refused(
    came_in: Database, amount: str, until: date, words: str
) -> None:
    with pytest.raises(DeskError, match=words):
        quote(came_in, amount, until)


def test_what_cannot_be_repaired_costs_nothing(came_in: Database) -> None:
    quote(came_in)
    take(came_in, "agree")
    take(came_in, "fee_paid")
    take(came_in, "give_up", "no_part")
    take(came_in, "send_back")
    assert states(repair(came_in)) == ("sent_back", "to_return", "closed")
    take(came_in, "fee_returned")
    assert states(repair(came_in)) == ("sent_back", "returned", "closed")
    with came_in.read() as session:
        assert the_line(session, shop="voltaic").repaired_and_sent_back_on is None


def test_an_item_comes_in_once(came_in: Database) -> None:
    with at_desk(came_in) as acting:
        assert repairs.start(acting, the_line(acting.session, shop="voltaic")).id == 1


def test_a_case_of_the_warranty_costs_nothing_and_gives_no_new_cover(shops: Database) -> None:
    a_warranty_repair(shops)
    arrived(shops)
    assert states(repair(shops)) == ("received", "none", "open")
    step(shops, "accept", why="AS-W2", now=datetime(2026, 3, 12, 17, 0, tzinfo=UTC))  # Friday in Shanghai
    assert states(repair(shops)) == ("agreed", "none", "open")
    assert repair(shops).due_on == date(2026, 3, 18)
    step(shops, "repair")
    step(shops, "send_back")
    assert states(repair(shops)) == ("sent_back", "none", "closed")
    assert rma(shops).closed_at is not None
    with shops.read() as session:
        assert the_line(session, shop="voltaic").repaired_and_sent_back_on is None


def test_what_is_no_case_of_the_warranty_can_be_repaired_for_money(shops: Database) -> None:
    a_warranty_repair(shops)
    arrived(shops)
    with pytest.raises(NotPossibleError, match="reject RMA-"):
        quote(shops)
    step(shops, "reject", "AS-W2")
    quote(shops)
    take(shops, "agree")
    take(shops, "finish")
    take(shops, "fee_paid")
    step(shops, "send_back")
    assert states(rma(shops)) == ("sent_back", "rejected", "void", "closed")
    with shops.read() as session:
        assert the_line(session, shop="voltaic").repaired_and_sent_back_on == date(2026, 3, 10)


def test_what_is_rejected_and_not_quoted_goes_back_unrepaired(shops: Database) -> None:
    a_warranty_repair(shops)
    arrived(shops)
    step(shops, "reject", "AS-W2")
    step(shops, "send_back")
    assert states(repair(shops)) == ("sent_back", "none", "closed")
    assert rma(shops).closed_at is not None


def test_what_is_rejected_and_declined_may_stay(shops: Database) -> None:
    a_warranty_repair(shops)
    arrived(shops)
    step(shops, "reject", "AS-W2")
    quote(shops)
    take(shops, "decline")
    step(shops, "keep")
    assert states(rma(shops)) == ("kept", "rejected", "void", "closed")
    assert repair(shops).closed_at is not None


def test_the_shops_own_number_of_working_days_counts(came_in: Database) -> None:
    with came_in.write() as session:
        the_line(session, shop="voltaic").order.shop.parameters = {"repair_working_days": 5}
    quote(came_in)
    take(came_in, "agree", now=datetime(2026, 3, 12, 4, 0, tzinfo=UTC))
    assert repair(came_in).due_on == date(2026, 3, 19)


@pytest.mark.parametrize(
    ("country", "day", "days", "expected"),
    [
        ("DE", date(2026, 3, 10), 3, date(2026, 3, 13)),
        ("DE", date(2026, 3, 12), 3, date(2026, 3, 17)),  # over a weekend
        ("DE", date(2026, 4, 2), 3, date(2026, 4, 9)),  # over Good Friday and Easter Monday
        ("US", date(2026, 7, 1), 2, date(2026, 7, 6)),  # Independence Day kept on Friday the 3rd
        ("SA", date(2026, 3, 11), 2, date(2026, 3, 15)),  # a weekend of Friday and Saturday
        ("XX", date(2026, 3, 13), 1, date(2026, 3, 16)),  # a country nobody knows
        ("DE", date(2026, 3, 14), 0, date(2026, 3, 14)),
    ],
)
def test_working_days_skip_weekends_and_public_holidays(country: str, day: date, days: int, expected: date) -> None:
    assert after_working_days(country, day, days) == expected


def test_a_weekend_worked_for_a_bridge_day_is_a_working_day() -> None:
    assert is_working_day("CN", date(2026, 2, 14))
    assert not is_working_day("CN", date(2026, 2, 16))


def test_what_came_in_before_its_rma_becomes_the_rmas_repair(shops: Database) -> None:
    tell(shops, told(shop="voltaic"))
    with at_desk(shops) as acting:
        repairs.start(acting, the_line(acting.session, shop="voltaic"))
    say_yes(shops, "warranty", "warranty_repair", shop="voltaic", **FAULT)
    arrived(shops)
    assert repair(shops).rma_id == 1
    with shops.read() as session:
        linked = [entry for entry in history(session, session.get_one(Repair, 1)) if entry.what == "repair.linked"]
    assert [(entry.who, entry.details) for entry in linked] == [("shop:desk", {"rma": 1})]
    for name in ("accept", "repair", "send_back"):
        step(shops, name)
    assert repair(shops).closed_at is not None
    assert rma(shops).closed_at is not None


@pytest.mark.parametrize("came", [False, True])
def test_nothing_is_received_past_an_open_rma_for_its_repair(shops: Database, came: bool) -> None:
    a_warranty_repair(shops)
    if came:
        step(shops, "receive")
    with (
        pytest.raises(NotPossibleError, match=r"RMA-\S+ is open for its repair; use: rma receive"),
        at_desk(shops) as acting,
    ):
        repairs.start(acting, the_line(acting.session, shop="voltaic"))


def test_an_item_given_back_is_not_repaired_for_nothing(shops: Database) -> None:
    tell(shops, told(shop="voltaic"))
    fault = FAULT | {"activated": True}
    say_yes(shops, "report_defect", "return_refund", shop="voltaic", **fault)
    arrived(shops)
    for name in ("accept", "refund"):
        step(shops, name)
    again = say_yes(shops, "warranty", "warranty_repair", shop="voltaic", key="c2:1", **fault)
    assert (again.kind, again.again, again.refund) == ("refund", True, ("79.80", "EUR"))
    assert counted(shops, Rma) == 1


def test_the_piece_that_is_left_is_still_repaired(shops: Database) -> None:
    tell(shops, told(shop="voltaic"))
    fault = FAULT | {"activated": True}
    say_yes(shops, "report_defect", "return_refund", shop="voltaic", **fault)
    step(shops, "receive", 1)
    for name in ("inspect", "accept", "refund"):
        step(shops, name)
    assert say_yes(shops, "warranty", "warranty_repair", shop="voltaic", key="c2:1", **fault).kind == "rma"
    assert rma(shops, 2).quantity == 1

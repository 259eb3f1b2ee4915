"""Where the customer's money is: what was asked for, what was paid, by when, and what it waits for."""

from datetime import timedelta

from casework import disputes
from order_store import Database, Dispute
from tests.actions.conversation import Customer, proven
from tests.casework.desk import FAULT, a_dispute, a_return, an_exchange, arrived, at_desk, say_yes, step
from tests.casework.orders import ANOTHER_LINE, EMAIL, NOW, a_line, tell, told


def _asks(customer: Customer) -> str:
    return customer.says("where is my refund", "refund_status")


def _buttons(customer: Customer) -> list[str]:
    return [each["title"] for each in customer.replies[-1]["buttons"]]


def test_the_order_is_proven_first_and_nothing_owed_is_said_with_what_could_lead_to_money(store: Database) -> None:
    tell(store, told(lines=[a_line(), dict(ANOTHER_LINE)]))
    customer = Customer()
    _asks(customer)
    assert customer.asks == "order.number"
    customer.says("QC-1001", order_number="QC-1001")
    assert "No refund is under way for: Copper kettle, Reading lamp." in customer.says(EMAIL, email=EMAIL)
    assert _buttons(customer) == ["I want my money back", "Return an item", "Talk to a person"]


def test_somebody_elses_order_tells_nothing(store: Database) -> None:
    a_return(store)
    customer = Customer()
    customer.says("refund for QC-1001?", "refund_status", order_number="QC-1001")
    assert "could not find" in customer.says("mallory@example.com", email="mallory@example.com")


def test_an_unpaid_order_has_nothing_to_pay_back(store: Database) -> None:
    tell(store, told(paid_at=None, shipments=[]))
    assert "Order QC-1001 has not been paid" in _asks(proven())


def test_a_return_still_to_be_sent_names_the_day_to_send_it_by_and_its_clause(store: Database) -> None:
    tell(store, told())
    say_yes(store, "report_defect", "return_refund", photos=1, **FAULT)
    text = _asks(customer := proven())
    assert "the shop waits for your return RMA-" in text
    assert "Send it back by Thursday 9 April 2026, end of day, Berlin time (30 days left) (ST-D2)" in text
    assert _buttons(customer) == ["My RMA number", "Talk to a person"]


def test_a_return_without_a_last_day_names_none(store: Database) -> None:
    a_return(store)
    assert "Send it back by" not in _asks(proven())


def test_a_return_is_followed_until_the_money_is_paid(store: Database) -> None:
    a_return(store)
    customer = proven()
    for name, expected in (
        ("send", "is on its way to the shop"),
        ("receive", "has come"),
        ("inspect", "has been looked at"),
        ("accept", "79.80 EUR for your return RMA-"),
    ):
        step(store, name)
        assert expected in _asks(customer)
    assert "asked for on Tuesday 10 March 2026 and is not reported as paid yet" in customer.text
    assert "The policy names no day" in customer.text
    step(store, "refund", now=NOW + timedelta(days=2))
    customer.now = NOW + timedelta(days=3)
    assert "It was paid back on Thursday 12 March 2026." in _asks(customer)
    assert "names no day" not in customer.text
    [line] = customer.custom("refund_status")["lines"]
    assert line["refunds"][0] | {"requested_at": None, "paid_at": None} == {
        "state": "paid",
        "amount": "79.80",
        "currency": "EUR",
        "because": "returned",
        "requested_at": None,
        "paid_at": None,
        "due_on": None,
    }


def test_a_return_that_was_not_accepted_brings_no_money(store: Database) -> None:
    a_return(store)
    arrived(store)
    step(store, "reject", "incomplete")
    text = _asks(proven())
    assert "did not accept it" in text
    assert "Not everything that belongs to it is there." in text


def test_an_exchange_brings_no_money(store: Database) -> None:
    an_exchange(store)
    assert "brings no money back" in _asks(proven())


def test_a_cancelled_line_names_its_refund(store: Database) -> None:
    tell(store, told(shipments=[]))
    say_yes(store, "cancel_order", "cancel")
    text = _asks(proven())
    assert "79.80 EUR for its cancelling" in text
    assert "The policy names no day" in text


def test_an_item_that_ran_out_names_its_refund(store: Database) -> None:
    tell(store, told(shipments=[], lines=[a_line(stock="out_of_stock")]))
    say_yes(store, "out_of_stock", "refund_now")
    assert "79.80 EUR because it ran out" in _asks(proven())


def test_a_disputes_refund_has_a_last_day_once_its_process_is_over(store: Database) -> None:
    a_dispute(store)
    customer = proven("bazaar")
    assert "is not decided yet" in _asks(customer)
    with at_desk(store) as acting:
        disputes.decide_for(acting, acting.session.get_one(Dispute, 1), "buyer", "BP-5")
    assert "counts from the end of its process, which still runs. (BP-7)" in _asks(customer)
    with at_desk(store) as acting:
        disputes.close(acting, acting.session.get_one(Dispute, 1))
    assert "due by Wednesday 25 March 2026, end of day, New York time (15 days left) (BP-7)" in _asks(customer)
    assert customer.custom("refund_status")["lines"][0]["refunds"][0]["due_on"] == "2026-03-25"
    customer.now = NOW + timedelta(days=16)
    assert "The refund was due by Wednesday 25 March 2026" in _asks(customer)
    assert _buttons(customer) == ["Talk to a person"]


def test_a_dispute_lost_brings_no_money(store: Database) -> None:
    a_dispute(store)
    with at_desk(store) as acting:
        disputes.decide_for(acting, acting.session.get_one(Dispute, 1), "seller", "BP-4b")
    assert "was decided for the seller, so no money comes of it" in _asks(proven("bazaar"))


def test_a_yes_that_waits_for_a_person_is_told_with_its_ticket(store: Database) -> None:
    tell(store, told(shop="workshop", shipments=[]))
    customer = proven("workshop")
    customer.says("cancel it", "cancel_order")
    customer.chooses("Yes")
    number = customer.custom("ticket")["number"]
    text = _asks(customer)
    assert "waits for a person: Cancelling" in text
    assert number in text

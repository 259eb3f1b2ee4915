"""Whole matters, from the first message to what is written."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

import order_store
from order_store import Base, Database
from tests.actions.conversation import Customer, proven
from tests.casework.orders import ANOTHER_LINE, EMAIL, NOW, ON_ITS_WAY, a_line, tell, told

LONG_AGO = {"carrier": None, "tracking": None, "shipped_at": "2026-01-02T09:00:00+01:00"}
RETURN = {"intent": "return_item", "reason": "change_of_mind"}


def _count(store: Database, table: type[Base]) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def _whys(store: Database) -> list[str]:
    with store.read() as session:
        return list(session.scalars(select(order_store.Ticket.why).order_by(order_store.Ticket.id)))


def test_a_change_of_mind_from_hello_to_the_number_and_back(store: Database) -> None:
    tell(store, told())
    customer = Customer()
    assert "after-sales bot" in customer.says("hello", "greet")
    customer.says("I want to return my kettle", "return_item")
    assert customer.asks == "order.number"
    customer.says("QC-1001")
    assert customer.asks == "customer.email"
    customer.says(EMAIL, email=EMAIL)
    assert customer.asks == "claim.reason"
    customer.chooses("I changed my mind")
    assert customer.asks == "confirm"
    assert customer.custom("verdict")["remedies"][0]["remedy"] == "return_refund"
    assert "Your RMA number for the Copper kettle is RMA-" in customer.chooses("Yes")
    number = customer.custom("rma")["number"]
    assert number in customer.says("what was my number?", "rma")
    assert number in customer.says("I want to return it", **RETURN)
    assert _count(store, order_store.Rma) == 1


def test_everything_in_one_message_asks_for_the_yes_alone(store: Database) -> None:
    tell(store, told())
    customer = Customer()
    customer.says("return QC-1001", order_number="QC-1001", email=EMAIL, **RETURN)
    assert customer.asks == "confirm"


def test_an_aside_is_answered_and_the_question_comes_back(store: Database) -> None:
    customer = Customer()
    customer.says("send it back", "return_item")
    assert "You are welcome" in customer.says("thanks", "thanks")
    assert customer.asks == "order.number"
    customer.says("qwertz", "nlu_fallback", 0.3)
    assert customer.asks == "order.number"
    assert "stopped" in customer.says("stop it", "stop")


def test_i_dont_know_twice_brings_a_person_with_the_matter(store: Database) -> None:
    tell(store, told(shop="voltaic"))
    customer = proven("voltaic")
    customer.says("it is broken", "report_defect", reason="defective")
    assert customer.custom("question")["all"] == ["claim.complete", "claim.caused_by_customer", "claim.labels_intact"]
    customer.says("no idea", "dont_know")
    assert customer.asks == "claim.complete"
    assert "list of contents" in customer.says("no idea", "dont_know")
    assert customer.asks == "claim.complete"
    assert "Your ticket number is TKT-" in customer.says("no idea", "dont_know")
    assert _whys(store) == ["fact_unknown"]


def test_who_has_no_order_number_gets_a_person_who_can_answer(store: Database) -> None:
    customer = Customer()
    customer.says("send it back", "return_item")
    customer.says("I don't know it", "dont_know")
    assert customer.asks == "order.number"
    customer.says("I really don't know it", "dont_know")
    assert customer.asks == "customer.email"
    assert f"The answer will go to {EMAIL}" in customer.says(EMAIL, email=EMAIL)


def test_of_two_items_the_one_is_asked_for_and_the_other_can_be_meant(store: Database) -> None:
    tell(store, told(lines=[a_line(), ANOTHER_LINE]))
    customer = proven()
    customer.says("I want to return something", **RETURN)
    assert customer.asks == "line"
    customer.chooses("Copper kettle")
    assert customer.asks == "confirm"
    assert "Reading lamp" in customer.says("no, the other one", "correct_that")
    customer.chooses("Yes")
    with store.read() as session:
        assert session.scalars(select(order_store.Rma)).one().line.title == "Reading lamp"


def test_a_no_writes_nothing(store: Database) -> None:
    tell(store, told())
    customer = proven()
    customer.says("return it", **RETURN)
    assert "I have not done anything" in customer.chooses("No")
    assert _count(store, order_store.Rma) == 0


def test_where_the_shop_approves_by_hand_a_yes_gives_a_ticket_and_nothing_else(store: Database) -> None:
    tell(store, told(shop="workshop"))
    customer = proven("workshop")
    customer.says("return it", **RETURN)
    assert "TKT-" in customer.chooses("Yes")
    assert _whys(store) == ["approve_return_refund"]
    assert _count(store, order_store.Rma) == 0


def test_a_second_press_on_a_button_answers_no_later_question(store: Database) -> None:
    tell(store, told(shop="voltaic"))
    customer = proven("voltaic", complete=True, caused_by_customer=False, labels_intact=True)
    customer.says("return it", activated="x", **RETURN)
    customer.chooses("Not all of it")
    assert customer.asks == "claim.activated"
    customer.chooses("No")
    assert customer.asks == "claim.resalable"
    payload = customer.replies[-1]["buttons"][0]["payload"]
    customer.sends(payload)
    assert customer.asks == "confirm"
    customer.sends(payload)
    assert customer.asks == "confirm"
    assert customer.slots["confirm"] is None
    assert _count(store, order_store.Rma) == 0


def test_what_closed_before_the_yes_is_not_done_and_said_so(store: Database) -> None:
    tell(store, told(shipments=[]))
    customer = proven()
    customer.says("cancel it", "cancel_order")
    assert customer.asks == "confirm"
    tell(store, told(shipments=[ON_ITS_WAY], lines=[a_line(shipment=0)]))
    assert "no longer open" in customer.chooses("Yes")
    assert "Cancelling: not possible. It has already been shipped." in customer.text
    assert _count(store, order_store.Cancellation) == 0


def test_a_yes_to_one_thing_never_does_another(store: Database) -> None:
    tell(store, told(shipments=[]))
    customer = proven()
    customer.says("cancel it", "cancel_order")
    delivered = ON_ITS_WAY | {"delivered_at": "2026-03-05T11:30:00+01:00"}
    tell(store, told(shipments=[delivered], lines=[a_line(shipment=0)]))
    assert "no longer open" in customer.chooses("Yes")
    assert "you can send the Copper kettle back" in customer.text
    assert _count(store, order_store.Rma) == 0


def test_a_yes_to_terms_that_changed_is_no_yes(store: Database) -> None:
    tell(store, told(shop="double"))
    facts: dict[str, Any] = {"complete": True, "caused_by_customer": False, "labels_intact": True}
    customer = proven("double", activated=False, resalable=True, **facts)
    customer.says("return it", **RETURN)
    assert "until Thursday 12 March 2026" in customer.text
    customer.now = datetime(2026, 3, 13, 9, tzinfo=UTC)  # the manufacturer's days are over; the store's return costs
    assert "no longer open" in customer.chooses("Yes")
    assert "You bear the postage both ways" in customer.text
    assert _count(store, order_store.Rma) == 0


@pytest.mark.parametrize(
    ("shop", "goal"),
    [
        ("bazaar", "exchange_item"),
        ("bazaar", "cancel_order"),
        ("voltaic", "out_of_stock"),
        ("bazaar", "rma"),
        ("voltaic", "missing_order"),
    ],
)
def test_what_the_policies_say_nothing_of_is_said_so_and_a_person_offered(
    store: Database, shop: str, goal: str
) -> None:
    tell(store, told(shop=shop))
    customer = proven(shop)
    assert "says nothing of this" in customer.says("please", goal)
    assert [each["title"] for each in customer.replies[-1]["buttons"]] == ["Talk to a person"]


def test_a_refusal_before_a_reason_was_needed_is_told_as_one(store: Database) -> None:
    tell(
        store,
        told(
            shop="bazaar",
            receipt_confirmed_at="2026-01-05T11:30:00+01:00",
            shipments=[LONG_AGO],
            placed_at=None,
            paid_at="2026-01-01T00:00:00+00:00",
        ),
    )
    customer = proven("bazaar")
    assert "Dispute: not possible. The protection of the order has ended." in customer.says(
        "money back", "request_refund"
    )


def test_nothing_wrong_with_it_ends_kindly(store: Database) -> None:
    tell(store, told(shop="voltaic"))
    customer = proven("voltaic")
    assert "Warranty of the Copper kettle: until Friday 28 August 2026" in customer.says("covered?", "warranty")
    assert "Good to hear" in customer.chooses("No")


def test_the_dates_of_a_return_that_runs_are_among_the_deadlines(store: Database) -> None:
    tell(store, told(shop="voltaic"))
    facts = {"complete": True, "caused_by_customer": False, "labels_intact": True, "remedy": "return_refund"}
    customer = proven("voltaic", **facts)
    customer.says("broken", "report_defect", reason="defective")
    customer.chooses("Send it back for a refund")
    customer.chooses("Yes")
    told_dates = customer.says("until when do I have to send it?", "ask_deadline")
    assert "Sending the confirmed return off: until Tuesday 17 March 2026" in told_dates


def test_a_store_return_for_a_fault_is_among_the_deadlines_though_no_fault_was_said(store: Database) -> None:
    tell(store, told())
    with store.write() as session:
        line = order_store.find_order(session, "quill", "QC-1001")
        assert line is not None
        facts = {"reason": "defective", "caused_by_customer": False}
        session.add(
            order_store.Rma(
                line_id=line.lines[0].id,
                programme="store_policy",
                remedy="exchange",
                number="RMA-0000-000-000",
                reason="defective",
                issued_at=NOW - timedelta(days=1),
                facts=facts,
                verdict={},
                idempotency_key="x",
            )
        )
    dates = proven().says("until when?", "ask_deadline")
    assert "Returning it under its RMA number: until Wednesday 8 April 2026" in dates


def asked_for_pictures() -> Customer:
    customer = proven()
    customer.says("broken", "report_defect", reason="defective")
    assert customer.asks == "claim.caused_by_customer"
    customer.chooses("No")
    assert customer.asks == "claim.photos"
    return customer


def test_a_picture_of_the_fault_settles_what_the_shop_needs_to_see(store: Database) -> None:
    tell(store, told())
    customer = asked_for_pictures()
    assert "send a picture" in customer.says("yes sure", "affirm")
    customer.pictures = 2
    customer.says("/inform", "inform")
    assert customer.slots["photos"] == 2
    assert {"Send it back for a refund", "Have it exchanged"} <= {
        each["title"] for each in customer.replies[-1]["buttons"]
    }


def test_pictures_sent_with_the_first_words_are_not_asked_for(store: Database) -> None:
    tell(store, told())
    customer = proven()
    customer.pictures = 1
    customer.says("broken, see the photo", "report_defect", reason="defective")
    customer.chooses("No")
    assert customer.asks != "claim.photos"


def test_who_can_give_no_picture_is_helped_by_a_person(store: Database) -> None:
    tell(store, told())
    customer = asked_for_pictures()
    assert "a person has to decide this. The shop needs pictures" in customer.chooses("I cannot send pictures")
    assert "TKT-" in customer.chooses("Talk to a person")
    assert _whys(store) == ["asked_for_person"]


def test_how_a_picture_is_taken_is_explained_once(store: Database) -> None:
    tell(store, told())
    assert "A phone's camera is enough" in asked_for_pictures().says("how", "dont_know")


def test_a_day_that_only_the_customer_knows_is_said_to_be_so(store: Database) -> None:
    tell(store, told(shop="voltaic", shipments=[ON_ITS_WAY]))
    customer = proven("voltaic", complete=True, caused_by_customer=False, labels_intact=True)
    customer.says("broken", "report_defect", reason="defective")
    assert customer.asks == "order.delivered_at"
    assert "still to come" in customer.says("tomorrow")
    assert "Which day do you mean" in customer.says("4/3")
    customer.chooses("Wednesday 4 March 2026")
    assert "I took Wednesday 4 March 2026 as the day it came, as you told us" in customer.text


def test_a_day_heard_in_passing_is_named_and_can_be_put_right(store: Database) -> None:
    tell(store, told(shop="voltaic", shipments=[ON_ITS_WAY]))
    customer = proven("voltaic", complete=True, caused_by_customer=False, labels_intact=True)
    customer.says("it came on 4 March and is broken", "report_defect", reason="defective", date="4 March")
    assert "I took Wednesday 4 March 2026 as the day it came" in customer.text
    assert customer.slots["taken"] == ["delivered_on", "reason"]
    customer.says("no, it came on 5 March", "deny", date="5 March")
    assert "until Thursday 12 March 2026" in customer.text
    assert customer.asks is not None


def test_customs_duties_and_the_services_terms_are_said_before_a_yes(store: Database) -> None:
    service = {"provider": "Nibcare", "terms_url": "https://nibcare.example.com/terms"}
    paid = {"paid_at": "2026-02-01T00:00:00+00:00", "placed_at": None}
    tell(
        store,
        told(shop="bazaar", **paid),
        told(
            number="QC-2",
            shop="bazaar",
            lines=[a_line(one_year_service=service)],
            completed_at="2026-02-10T00:00:00+00:00",
            **paid,
        ),
    )
    customer = proven("bazaar")
    assert "(BP-4f)" in customer.says("customs", "request_refund", reason="returned_by_customs")
    customer = proven("bazaar", "QC-2")
    text = customer.says("broken", "report_defect", reason="defective")
    assert "provided by Nibcare" in text
    assert "https://nibcare.example.com/terms" in text


def test_a_matter_taken_up_by_a_person_keeps_its_order_and_its_verdict(store: Database) -> None:
    tell(store, told())
    customer = proven()
    customer.says("where is it?", "track_order")
    assert "TKT-" in customer.sends("/human_handoff")
    with store.read() as session:
        ticket = session.scalars(select(order_store.Ticket)).one()
    assert (ticket.order_id, ticket.contact, ticket.goal) == (1, EMAIL, "human_handoff")
    assert ticket.verdict is not None


def test_a_return_for_a_fault_is_asked_for_its_reason_where_only_faults_are_covered(store: Database) -> None:
    tell(store, told(shop="bazaar"))
    customer = proven("bazaar")
    customer.says("I want to send it back", "return_item")
    assert customer.asks == "claim.reason"
    assert "open a dispute" in customer.chooses("It arrived damaged")
    customer = proven("bazaar")
    customer.says("I want to send it back", "return_item")
    assert "says nothing of this" in customer.chooses("I changed my mind")


def a_return_number() -> Customer:
    """Somebody who has just got an RMA for a faulty kettle: to be returned by Thursday 9 April."""
    customer = asked_for_pictures()
    customer.pictures = 1
    customer.says("/inform", "inform")
    customer.chooses("Send it back for a refund")
    customer.chooses("Yes")
    assert "by Thursday 9 April 2026" in customer.text
    return customer


def reminders(store: Database) -> list[str]:
    with store.read() as session:
        return list(session.scalars(select(order_store.Reminder.kind).where(order_store.Reminder.ended_at.is_(None))))


def test_a_reminder_is_offered_with_the_number_and_noted_on_request(store: Database) -> None:
    tell(store, told())
    customer = a_return_number()
    assert "three days before: on Monday 6 April 2026" in customer.chooses("Remind me three days before")
    assert reminders(store) == ["rma"]


def test_reminders_end_when_the_customer_says_so(store: Database) -> None:
    tell(store, told())
    customer = a_return_number()
    customer.says("remind me", "remind_me")
    assert "no more reminders" in customer.says("stop the reminders", "stop_reminding")
    assert reminders(store) == []
    assert "no reminder set" in customer.says("stop the reminders", "stop_reminding")


def test_nothing_is_promised_where_there_is_nothing_to_remind_of(store: Database) -> None:
    tell(store, told())
    customer = proven()
    assert "no deadline is running" in customer.says("remind me before it ends", "remind_me")
    assert reminders(store) == []


def test_a_reminder_is_for_those_alone_whose_order_it_is(store: Database) -> None:
    tell(store, told())
    customer = Customer()
    customer.says("remind me about QC-1001", "remind_me", order_number="QC-1001", email="eve@example.org")
    assert "could not find" in customer.text
    assert reminders(store) == []


def test_one_of_two_pieces_is_announced_written_and_told(store: Database) -> None:
    tell(store, told())
    customer = Customer()
    asked = customer.says("return one of them, QC-1001", order_number="QC-1001", email=EMAIL, quantity="1", **RETURN)
    assert customer.asks == "confirm"
    assert "for 1 of the 2 pieces" in asked
    assert "for 1 of the 2 pieces" in customer.chooses("Yes")
    with store.read() as session:
        rma = session.scalars(select(order_store.Rma)).one()
        assert (rma.quantity, rma.facts["pieces"]) == (1, 1)


def test_another_number_of_pieces_is_announced_before_a_yes_counts(store: Database) -> None:
    tell(store, told())
    customer = Customer()
    asked = customer.says("return QC-1001", order_number="QC-1001", email=EMAIL, **RETURN)
    assert "of the 2 pieces" not in asked
    assert "for 1 of the 2 pieces" in customer.says("yes, one of them", "affirm", quantity="1")
    assert (customer.asks, _count(store, order_store.Rma)) == ("confirm", 0)
    assert "fewer pieces than that" in customer.says("no, three of them", "correct_that", quantity="3")
    customer.chooses("Yes")
    with store.read() as session:
        assert session.scalars(select(order_store.Rma.quantity)).one() == 2


def test_what_can_only_be_done_for_all_pieces_is_said_so(store: Database) -> None:
    tell(store, told(shipments=[], lines=[a_line(shipment=None)]))
    customer = Customer()
    said = customer.says("cancel one of them", "cancel_order", order_number="QC-1001", email=EMAIL, quantity="1")
    assert customer.asks == "confirm"
    assert "only be done for all 2 pieces" in said


def test_newer_software_is_offered_where_the_manufacturer_upgrades(store: Database) -> None:
    tell(store, told(number="VT-1001", shop="voltaic"))
    customer = Customer(shop="voltaic")
    customer.says("the newest firmware please", "inform", reason="software_upgrade", order_number="VT-1001")
    said = customer.says(EMAIL, email=EMAIL)
    assert "upgrade the software of the Copper kettle" in said
    assert "(AS-F2)" in said
    assert "You bear the postage both ways" in said
    customer.chooses("Yes")
    assert _whys(store) == ["approve_software_upgrade"]
    assert _count(store, order_store.Rma) == 0

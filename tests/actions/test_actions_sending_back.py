"""Where a return stands, how it is sent, and the tracking number the customer tells."""

from datetime import UTC, datetime

import pytest

import order_store
from order_store import Database, Rma, Ticket
from tests.actions.conversation import Customer, proven
from tests.casework.desk import FAULT, a_return, a_warranty_repair, arrived, at_desk, repair, rma, say_yes, states, step
from tests.casework.orders import ANOTHER_LINE, EMAIL, NOW, a_line, tell, told

SENT = "I sent it with DHL, tracking 00340434161094042557"
NUMBER = "00340434161094042557"


def _tickets(store: Database) -> list[str]:
    with store.read() as session:
        return [each.why for each in session.query(Ticket).order_by(Ticket.id)]


def _what(store: Database) -> list[tuple[str, str]]:
    with store.read() as session:
        entries = order_store.history(session, session.get_one(Rma, 1))
        return [(each.what, each.who) for each in entries]


def _sent(customer: Customer, text: str = SENT, number: str = NUMBER) -> str:
    return customer.says(text, "rma", tracking_number=number)


def test_an_approved_return_is_told_with_how_to_send_it(store: Database) -> None:
    a_return(store)
    text = proven().says("what about my rma?", "rma")
    assert f"You already have an RMA number for the Copper kettle: {rma(store).number}" in text
    assert "Send it to: Returns, Musterstrasse 1" in text
    assert "tell me the tracking number here" in text


def test_its_status_and_number_are_there_for_machines(store: Database) -> None:
    a_return(store)
    customer = proven()
    customer.says("status of my rma", "rma")
    assert customer.custom("rma")["status"] == "approved"
    step(store, "send", carrier="DHL", tracking=NUMBER)
    customer.says("status of my rma", "rma")
    assert customer.custom("rma_status") == {
        "v": 1,
        "kind": "rma_status",
        "number": rma(store).number,
        "status": "sent",
        "carrier": "DHL",
        "tracking": NUMBER,
    }


def test_the_rma_number_leads_to_its_order_once_the_contact_is_proven(store: Database) -> None:
    a_return(store)
    customer = Customer()
    number = rma(store).number
    customer.says(f"what about {number}", "inform", rma_number=number)
    assert customer.asks == "customer.email"
    assert number in customer.says(EMAIL, email=EMAIL)


def test_a_strangers_rma_number_and_one_that_never_was_read_the_same(store: Database) -> None:
    a_return(store)
    read = []
    for number in (rma(store).number, order_store.new_number("rma")):
        customer = Customer(conversation=number, client=number)
        customer.says(number, "rma", rma_number=number)
        read.append(customer.says("x", email="mallory@example.com"))
    assert read[0] == read[1]
    assert "I could not find an order" in read[0]


def test_of_two_items_the_one_with_the_rma_is_meant(store: Database) -> None:
    tell(store, told(lines=[a_line(), ANOTHER_LINE]))
    say_yes(store, "return_item", "return_refund", reason="change_of_mind", line=1)
    assert rma(store).number in proven().says("where is my rma", "rma")


def test_the_tracking_number_is_announced_and_noted_on_a_yes(store: Database) -> None:
    a_return(store)
    customer = proven()
    assert f"with DHL, tracking number {NUMBER}" in _sent(customer)
    assert customer.asks == "confirm"
    assert rma(store).goods == "awaited"
    text = customer.chooses("Yes")
    assert "it is noted that the Copper kettle is on its way" in text
    assert "The policy names no day for that step." in text
    row = rma(store)
    assert (row.goods, row.carrier, row.tracking, row.tracked, row.handed_over_at) == ("sent", "DHL", NUMBER, True, NOW)
    assert _what(store)[-1] == ("rma.send", "customer")


def test_a_no_notes_nothing(store: Database) -> None:
    a_return(store)
    customer = proven()
    _sent(customer)
    assert "I have not done anything" in customer.chooses("No")
    assert rma(store).goods == "awaited"


def test_the_same_number_again_is_noted_already_and_another_is_for_a_person(store: Database) -> None:
    a_return(store)
    customer = proven()
    _sent(customer)
    customer.chooses("Yes")
    assert "That is noted already" in _sent(customer, "tracking is 0034 0434 1610 9404 2557, i posted it")
    text = _sent(customer, "sorry, I sent it with UPS, tracking 1Z999AA10123456784", "1Z999AA10123456784")
    assert f"another parcel is noted, tracking number {NUMBER}" in text
    assert [each["title"] for each in customer.replies[-1]["buttons"]] == ["Talk to a person"]
    assert rma(store).tracking == NUMBER
    assert [what for what, _ in _what(store)].count("rma.send") == 1


def test_a_number_corrected_before_the_yes_is_announced_anew(store: Database) -> None:
    a_return(store)
    customer = proven()
    _sent(customer)
    text = customer.says("no wait, tracking 1Z999AA10123456784", "correct_that", tracking_number="1Z999AA10123456784")
    assert "tracking number 1Z999AA10123456784" in text
    customer.chooses("Yes")
    assert rma(store).tracking == "1Z999AA10123456784"


def test_who_only_says_it_is_sent_is_asked_for_the_number(store: Database) -> None:
    a_return(store)
    customer = proven()
    customer.says("I have sent the parcel", "rma")
    assert customer.asks == "rma.tracking"
    assert "tracking number PP5519" in customer.says("PP 5519", "inform", order_number="PP-5519")
    customer.chooses("Yes")
    assert rma(store).tracking == "PP5519"


def test_a_parcel_without_a_number_is_noted_and_says_which_day_counts(store: Database) -> None:
    a_return(store)
    customer = proven()
    customer.says("I have sent the parcel with Hermes", "rma")
    assert "the day on which it arrives then counts" in customer.chooses("I have none")
    customer.chooses("Yes")
    row = rma(store)
    assert (row.goods, row.carrier, row.tracking, row.tracked) == ("sent", "Hermes", None, False)


def test_whether_it_has_arrived_is_a_question_and_notes_nothing(store: Database) -> None:
    a_return(store)
    customer = proven()
    assert "It is approved" in customer.says("I sent it last week, has it arrived?", "rma")
    assert customer.asks is None


def test_a_status_is_told_at_every_step(store: Database) -> None:
    a_return(store)
    customer = proven()
    step(store, "send", tracking=NUMBER)
    step(store, "receive", 1)
    assert "Of the 2 pieces you may send in" in customer.says("status?", "rma")
    step(store, "receive")
    assert "arrived at the shop on Tuesday 10 March 2026" in customer.says("status?", "rma")
    step(store, "inspect")
    assert "has been looked at" in customer.says("status?", "rma")
    step(store, "accept", 1)
    assert "The shop has been asked to refund 39.90 EUR" in customer.says("status?", "rma")
    assert "1 of 2 pieces were accepted" in customer.text
    step(store, "refund")
    assert "The refund of 39.90 EUR for the Copper kettle" in customer.says("status?", "rma")
    assert customer.custom("rma_status")["amount"] == "39.90"


def test_a_refusal_names_its_reason_and_where_the_item_is(store: Database) -> None:
    a_return(store)
    arrived(store)
    step(store, "reject", "ST-D4")
    customer = proven()
    assert "The reason on record: ST-D4." in customer.says("status?", "rma")
    assert "goes back to you" in customer.text
    step(store, "send_back", carrier="DHL", tracking="X1")
    assert "It travels with DHL, tracking number X1" in customer.says("status?", "rma")


def test_a_lost_parcel_and_a_cancelled_return_say_so(store: Database) -> None:
    a_return(store)
    step(store, "send", tracking=NUMBER)
    step(store, "lose")
    assert "(ST-M5)" in proven().says("status?", "rma")
    step(store, "reject", "ST-M5")
    assert "lost on its way" in proven().says("status?", "rma")


@pytest.fixture
def overdue(store: Database) -> Database:
    """A confirmed return whose seven days to send it off end with 17 March (AS-X7)."""
    tell(store, told(shop="voltaic"))
    say_yes(store, "report_defect", "return_refund", shop="voltaic", **FAULT)
    return store


def test_an_expired_rma_names_its_clause_and_what_is_still_open(overdue: Database) -> None:
    later = datetime(2026, 3, 19, 9, tzinfo=UTC)
    customer = proven("voltaic")
    customer.now = later
    text = customer.says("is my rma still valid?", "rma")
    assert "had to be on its way by Tuesday 17 March 2026 (AS-X7)" in text
    assert "is under warranty until Friday 28 August 2026" in text
    assert "Something is faulty or damaged" in [each["title"] for each in customer.replies[-1]["buttons"]]
    with at_desk(overdue, later, "worker") as acting:
        row = acting.session.get_one(Rma, 1)
        acting.step(row, "expire", "AS-X7")
        acting.step(row, "close", "AS-X7")
    assert "(AS-X7)" in customer.says("is my rma still valid?", "rma")


def test_a_parcel_told_too_late_is_for_a_person(overdue: Database) -> None:
    customer = proven("voltaic")
    customer.now = datetime(2026, 3, 19, 9, tzinfo=UTC)
    text = customer.says(
        "I sent it on 12 March with DHL, tracking RR123456785DE", "rma", tracking_number="RR123456785DE"
    )
    assert "for a person to check" in text
    assert "TKT-" in text
    assert _tickets(overdue) == ["sent_before_expiry"]
    assert rma(overdue).goods == "awaited"


def test_without_an_rma_the_return_begins(store: Database) -> None:
    tell(store, told())
    customer = proven()
    assert "There is no RMA number for it yet" in customer.says("what is my rma number", "rma")
    assert customer.asks == "claim.reason"
    customer.chooses("I changed my mind")
    assert "RMA-" in customer.chooses("Yes")


def test_a_yes_that_waits_for_approval_is_told_as_such(store: Database) -> None:
    tell(store, told(shop="workshop"))
    customer = proven("workshop")
    customer.says("return it", "return_item", reason="change_of_mind")
    customer.chooses("Yes")
    assert "waits for the shop's approval. The ticket number is TKT-" in customer.says("rma status", "rma")


def test_a_repair_under_warranty_is_told_with_its_rma(store: Database) -> None:
    a_warranty_repair(store)
    arrived(store)
    step(store, "accept")
    text = proven("voltaic").says("rma status", "rma")
    assert "it is repaired free of charge" in text
    assert "It is to be done by Friday 13 March 2026 (AS-P4)" in text
    assert states(repair(store))[0] == "agreed"

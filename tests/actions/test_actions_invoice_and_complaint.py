"""Invoices, complaints, and what is none of the bot's business."""

import pytest
from sqlalchemy import select

from order_store import Database, Ticket
from tests.actions.conversation import Customer, proven
from tests.casework.orders import ANOTHER_LINE, EMAIL, PHONE, a_line, tell, told


def _tickets(store: Database) -> list[Ticket]:
    with store.read() as session:
        return list(session.scalars(select(Ticket).order_by(Ticket.id)))


def test_an_invoice_is_announced_then_handed_to_a_person_for_the_address_of_the_order(store: Database) -> None:
    tell(store, told(invoice="R-5512", lines=[a_line(), dict(ANOTHER_LINE)]))
    customer = Customer()
    customer.says("send me the invoice of QC-1001", "invoice", order_number="QC-1001")
    text = customer.says(PHONE, phone=PHONE)
    assert "The invoice of order QC-1001 has the number R-5512" in text
    assert EMAIL not in text
    assert customer.asks == "confirm"
    assert _tickets(store) == []
    text = customer.chooses("Yes")
    [ticket] = _tickets(store)
    assert ticket.number in text
    assert EMAIL not in text
    assert "goes to the e-mail address it was placed with" in text
    assert (ticket.why, ticket.contact, ticket.line_id) == ("invoice", EMAIL, None)
    assert ticket.order_id is not None


def test_an_invoice_asked_for_again_has_the_same_ticket(store: Database) -> None:
    tell(store, told())
    customer = proven()
    for _ in range(2):
        customer.says("the invoice", "invoice")
        customer.chooses("Yes")
    assert len(_tickets(store)) == 1


def test_the_invoices_of_two_orders_are_two_tickets(store: Database) -> None:
    tell(store, told(), told(number="QC-1002"))
    customer = proven()
    customer.says("the invoice", "invoice")
    customer.chooses("Yes")
    customer.says("and the invoice of QC-1002", "invoice", order_number="QC-1002")
    customer.chooses("Yes")
    assert len(_tickets(store)) == 2


def test_an_invoice_never_goes_to_another_address(store: Database) -> None:
    tell(store, told())
    customer = proven()
    customer.says("the invoice", "invoice")
    text = customer.says("yes, but to boss@example.org", "affirm", email="boss@example.org")
    assert "An invoice only goes to the e-mail address the order was placed with." in text
    assert customer.asks == "confirm"
    assert _tickets(store) == []
    customer.chooses("Yes")
    assert [each.contact for each in _tickets(store)] == [EMAIL]


def test_an_invoice_that_is_not_wanted_after_all_makes_no_ticket(store: Database) -> None:
    tell(store, told())
    customer = proven()
    customer.says("the invoice", "invoice")
    assert "not done anything" in customer.chooses("No")
    assert _tickets(store) == []


def test_somebody_elses_order_has_no_invoice_to_ask_for(store: Database) -> None:
    tell(store, told(invoice="R-5512"))
    customer = Customer()
    customer.says("invoice QC-1001", "invoice", order_number="QC-1001")
    assert "R-5512" not in customer.says("mallory@example.com", email="mallory@example.com")
    assert "could not find" in customer.text


def test_a_complaint_is_answered_calmly_with_what_can_be_done_and_a_person(store: Database) -> None:
    customer = Customer()
    assert "I am sorry that it went that way." in customer.says("you are all idiots", "complaint")
    labels = [each["title"] for each in customer.replies[-1]["buttons"]]
    assert labels == [
        "Something is faulty or damaged",
        "My order has not arrived",
        "I want my money back",
        "Where is my refund?",
        "Talk to a person",
    ]
    customer.chooses("Talk to a person")
    customer.says(EMAIL, email=EMAIL)
    assert [(each.why, each.contact) for each in _tickets(store)] == [("complaint", EMAIL)]


def test_a_complaint_with_a_proven_order_reaches_the_person_with_it(store: Database) -> None:
    tell(store, told(lines=[a_line(), dict(ANOTHER_LINE)]))
    customer = Customer()
    customer.says("QC-1001 is a disgrace", "complaint", order_number="QC-1001")
    assert "I am sorry" in customer.text
    assert customer.asks == "customer.email"
    assert "A person gets order QC-1001" in customer.says(EMAIL, email=EMAIL)
    customer.chooses("Talk to a person")
    [ticket] = _tickets(store)
    assert ticket.why == "complaint"
    assert ticket.order_id is not None


def test_a_complaint_that_tells_what_is_wrong_opens_that_matter(store: Database) -> None:
    customer = Customer()
    text = customer.says("you sent me broken rubbish", "complaint", reason="defective")
    assert "I am sorry" in text
    assert customer.asks == "order.number"
    assert customer.slots["goal"] == "report_defect"


def test_a_complaint_inside_a_matter_leaves_it_as_it_is(store: Database) -> None:
    tell(store, told())
    customer = proven()
    customer.says("return it", "return_item")
    assert "I am sorry" in customer.says("this takes ages, unbelievable", "complaint")
    assert customer.asks == "claim.reason"
    assert customer.slots["goal"] == "return_item"
    customer.says("a person now", "human_handoff")
    assert [each.why for each in _tickets(store)] == ["complaint"]


def test_who_never_complained_is_no_complaint_to_the_person(store: Database) -> None:
    tell(store, told())
    customer = proven()
    customer.says("a person please", "human_handoff")
    assert [each.why for each in _tickets(store)] == ["asked_for_person"]


def test_what_is_out_of_scope_names_what_can_be_done_and_does_not_loop(store: Database) -> None:
    customer = Customer()
    assert "outside what I can help with" in customer.says("tell me a joke", "out_of_scope")
    assert len(customer.replies[-1]["buttons"]) == 5
    text = customer.says("sing to me", "out_of_scope")
    assert "outside what I can help with, too" in text
    assert "help@example.com" in text
    assert [each["title"] for each in customer.replies[-1]["buttons"]] == ["Talk to a person"]
    customer.says("hello", "greet")
    assert ", too" not in customer.says("tell me a joke", "out_of_scope")


def test_a_question_about_goods_and_prices_is_the_shops_to_answer(store: Database) -> None:
    text = Customer().says("how much is the blue lamp?", "out_of_scope")
    assert "a question for the shop, and a person there can answer it" in text
    assert "help@example.com" in text


def test_out_of_scope_inside_a_matter_comes_back_to_its_question(store: Database) -> None:
    customer = Customer()
    customer.says("return it", "return_item")
    customer.says("what is the weather", "out_of_scope")
    assert customer.asks == "order.number"


@pytest.mark.parametrize(
    "text",
    [
        "I've lost the receipt",
        "I don't have a receipt",
        "I can't find the invoice any more",
        "I threw the invoice away",
        "I didn't keep the invoice",
        "the bill got lost",
    ],
)
def test_a_lost_receipt_beside_another_matter_is_no_wish_for_an_invoice(store: Database, text: str) -> None:
    tell(store, told())
    customer = proven()
    heard = {"reason": "defective", "requests": {text: "invoice"}}
    assert "I go by the order itself" in customer.says(f"my kettle is broken. {text}", "report_defect", **heard)
    assert customer.slots["later"] is None
    open_question = customer.asks
    assert "I go by the order itself" in customer.says(text, "invoice")
    assert (customer.asks, customer.slots["goal"]) == (open_question, "report_defect")


@pytest.mark.parametrize(
    "text",
    [
        "I've lost the receipt, please send me a new one",
        "I need the invoice",
        "Also the invoice is missing from the parcel",
        "the invoice was missing",
        "the receipt is missing",
        "I don't have an invoice",
        "I have no invoice for order 1001",
        "it came without an invoice",
    ],
)
def test_who_asks_for_an_invoice_beside_another_matter_gets_one(store: Database, text: str) -> None:
    tell(store, told())
    customer = proven()
    customer.says(f"my kettle is broken. {text}", "report_defect", reason="defective", requests={text: "invoice"})
    assert [each["goal"] for each in customer.slots["later"]] == ["invoice"]

"""Several requests, several items, several facts: one after the other, and none forgotten."""

from typing import Any

import pytest
from sqlalchemy import select

import order_store
from bot.actions.case_form import ValidateCaseForm
from bot.actions.going_on import Next
from bot.actions.replying import NotUnderstood
from order_store import Database
from tests.actions.conversation import Customer, proven, run, tracker_of
from tests.casework.orders import ANOTHER_LINE, EMAIL, ON_ITS_WAY, a_line, tell, told

RETURN = {"intent": "return_item", "reason": "change_of_mind"}
TWO_WISHES = "I want to return the kettle and where is my other order QC-1002?"
OTHER = {"where is my other order QC-1002?": "track_order"}
TWO_LINES = [a_line(shipment=0), ANOTHER_LINE | {"shipment": 0}]


@pytest.fixture
def orders(store: Database) -> Database:
    tell(store, told(), told(number="QC-1002", shipments=[ON_ITS_WAY], lines=[ANOTHER_LINE | {"shipment": 0}]))
    return store


@pytest.fixture
def two_items(store: Database) -> Database:
    tell(store, told(lines=TWO_LINES))
    return store


def _rmas(store: Database) -> list[tuple[str, str]]:
    with store.read() as session:
        rmas = session.scalars(select(order_store.Rma).order_by(order_store.Rma.id))
        return [(rma.line.title, rma.reason) for rma in rmas]


def test_the_second_request_is_taken_up_once_the_first_is_settled(orders: Database) -> None:
    customer = Customer()
    assert "one after the other" in customer.says(TWO_WISHES, "return_item", requests=OTHER, order_number="QC-1002")
    assert customer.asks == "order.number"
    customer.says("QC-1001")
    customer.says(EMAIL, email=EMAIL)
    customer.chooses("I changed my mind")
    assert customer.asks == "confirm"
    text = customer.chooses("Yes")
    assert "Your RMA number for the Copper kettle is RMA-" in text
    assert "Now to your other question: “where is my other order QC-1002?”" in text
    assert "The Reading lamp was shipped on" in text
    assert customer.custom("next") == {"v": 1, "kind": "next", "goal": "track_order", "more": True}
    assert customer.slots["later"] is None
    assert "put it differently" in customer.says("yes", "affirm")


def test_a_no_to_the_first_leaves_the_second(orders: Database) -> None:
    customer = proven()
    customer.says(TWO_WISHES, "return_item", requests=OTHER, reason="change_of_mind")
    text = customer.chooses("No")
    assert "I have not done anything" in text
    assert "Now to your other question" in text


def test_the_second_request_asks_what_it_needs_and_knows_who_is_asking(orders: Database) -> None:
    customer = proven("quill", "QC-1002")
    text = customer.says(
        "where is the lamp and I want to return the kettle of QC-1001",
        "track_order",
        requests={"I want to return the kettle of QC-1001": "return_item"},
        order_number="QC-1001",
    )
    assert "The Reading lamp was shipped on" in text
    assert "Now to your other question" in text
    assert customer.asks == "claim.reason"
    customer.chooses("I changed my mind")
    customer.chooses("Yes")
    assert _rmas(orders) == [("Copper kettle", "change_of_mind")]


def test_an_order_of_somebody_else_is_not_opened_by_being_asked_for_second(orders: Database) -> None:
    tell(orders, told(number="QC-9", customer={"name": "Eve Moss", "email": "eve@example.org"}))
    customer = proven()
    text = customer.says(
        "who pays the postage and where is order QC-9",
        "shipping_cost",
        requests={"where is order QC-9": "track_order"},
        order_number="QC-9",
    )
    assert "could not find an order" in text
    assert customer.asks == "order.number"
    assert customer.slots["verified_order"] is None


def test_an_aside_first_is_answered_and_the_matter_begun(orders: Database) -> None:
    customer = proven()
    text = customer.says(
        "who pays the postage and I want to return the kettle",
        "shipping_cost",
        requests={"I want to return the kettle": "return_item"},
    )
    assert "postage" in text
    assert customer.asks == "claim.reason"


def test_an_aside_second_is_answered_after_the_matter(orders: Database) -> None:
    customer = proven()
    text = customer.says(
        "where is my order and who pays postage", "track_order", requests={"who pays postage": "shipping_cost"}
    )
    assert "reports it delivered" in text
    assert "“who pays postage”" in text
    assert "You bear the postage both ways" in text
    assert customer.replies[-1]["buttons"][-1]["title"] == "Talk to a person"


def test_three_requests_are_three(orders: Database) -> None:
    customer = proven()
    text = customer.says(
        "where is it; until when can I return it; where is QC-1002",
        "track_order",
        requests={"until when can I return it": "ask_deadline", "where is QC-1002": "track_order"},
        order_number="QC-1002",
    )
    assert text.count("Now to your other question") == 2
    assert "The Reading lamp was shipped on" in text


def test_stop_ends_what_waits_as_well_and_says_so(orders: Database) -> None:
    customer = Customer()
    customer.says(TWO_WISHES, "return_item", requests=OTHER, order_number="QC-1002")
    assert "what else you asked for" in customer.says("never mind", "stop")
    assert customer.slots["later"] is None
    assert "Now to" not in customer.says("hello", "greet")


def test_a_wish_added_to_an_open_question_waits(orders: Database) -> None:
    customer = proven()
    customer.says("return it", "return_item")
    text = customer.says("also where is my other order QC-1002?", "track_order", order_number="QC-1002")
    assert "one after the other" in text
    assert customer.asks == "claim.reason"
    customer.chooses("I changed my mind")
    assert "The Reading lamp was shipped on" in customer.chooses("No")


def test_the_reason_told_of_one_item_is_said_back_for_the_next(two_items: Database) -> None:
    customer = proven()
    customer.says("I want to return the kettle and the lamp", "return_item")
    customer.chooses("I changed my mind")
    assert "I understood this" not in customer.text
    customer.chooses("Yes")
    assert "Now to the Reading lamp" in customer.text
    assert "I understood this: you do not want it any more. If that is not so, tell me" in customer.text
    customer.says("the lamp does not work", "report_defect", reason="defective")
    assert customer.slots["reason"] == "defective"


def test_an_answer_and_a_request_in_one_breath_both_count(orders: Database) -> None:
    customer = proven()
    customer.says("return it", "return_item")
    text = customer.says(
        "I changed my mind, and also where is order QC-1002",
        "inform",
        requests={"where is order QC-1002": "track_order"},
        reason="change_of_mind",
        order_number="QC-1002",
    )
    assert "one after the other" in text
    assert customer.asks == "confirm"
    assert "The Reading lamp was shipped on" in customer.chooses("Yes")


def test_a_person_who_is_asked_for_second_comes_second(orders: Database) -> None:
    customer = proven()
    text = customer.says(
        "where is it and let me talk to a person", "track_order", requests={"let me talk to a person": "human_handoff"}
    )
    assert "reports it delivered" in text
    assert "TKT-" in text


@pytest.mark.parametrize(
    ("shop", "first", "why"),
    [
        ("quill", {"text": "send me the invoice", "intent": "invoice"}, "invoice"),
        ("workshop", {"text": "send the kettle back", **RETURN}, "approve_return_refund"),
    ],
)
def test_a_person_asked_for_beside_a_ticket_has_one_of_their_own(
    store: Database, shop: str, first: dict[str, str], why: str
) -> None:
    tell(store, told(shop=shop))
    customer = proven(shop)
    wish = first | {"text": f"{first['text']} and also let me talk to a person"}
    customer.says(**wish, requests={"let me talk to a person": "human_handoff"})
    customer.chooses("Yes")
    told_of = [reply["custom"]["number"] for reply in customer.replies if reply["custom"]["kind"] == "ticket"]
    with store.read() as session:
        tickets = session.scalars(select(order_store.Ticket).order_by(order_store.Ticket.id)).all()
        assert [(each.number, each.why) for each in tickets] == list(
            zip(told_of, (why, "asked_for_person"), strict=True)
        )


def test_two_order_numbers_in_one_wish_are_two_matters(orders: Database) -> None:
    customer = Customer()
    metadata = {"order_number": "QC-1001"}
    customer.says("where is my order", "track_order", **metadata)
    assert customer.asks == "customer.email"
    customer = proven()
    customer.slots["order_number"] = customer.slots["verified_order"] = "QC-1001"
    entities = [{"entity": "order_number", "value": number} for number in ("QC-1001", "QC-1002")]
    text = customer._turn("where are QC-1001 and QC-1002", "track_order", 0.9, entities)
    assert "Now to your other question: “QC-1002”" in text
    assert "The Reading lamp was shipped on" in text


@pytest.mark.parametrize("text", ["both please", "all of them", "the kettle and the lamp", "1 and the lamp, both"])
def test_both_items_are_taken_one_after_the_other(two_items: Database, text: str) -> None:
    customer = proven()
    customer.says("I want to return something", **RETURN)
    assert customer.asks == "line"
    assert "one after the other" in customer.says(text)
    assert customer.asks == "confirm"
    assert "Now to the Reading lamp." in customer.chooses("Yes")
    assert customer.asks == "confirm"
    assert "Reading lamp" in customer.chooses("Yes")
    assert _rmas(two_items) == [("Copper kettle", "change_of_mind"), ("Reading lamp", "change_of_mind")]
    assert customer.slots["lines"] is None


def test_the_button_for_all_of_them_does_the_same(two_items: Database) -> None:
    customer = proven()
    customer.says("I want to return something", **RETURN)
    customer.chooses("All of them")
    assert customer.slots["line"] == 0
    assert customer.slots["lines"] == [1]


def test_both_said_at_the_beginning_are_both(two_items: Database) -> None:
    customer = Customer()
    customer.says("I want to return both items of QC-1001", order_number="QC-1001", email=EMAIL, **RETURN)
    assert customer.asks == "confirm"
    assert "Now to the Reading lamp." in customer.chooses("No")


def test_the_other_one_too_in_the_middle_comes_next(two_items: Database) -> None:
    customer = proven()
    customer.says("return the kettle", **RETURN)
    assert "one after the other" in customer.says("the other one too", "correct_that")
    assert customer.asks == "confirm"
    assert "Now to the Reading lamp." in customer.chooses("Yes")
    customer.chooses("No")


@pytest.mark.parametrize("intent", ["inform", "correct_that", "return_item", "nlu_fallback"])
def test_the_other_one_too_after_the_end_is_a_matter_like_the_first(two_items: Database, intent: str) -> None:
    customer = proven()
    customer.says("return the kettle", **RETURN)
    customer.chooses("No")
    customer.says("and the other one too", intent)
    assert customer.asks == "confirm"
    customer.chooses("Yes")
    assert _rmas(two_items) == [("Reading lamp", "change_of_mind")]


def test_each_item_is_asked_for_its_own_facts(store: Database) -> None:
    tell(store, told(shop="voltaic", lines=TWO_LINES))
    customer = proven("voltaic")
    customer.says("both of them came broken", "report_defect", reason="defective")
    assert customer.custom("question")["all"] == ["claim.complete", "claim.caused_by_customer", "claim.labels_intact"]
    customer.chooses("Yes, all of it")
    customer.chooses("Send it back for a refund")
    customer.chooses("Yes")
    assert "Now to the Reading lamp." in customer.text
    assert customer.custom("question")["all"] == ["claim.complete", "claim.caused_by_customer", "claim.labels_intact"]


def test_a_list_of_facts_reads_so_that_yes_is_the_usual_answer(store: Database) -> None:
    tell(store, told(shop="voltaic"))
    customer = proven("voltaic")
    text = customer.says("return it", **RETURN)
    assert text.startswith("Is all of this true?\n• You still have everything")
    assert customer.custom("question")["asks"] == "claim.complete"
    assert "yes" not in text
    customer.says("yes", "affirm")
    assert customer.asks == "confirm"


def test_not_all_of_it_is_asked_one_by_one(store: Database) -> None:
    tell(store, told(shop="voltaic"))
    customer = proven("voltaic")
    customer.says("return it", **RETURN)
    customer.chooses("Not all of it")
    for path, label in (
        ("complete", "Yes"),
        ("caused_by_customer", "No"),
        ("labels_intact", "Yes"),
        ("activated", "No"),
        ("resalable", "Yes"),
    ):
        assert customer.asks == f"claim.{path}"
        customer.chooses(label)
    assert customer.asks == "confirm"


def test_an_exception_told_with_the_yes_is_heard(store: Database) -> None:
    tell(store, told(shop="voltaic"))
    customer = proven("voltaic")
    customer.says("return it", **RETURN)
    text = customer.says("all except I used it", "inform", fact="activated=true")
    assert "Return for a refund: not possible" in text


def _metadata(turn: int) -> dict[str, Any]:
    return {"shop": "quill", "now": "2026-03-10T09:30:00+00:00", "conversation": "c1", "turn": turn, "client": "k1"}


def test_a_message_that_comes_again_is_told_what_was_settled_before_the_open_question(orders: Database) -> None:
    customer = proven(requested_slot="reason", goal="return_item", heard_turn="7")
    tracker = tracker_of(dict(customer.slots), "where is it", "track_order", metadata=_metadata(7), in_form=True)
    heard = {"event": "user", "text": "where is it", "metadata": _metadata(7)}
    said = [
        {"event": "bot", "text": text, "data": {"custom": {"v": 1, "kind": kind, "more": True}}}
        for text, kind in (("It was shipped.", "order"), ("Now to", "next"))
    ]
    asked = {"event": "bot", "text": "Why?", "data": {"custom": {"v": 1, "kind": "question", "asks": "claim.reason"}}}
    tracker.events = [heard, *said, asked, heard]
    _, messages = run(ValidateCaseForm(), tracker)
    assert [each["text"] for each in messages] == ["It was shipped.", "Now to"]
    tracker.events = [heard, *said]
    assert run(ValidateCaseForm(), tracker)[1] == []


def test_the_address_in_one_of_the_requests_is_the_customers_in_all_of_them(orders: Database) -> None:
    customer = Customer()
    text = customer.says(
        f"who pays the postage, I am {EMAIL}, and where is order QC-1002",
        "shipping_cost",
        requests={"where is order QC-1002": "track_order"},
        order_number="QC-1002",
        email=EMAIL,
    )
    assert "The Reading lamp was shipped on" in text
    customer = Customer(conversation="c2")
    text = customer.says(
        f"where is order QC-1002 and until when can I return QC-1001, {EMAIL}",
        "track_order",
        requests={f"until when can I return QC-1001, {EMAIL}": "ask_deadline"},
        order_number="QC-1002",
        email=EMAIL,
    )
    assert "The Reading lamp was shipped on" in text


def test_what_waited_when_a_turn_broke_off_is_taken_up(orders: Database) -> None:
    waiting = {"goal": "track_order", "text": "where is QC-1002", "spans": [["order_number", "QC-1002"]]}
    customer = proven(settled=True, later=[waiting], goal="return_item")
    assert "The Reading lamp was shipped on" in customer.says("hm?", "nlu_fallback")
    customer = proven(settled=True, later=[waiting], goal="return_item")
    assert "what else you asked for" in customer.says("leave it", "stop")
    assert customer.slots["later"] is None


def test_what_waits_is_not_lost_when_the_store_is_down(orders: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: Any) -> None:
        raise OSError("the store does not answer")

    monkeypatch.setattr("bot.actions.going_on.begin", down)
    waiting = {"goal": "track_order", "text": "where is QC-1002", "spans": []}
    slots = proven(settled=True, later=[waiting]).slots
    events, messages = run(Next(), tracker_of(slots, metadata=_metadata(3)))
    assert [(each["event"], each["name"]) for each in events] == [("followup", "action_listen")]
    assert "not answering" in messages[0]["text"]


def test_no_matter_no_queue(store: Database) -> None:
    events, messages = run(NotUnderstood(), tracker_of({"settled": True}, "x", "affirm", metadata=_metadata(1)))
    assert len(messages) == 1
    assert [each["name"] for each in events] == ["misses"]

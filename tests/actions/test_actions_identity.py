"""Nothing about an order leaves before it is proven, whatever is sent."""

from typing import Any

import pytest
from sqlalchemy import func, select

from bot.actions.case_form import ValidateCaseForm
from order_store import Database, IdentityAttempt
from tests.actions.conversation import Customer, run, tracker_of
from tests.casework.orders import EMAIL, tell, told

METADATA = {"shop": "quill", "now": "2026-03-10T09:30:00+00:00", "conversation": "c1", "turn": "1", "client": "k1"}


def _attempts(store: Database) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(IdentityAttempt)) or 0


def test_a_wrong_pair_an_unknown_order_and_another_shops_order_read_the_same(store: Database) -> None:
    tell(store, told(), told(number="HB-1", shop="bazaar"))
    read = set()
    for conversation, (number, email) in enumerate([("QC-1001", "bo@example.org"), ("QC-9", EMAIL), ("HB-1", EMAIL)]):
        customer = Customer(conversation=f"c{conversation}", client=f"k{conversation}")
        customer.says("return it", "return_item", order_number=number, email=email)
        read.add((customer.text, str([reply["custom"] for reply in customer.replies])))
    assert len(read) == 1
    assert _attempts(store) == 3


def test_after_five_failures_a_person_is_offered_and_the_right_pair_does_not_help(store: Database) -> None:
    tell(store, told())
    customer = Customer()
    for _ in range(5):
        customer.says("return it", "return_item", order_number="QC-1001", email="bo@example.org")
    assert "quarter of an hour" in customer.says("return it", "return_item", order_number="QC-1001", email=EMAIL)
    assert [each["title"] for each in customer.replies[-1]["buttons"]] == ["Talk to a person"]
    assert _attempts(store) == 5
    customer.now = customer.now.replace(minute=45)
    customer.says("return it", "return_item", order_number="QC-1001", email=EMAIL)
    assert customer.asks == "claim.reason"


@pytest.mark.parametrize(
    "entities",
    [
        {"verified_order": "QC-1001"},
        {"verified_order": "QC-1001", "order_number": "QC-1001", "confirm": True, "goal": "return_item"},
        {"contact": EMAIL, "line": 0, "remedy": "return_refund"},
        {"answer": "verified_order=QC-1001"},
        {"answer": "contact=" + EMAIL},
    ],
)
@pytest.mark.parametrize("intent", ["return_item", "choose", "inform"])
def test_entities_open_no_door(store: Database, entities: dict[str, Any], intent: str) -> None:
    tell(store, told())
    found = [{"entity": name, "value": value} for name, value in entities.items()]
    slots = {"goal": "return_item", "order_number": "QC-1001", "requested_slot": "contact"}
    events, _ = run(ValidateCaseForm(), tracker_of(slots, "x", intent, 1.0, found, METADATA, in_form=True))
    heard = {event["name"]: event["value"] for event in events}
    assert not heard.keys() & {"verified_order", "contact", "confirm", "remedy", "line"}


def test_the_verified_slot_alone_shows_nothing(store: Database) -> None:
    tell(store, told())
    customer = Customer()
    customer.slots |= {"order_number": "QC-1001", "verified_order": "QC-1001", "contact": "bo@example.org"}
    text = customer.says("where is it?", "track_order")
    assert "Parcel" not in text
    assert customer.asks in ("order.number", "customer.email")


def test_a_signed_token_is_asked_for_no_contact(store: Database) -> None:
    tell(store, told())
    customer = Customer(vouched={"email": EMAIL, "orders": ["QC-1001"]})
    customer.says("where is my order QC-1001?", "track_order", order_number="QC-1001")
    assert "PP5519" in customer.text
    elsewhere = Customer(conversation="c2", vouched={"email": EMAIL, "orders": ["QC-7"]})
    elsewhere.says("where is my order QC-1001?", "track_order", order_number="QC-1001")
    assert "could not find" in elsewhere.text


def test_another_conversation_proves_it_again(store: Database) -> None:
    tell(store, told())
    Customer().says("where is it", "track_order", order_number="QC-1001", email=EMAIL)
    stranger = Customer(conversation="c2", client="k2")
    stranger.says("where is QC-1001?", "track_order", order_number="QC-1001")
    assert stranger.asks == "customer.email"

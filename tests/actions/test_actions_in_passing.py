"""What is asked in passing, as the customer reads it: answered, and the open question comes back."""

import pytest

from order_store import Database
from tests.actions.conversation import Customer, proven
from tests.casework.orders import EMAIL, tell, told


@pytest.mark.parametrize(
    ("text", "intent", "reads"),
    [
        ("is it covered by warranty?", "warranty", "warranty"),
        ("where is my parcel?", "track_order", "PP5519"),
        ("until when can I send it back?", "ask_deadline", "Copper kettle"),
        ("did you pay me back already?", "refund_status", "No refund is under way"),
        ("what about my data", "privacy_request", "corrected or deleted"),
        ("can I talk to someone later?", "human_handoff", "A person can be called in"),
    ],
)
def test_it_is_told_and_the_reason_is_asked_again(store: Database, text: str, intent: str, reads: str) -> None:
    tell(store, told())
    customer = proven()
    customer.says("return it", "return_item")
    assert customer.asks == "claim.reason"
    assert reads.lower() in customer.says(text, intent).lower()
    assert customer.asks == "claim.reason"
    assert customer.slots["goal"] == "return_item"


@pytest.mark.parametrize(
    ("text", "intent"), [("is it covered by warranty?", "warranty"), ("until when can I send it back?", "ask_deadline")]
)
def test_what_is_told_in_passing_is_days_and_no_decision(store: Database, text: str, intent: str) -> None:
    tell(store, told())
    customer = proven()
    customer.says("return it", "return_item")
    customer.says(text, intent)
    assert customer.custom("verdict")["remedies"] == []


def test_who_only_asks_for_the_hours_reads_them_and_is_asked_nothing(store: Database) -> None:
    customer = Customer()
    read = customer.says("when are you open?", "human_handoff")
    assert customer.asks is None
    assert "TKT-" not in read
    assert customer.slots["goal"] is None
    assert customer.slots["answered"] is None


def test_after_a_wrong_pair_one_part_is_enough(store: Database) -> None:
    tell(store, told())
    customer = Customer()
    customer.says("return it", "return_item", order_number="QC-1001", email="adda@example.com")
    assert customer.asks == "order.number"
    customer.says("sorry it's the other", "correct_that", email=EMAIL)
    assert customer.asks == "claim.reason"
    assert customer.slots["refused"] is None


def test_nothing_open_is_nothing_to_stop(store: Database) -> None:
    customer = Customer()
    assert "There is nothing open" in customer.says("never mind", "stop")
    assert customer.slots["misses"] is None

"""A settled matter taken up again for the item or the order that was meant."""

from typing import Any

import pytest

from casework.heard import Heard
from casework.listening import listen
from casework.messages import Message
from order_store import Database
from tests.casework.orders import ANOTHER_LINE, EMAIL, NOW, a_line, an_asker, tell, told

SETTLED = {
    "order_number": "QC-1002",
    "verified_order": "QC-1002",
    "contact": EMAIL,
    "goal": "return_item",
    "opening": "I changed my mind about the kettle",
    "reason": "change_of_mind",
    "line": 0,
    "complete": True,
    "told": "0:x",
    "settled": True,
}


@pytest.fixture
def store(sqlite_shops: Database) -> Database:
    tell(sqlite_shops, told(), told(number="QC-1002", lines=[a_line(), ANOTHER_LINE]))
    return sqlite_shops


def _listen(store: Database, text: str, intent: str = "correct_that", slots: dict[str, Any] | None = None) -> Heard:
    numbers = tuple(("order_number", word) for word in text.split() if word.startswith("QC-"))
    return listen(store, Message(text, intent, 0.9, numbers), {**SETTLED, **(slots or {})}, an_asker(), NOW)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("sorry I meant the other one", "correct_that"),
        ("no, the lamp", "deny"),
        ("sorry, I meant the lamp, not the kettle", "correct_that"),
        ("wrong one, it is the lamp", "nlu_fallback"),
    ],
)
def test_the_other_item_is_decided_for_the_same_wish_and_reason(store: Database, text: str, intent: str) -> None:
    heard = _listen(store, text, intent)
    assert {name: heard.updates[name] for name in ("goal", "reason", "line")} == {
        "goal": "return_item",
        "reason": "change_of_mind",
        "line": 1,
    }
    assert heard.updates["complete"] is heard.updates["told"] is heard.updates["settled"] is None
    assert heard.remarks == []


def test_another_order_is_proven_with_the_same_contact(store: Database) -> None:
    heard = _listen(store, "no, order QC-1001", "inform")
    assert heard.updates["verified_order"] == "QC-1001"
    assert heard.updates["goal"] == "return_item"
    assert heard.updates["line"] is None


def test_what_was_done_on_a_yes_is_said_to_stay(store: Database) -> None:
    assert _listen(store, "sorry I meant the other one", slots={"confirm": True}).remarks == ["done_stays"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [("no, order QC-1002", "inform"), ("order QC-1001", "inform"), ("no, the kettle", "deny"), ("no thanks", "deny")],
)
def test_where_nothing_else_was_meant_nothing_is_taken_up(store: Database, text: str, intent: str) -> None:
    assert _listen(store, text, intent).updates.get("goal") is None


def test_a_new_wish_is_a_new_matter(store: Database) -> None:
    heard = _listen(store, "no, I want to cancel the lamp", "cancel_order")
    assert heard.updates["goal"] == "cancel_order"
    assert heard.updates["reason"] is None

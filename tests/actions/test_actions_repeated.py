"""A part of the system went down in the middle of a turn: what comes again is answered as it was the first time."""

from typing import Any

import pytest

from bot.actions.asking import AskConfirm
from bot.actions.case_form import ValidateCaseForm
from bot.actions.replying import NotUnderstood
from order_store import Database
from tests.actions.conversation import Customer, proven, run, tracker_of
from tests.casework.orders import tell, told

PRESSED = {"text": '/choose{"answer":"confirm=yes"}', "intent": "choose", "confidence": 1.0}


def _metadata(turn: int) -> dict[str, Any]:
    return {"shop": "quill", "now": "2026-03-10T09:30:00+00:00", "conversation": "c1", "turn": turn, "client": "k1"}


def _heard(turn: int) -> dict[str, Any]:
    return {"event": "user", "text": PRESSED["text"], "metadata": _metadata(turn)}


def _said(text: str, more: bool = False) -> dict[str, Any]:
    custom = {"v": 1, "kind": "note"} | ({"more": True} if more else {})
    buttons = [{"title": "Yes", "payload": "/affirm"}]
    return {"event": "bot", "text": text, "data": {"custom": custom, "buttons": buttons, "attachment": None}}


def _answer(events: list[dict[str, Any]], turn: int = 7) -> list[dict[str, Any]]:
    tracker = tracker_of({"settled": True}, metadata=_metadata(turn), **PRESSED)
    tracker.events = events
    return run(NotUnderstood(), tracker)[1]


def test_a_message_that_comes_again_is_answered_as_the_first_time(store: Database) -> None:
    events = [_heard(6), _said("before"), _heard(7), _said("one", more=True), _said("two"), _heard(7)]
    messages = _answer(events)
    assert [(each["text"], each["custom"].get("more", False)) for each in messages] == [("one", True), ("two", False)]
    assert messages[1]["buttons"] == [{"title": "Yes", "payload": "/affirm"}]


def test_so_it_is_when_it_comes_a_third_time(store: Database) -> None:
    events = [_heard(7), _said("done"), _heard(7), _said("done"), _heard(7)]
    assert [each["text"] for each in _answer(events)] == ["done"]


@pytest.mark.parametrize(
    "events",
    [
        [_heard(6), _said("another turn's"), _heard(7)],
        [_heard(7), _said("it broke off", more=True), _heard(7)],
        [_heard(7), _heard(7)],
    ],
)
def test_what_has_no_answer_yet_is_not_answered_with_another(store: Database, events: list[dict[str, Any]]) -> None:
    assert ["put it differently" in each["text"] for each in _answer(events)] == [True]


def test_inside_a_matter_the_open_question_comes_again_with_the_verdict_it_stands_on(store: Database) -> None:
    tell(store, told(shipments=[]))
    customer = proven()
    customer.says("cancel it", "cancel_order")
    first = customer.text
    tracker = tracker_of(dict(customer.slots), "cancel it", "cancel_order", metadata=_metadata(1), in_form=True)
    tracker.events = [_heard(1), _said(first), _heard(1)]
    events, messages = run(ValidateCaseForm(), tracker)
    assert messages == []
    slots = {event["name"]: event["value"] for event in events}
    assert slots == {"heard_turn": "1", "told": None, "requested_slot": "confirm"}
    _, messages = run(AskConfirm(), tracker_of(customer.slots | slots, metadata=_metadata(1), in_form=True))
    assert "\n".join(each["text"] for each in messages) == first


def test_what_no_rule_knows_how_to_go_on_from_ends_the_turn(store: Database) -> None:
    tracker = tracker_of({}, "xyzzy", "nlu_fallback", metadata=_metadata(1))
    tracker.latest_action_name = NotUnderstood().name()
    events, messages = run(NotUnderstood(), tracker)
    assert messages == []
    assert [(event["event"], event["name"]) for event in events] == [("followup", "action_listen")]


def test_a_yes_that_was_heard_and_never_carried_out_is_asked_for_again(store: Database) -> None:
    tell(store, told(shipments=[]))
    customer = _cut_off_after_the_yes()
    assert "Shall I go ahead?" in customer.says("Yes", "affirm")
    assert customer.asks == "confirm"
    assert "is cancelled" in customer.chooses("Yes")
    assert "put it differently" in customer.says("Yes", "affirm")


def test_who_says_something_else_instead_is_asked_too_and_may_say_no(store: Database) -> None:
    tell(store, told(shipments=[]))
    customer = _cut_off_after_the_yes()
    assert "Shall I go ahead?" in customer.says("xyzzy", "nlu_fallback")
    assert "I have not done anything" in customer.says("no", "deny")


def _cut_off_after_the_yes() -> Customer:
    """Who said yes to a cancellation, just before the action that was to write it went down."""
    customer = proven()
    customer.says("cancel it", "cancel_order")
    assert customer.asks == "confirm"
    customer.slots |= {"confirm": True, "requested_slot": None}
    customer.in_form = False
    return customer

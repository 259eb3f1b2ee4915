"""What is asked in passing inside a matter, and what changes the matter."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from casework.heard import Heard
from casework.later import Request
from casework.listening import begin, listen
from casework.messages import Message, Setting
from casework.side_questions import CARRIAGE, HOURS, PERSON_LATER, REPAIR_TIME, asked_at_any_time, asked_in_passing
from order_store import Database
from tests.casework.orders import ANOTHER_LINE, EMAIL, NOW, a_line, an_asker, tell, told

RETURN = {"goal": "return_item", "opening": "I want to return it", "requested_slot": "reason"}
VERIFIED = {"order_number": "QC-1001", "verified_order": "QC-1001", "contact": EMAIL}


@pytest.fixture
def store(sqlite_shops: Database) -> Database:
    tell(sqlite_shops, told(), told(number="QC-1002", lines=[a_line(), ANOTHER_LINE]))
    return sqlite_shops


def _asked(
    text: str, intent: str, requested: str = "reason", goal: str = "return_item", confidence: float = 0.9, **spans: str
) -> str | None:
    setting = Setting(requested, NOW, ZoneInfo("Europe/Berlin"), ("Copper kettle",))
    return asked_in_passing(Message(text, intent, confidence, tuple(spans.items())), {"goal": goal}, setting)


@pytest.mark.parametrize(
    ("text", "intent", "asked"),
    [
        ("is it covered by warranty?", "warranty", "warranty"),
        ("and where is my parcel", "track_order", "track_order"),
        ("until when can I return it?", "ask_deadline", "ask_deadline"),
        ("what about my data", "privacy_request", "privacy_request"),
        ("did you pay me back already?", "refund_status", "refund_status"),
        ("I need an invoice", "invoice", "invoice"),
        ("where is my parcel actually?", "track_order", "track_order"),
        ("can I talk to someone later", "human_handoff", PERSON_LATER),
    ],
)
def test_what_takes_nothing_from_the_open_matter_is_asked_in_passing(text: str, intent: str, asked: str) -> None:
    assert _asked(text, intent) == asked


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("actually just cancel it", "cancel_order"),
        ("can I cancel it?", "cancel_order"),
        ("forget that, I want a new one instead", "exchange_item"),
        ("forget that, where is my parcel?", "track_order"),
        ("actually where is my parcel?", "track_order"),
        ("never mind, I only want to know where it is", "track_order"),
        ("I want the warranty repair", "warranty"),
        ("let me talk to a human", "human_handoff"),
        ("can somebody call me later", "human_handoff"),
        ("it is broken", "report_defect"),
    ],
)
def test_another_outcome_or_a_matter_that_is_dropped_is_no_side_question(text: str, intent: str) -> None:
    assert _asked(text, intent) is None


def test_what_tells_the_reason_is_no_side_question() -> None:
    assert _asked("it stopped, is it covered?", "warranty", reason="defective") is None


def test_a_guess_is_no_side_question() -> None:
    assert _asked("is it covered?", "warranty", confidence=0.5) is None


def test_a_newer_question_takes_the_place_of_an_older_one() -> None:
    assert _asked("is it covered?", "warranty", "order_number", "track_order") is None


def test_with_nothing_open_nothing_is_asked_in_passing() -> None:
    setting = Setting(None, NOW, ZoneInfo("Europe/Berlin"))
    message = Message("is it covered?", "warranty", 0.9)
    assert asked_in_passing(message, {"goal": "return_item"}, setting) is None


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("yes, but what does it cost me?", "nlu_fallback"),
        ("yes if it is free", "affirm"),
        ("who pays for that?", "inform"),
        ("ok, as long as shipping is free", "affirm"),
        ("yes, on condition that it costs me nothing in shipping", "affirm"),
    ],
)
def test_a_yes_that_asks_for_the_cost_is_answered_with_it(text: str, intent: str) -> None:
    assert _asked(text, intent, "confirm") == CARRIAGE


@pytest.mark.parametrize("text", ["yes", "yes please", "yes, how do I send it?", "yes, if you like", "if I must"])
def test_a_plain_yes_is_no_question(store: Database, text: str) -> None:
    slots = {**RETURN, **VERIFIED, "reason": "change_of_mind", "requested_slot": "confirm"}
    assert _listen(store, text, "affirm", slots).updates["confirm"] is True


@pytest.mark.parametrize(
    "text",
    [
        *("yes if you do it by Friday", "yes, unless it takes a week", "yes but only half", "yes but just one"),
        *(
            "yes, though I would prefer a repair",
            "yes, when I am back from holiday",
            "Yes please, as soon as I am sure",
        ),
    ],
)
def test_a_yes_to_other_terms_is_none(store: Database, text: str) -> None:
    slots = {**RETURN, **VERIFIED, "reason": "change_of_mind", "requested_slot": "confirm"}
    heard = _listen(store, text, "affirm", slots)
    assert heard.updates["confirm"] is None
    assert heard.remarks == ["plain_yes"]


@pytest.mark.parametrize("text", ["fine, but I will not pay for anything", "okay, as long as somebody looks at it"])
def test_so_it_is_where_it_was_not_heard_as_a_yes(store: Database, text: str) -> None:
    slots = {**RETURN, **VERIFIED, "reason": "change_of_mind", "requested_slot": "confirm"}
    for intent in ("nlu_fallback", "inform"):
        heard = _listen(store, text, intent, slots)
        assert (heard.updates["confirm"], heard.remarks) == (None, ["plain_yes"])


def test_what_is_known_is_told_and_changes_nothing(store: Database) -> None:
    heard = _listen(store, "is it covered by warranty?", "warranty", {**RETURN, **VERIFIED})
    assert heard == Heard(aside="warranty")


def test_what_is_said_beside_the_question_counts(store: Database) -> None:
    heard = _listen(store, "it is unopened, where is my money?", "refund_status", {**RETURN, **VERIFIED}, fact=UNUSED)
    assert heard.aside == "refund_status"
    assert heard.updates == {"activated": False, "taken": ["activated"]}


UNUSED = "activated=false"


def test_of_an_unproven_order_nothing_is_told_and_the_question_waits(store: Database) -> None:
    slots = {**RETURN, "requested_slot": "order_number"}
    heard = _listen(store, "where is my parcel?", "track_order", slots)
    assert heard.aside is None
    assert heard.remarks == ["comes_after"]
    assert heard.updates == {"later": [{"goal": "track_order", "text": "where is my parcel?", "spans": []}]}


def test_while_it_is_open_which_item_is_meant_a_question_about_one_waits(store: Database) -> None:
    slots = {**RETURN, **VERIFIED, "order_number": "QC-1002", "verified_order": "QC-1002", "requested_slot": "line"}
    assert _listen(store, "is it covered?", "warranty", slots).updates.keys() == {"later"}
    heard = _listen(store, "is the kettle covered?", "warranty", slots)
    assert heard.aside == "warranty"
    assert heard.updates == {"line": 0, "lines": None}


def test_a_question_about_another_order_waits_and_the_open_matter_keeps_its_own(store: Database) -> None:
    heard = _listen(store, "where is QC-1002?", "track_order", {**RETURN, **VERIFIED}, order_number="QC-1002")
    assert heard.updates == {
        "later": [{"goal": "track_order", "text": "where is QC-1002?", "spans": [["order_number", "QC-1002"]]}]
    }


def test_the_hours_asked_for_beside_something_else_are_no_matter(store: Database) -> None:
    request = Request("human_handoff", "when are you open?")
    assert begin(store, request, {**RETURN, **VERIFIED}, an_asker(), NOW) == (Heard(aside=HOURS), False)


def test_a_request_to_have_data_deleted_waits_its_turn(store: Database) -> None:
    heard = _listen(store, "delete all my data", "privacy_request", {**RETURN, **VERIFIED})
    assert [each["goal"] for each in heard.updates["later"]] == ["privacy_request"]


@pytest.mark.parametrize(
    "text",
    ["when are you open?", "what time do you close", "opening hours of support", "hours?", "are you open on Saturdays"],
)
def test_who_asks_for_the_hours_asks_for_no_person(store: Database, text: str) -> None:
    assert _listen(store, text, "human_handoff", {}) == Heard(aside=HOURS)


@pytest.mark.parametrize("text", ["I want a human", "can somebody call me", "your phone number?", "open a ticket"])
def test_who_asks_for_a_person_is_not_told_the_hours(text: str) -> None:
    assert asked_at_any_time(Message(text, "human_handoff", 0.9), {}) is None


REPAIR_QUESTION = "how long will the repair take?"


def test_the_order_and_the_contact_told_beside_a_repairs_length_are_heard(store: Database) -> None:
    slots = {"goal": "report_defect", "requested_slot": "order_number"}
    heard = _listen(store, f"QC-1001, and {REPAIR_QUESTION}", "warranty", slots, order_number="QC-1001")
    assert (heard.aside, heard.updates) == (REPAIR_TIME, {"order_number": "QC-1001"})
    text = f"my order is QC-1001, {EMAIL}. {REPAIR_QUESTION}"
    for known in (slots, {}):
        heard = _listen(store, text, "warranty", known, order_number="QC-1001", email=EMAIL)
        assert heard.aside == REPAIR_TIME
        assert heard.updates["verified_order"] == "QC-1001"
        assert "goal" not in heard.updates


def test_the_day_told_beside_a_repairs_length_is_heard(store: Database) -> None:
    text = f"it came on 5 March 2026, {REPAIR_QUESTION}"
    slots = {**VERIFIED, "goal": "report_defect", "requested_slot": "reason"}
    heard = _listen(store, text, "warranty", slots, date="5 March 2026")
    assert (heard.aside, heard.updates["delivered_on"]) == (REPAIR_TIME, "2026-03-05")


def test_a_repairs_length_asked_alone_changes_nothing(store: Database) -> None:
    for known in ({}, {**RETURN, **VERIFIED}, {**RETURN, **VERIFIED, "requested_slot": "confirm"}):
        assert _listen(store, REPAIR_QUESTION, "warranty", known) == Heard(aside=REPAIR_TIME)
    settled = {**VERIFIED, "goal": "report_defect", "line": 0, "settled": True, "requested_slot": None}
    text = f"for QC-1001, {REPAIR_QUESTION}"
    assert _listen(store, text, "warranty", settled, order_number="QC-1001") == Heard(aside=REPAIR_TIME)


def _listen(store: Database, text: str, intent: str, slots: dict[str, Any], **spans: str) -> Heard:
    return listen(store, Message(text, intent, 0.9, tuple(spans.items())), slots, an_asker(), NOW)

"""What a verdict rests on that nobody asked for: kept apart, said back, and given way to what is said next."""

from dataclasses import replace
from typing import Any

import pytest

from casework.dossier import Dossier
from casework.listening import listen
from casework.messages import Message
from casework.premises import believed, premises_told, rests_on, taken_in_passing
from casework.together import SLOT as TOGETHER
from casework.words import Words
from order_store import Database
from policy_core import Cause, ClaimReason
from tests.casework.orders import EMAIL, NOW, an_asker, line_of, tell, told

VERIFIED = {"order_number": "QC-1001", "verified_order": "QC-1001", "contact": EMAIL}


def _message(text: str, intent: str, *spans: tuple[str, str]) -> Message:
    return Message(text, intent, 0.9, spans)


def test_what_came_on_a_day_it_names_is_not_missing() -> None:
    text = "it arrived on 4 March and already it does not run"
    day = ("date", "4 March")
    assert believed(_message(text, "missing_order", day)).intent == "inform"
    assert believed(_message(text, "missing_order", day, ("reason", "defective"))).intent == "report_defect"
    assert believed(_message(text, "track_order", day)).intent == "track_order"
    numbered = _message("I got order QC-1001 on 4 March", "missing_order", day, ("order_number", "QC-1001"))
    assert believed(numbered).intent == "inform"


@pytest.mark.parametrize(
    "text",
    [
        *("it says delivered on 4 March, it was not", "it should have arrived on 4 March", "late"),
        *("According to DHL it was delivered on 4 March but I never got it", "delivered on 4 March, nothing is here"),
    ],
)
def test_what_is_only_said_to_have_come_is_still_missing(text: str) -> None:
    assert believed(_message(text, "missing_order", ("date", "4 March"))).intent == "missing_order"


def test_only_an_answer_to_its_own_question_is_not_taken_in_passing() -> None:
    said = _message("it is broken and all in its box", "report_defect")
    both = {"reason": "defective", "complete": True, "goal": "report_defect"}
    assert taken_in_passing(both, {}, said) == ["complete", "reason"]
    assert taken_in_passing({"complete": True}, {"requested_slot": "complete"}, said) is None
    assert taken_in_passing({"complete": True}, {"requested_slot": TOGETHER}, said) is None
    assert taken_in_passing({"complete": False}, {"requested_slot": "complete", "taken": ["complete"]}, said) is None
    day = {"delivered_on": "2026-03-04"}
    assert taken_in_passing(day, {}, said) == ["delivered_on"]
    assert taken_in_passing(day, {"requested_slot": "delivered_on"}, said) is None
    pressed = Message("", "choose", 1.0, (), "defective", "reason")
    assert taken_in_passing({"reason": "defective"}, {"requested_slot": "reason"}, pressed) is None


def _rests_on(store: Database, **slots: Any) -> dict[str, Any]:
    dossier = Dossier.from_slots({**VERIFIED, "line": 0, **slots}, an_asker())
    with store.read() as session:
        judged = dossier.judge(session, line_of(session, dossier), NOW)
        return rests_on(dossier, judged)


@pytest.fixture
def store(sqlite_shops: Database) -> Database:
    tell(sqlite_shops, told())
    return sqlite_shops


def test_a_fact_is_said_back_where_the_verdict_would_be_another_without_it(store: Database) -> None:
    fault = {"goal": "report_defect", "reason": "defective", "caused_by_customer": True, "taken": ["reason"]}
    assert _rests_on(store, **fault) == {"claim.reason": "defective"}
    also = {**fault, "taken": ["activated", "caused_by_customer", "reason"], "activated": True}
    assert _rests_on(store, **also) == {"claim.reason": "defective", "claim.caused_by_customer": True}


def test_a_reason_that_only_the_wish_tells_is_said_back(store: Database) -> None:
    assert _rests_on(store, goal="report_missing_parts") == {"claim.reason": "missing_parts"}
    assert _rests_on(store, goal="cancel_order") == {}
    assert _rests_on(store, goal="report_missing_parts", reason="missing_parts") == {}


def test_what_was_heard_in_passing_gives_way_to_what_is_heard_next(store: Database) -> None:
    slots = {**VERIFIED, "line": 0, "goal": "return_item", "reason": "change_of_mind", "requested_slot": "confirm"}
    wrong = _message("you misunderstood me, it does not work", "inform", ("reason", "defective"))
    assert listen(store, wrong, slots, an_asker(), NOW).updates.get("reason") is None
    updates = listen(store, wrong, {**slots, "taken": ["reason"]}, an_asker(), NOW).updates
    assert updates["reason"] == "defective"


def test_every_fact_that_can_be_taken_can_be_said_back() -> None:
    words = Words.load()
    for path in ("complete", "activated", "resalable", "caused_by_customer", "labels_intact"):
        told_back = {premises_told(words, {f"claim.{path}": value}) for value in (True, False)}
        assert len(told_back) == 2
    reasons = {premises_told(words, {"claim.reason": each.value}) for each in ClaimReason}
    assert len(reasons) == len(ClaimReason)
    assert all(premises_told(words, {"claim.cause": each.value}) for each in Cause)


def test_a_message_that_is_believed_is_left_as_it_is() -> None:
    message = _message("it came broken", "report_defect", ("reason", "damaged"))
    assert believed(message) is message
    assert believed(replace(message, intent="missing_order")) == replace(message, intent="missing_order")

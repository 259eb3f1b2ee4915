"""A message taken in and checked against the store."""

from typing import Any

import pytest
from sqlalchemy import func, select

from casework.asking_next import next_slots
from casework.dossier import Dossier
from casework.heard import Heard
from casework.identity import Asker
from casework.listening import listen
from casework.matter_slots import MATTER_SLOTS
from casework.messages import Message
from order_store import Database, IdentityAttempt
from tests.casework.orders import (
    ANOTHER_LINE,
    EMAIL,
    NOW,
    ON_ITS_WAY,
    a_line,
    an_asker,
    tell,
    told,
)

VERIFIED = {"order_number": "QC-1001", "verified_order": "QC-1001", "contact": EMAIL}


@pytest.fixture
def store(sqlite_shops: Database) -> Database:
    unsaid = {**ON_ITS_WAY, "shipped_at": "2026-03-07T16:00:00+01:00"}
    tell(
        sqlite_shops,
        told(),
        told(number="QC-1002", lines=[a_line(), ANOTHER_LINE | {"shipment": 0}]),
        told(number="VT-1", shop="voltaic", shipments=[ON_ITS_WAY]),
        told(number="VT-2", shop="voltaic", shipments=[unsaid]),
    )
    return sqlite_shops


def _listen(
    store: Database,
    text: str = "",
    intent: str = "inform",
    slots: dict[str, Any] | None = None,
    shop: str = "quill",
    asker: Asker | None = None,
    **spans: str,
) -> Heard:
    message = Message(text, intent, 0.9, tuple(spans.items()))
    return listen(store, message, slots or {}, asker or an_asker(shop), NOW)


def _press(store: Database, slot: str, value: str, slots: dict[str, Any], shop: str = "quill") -> Heard:
    message = Message("", "choose", 1.0, (), value, slot)
    return listen(store, message, {**slots, "requested_slot": slot}, an_asker(shop), NOW)


def _attempts(store: Database) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(IdentityAttempt)) or 0


def test_all_in_one_message_proves_the_order_and_asks_nothing_of_it(store: Database) -> None:
    heard = _listen(
        store, "return QC 1001", "return_item", order_number="qc 1001", email=EMAIL, reason="change_of_mind"
    )
    assert heard.updates["verified_order"] == heard.updates["order_number"] == "QC-1001"
    assert heard.updates["opening"] == "return QC 1001"
    assert heard.remarks == []
    with store.read() as session:
        assert next_slots(session, Dossier.from_slots(heard.updates, an_asker()), NOW) == ["confirm"]


def test_nothing_heard_gives_no_update_and_tries_no_identity(store: Database) -> None:
    slots = {"goal": "return_item", "order_number": "QC-1001", "contact": "wrong@example.com"}
    assert _listen(store, "hmm", "nlu_fallback", slots) == Heard()
    assert _attempts(store) == 0


def test_the_same_wish_said_again_asks_the_open_question_again(store: Database) -> None:
    assert _listen(store, "return it", "return_item", {"goal": "return_item", "opening": "x"}).updates == {
        "goal": "return_item"
    }


def test_a_wrong_pair_is_forgotten_and_said_so(store: Database) -> None:
    heard = _listen(store, "x", "inform", {"goal": "rma", "order_number": "QC-1001"}, email="bo@example.org")
    assert heard.remarks == ["no_match"]
    assert {heard.updates[slot] for slot in ("order_number", "contact", "verified_order")} == {None}
    assert _attempts(store) == 1


def test_after_too_many_failures_the_matter_is_blocked(store: Database) -> None:
    for _ in range(5):
        _listen(store, "x", "inform", {"goal": "rma", "order_number": "QC-1001"}, email="bo@example.org")
    heard = _listen(store, "x", "inform", {"goal": "rma", "order_number": "QC-1001"}, email=EMAIL)
    assert heard.updates["blocked"] is True
    assert heard.updates["verified_order"] is None
    assert heard.remarks == []


def test_what_is_proven_is_not_tried_again_at_every_message(store: Database) -> None:
    _listen(store, "x", "inform", VERIFIED | {"goal": "return_item"}, reason="damaged")
    assert _attempts(store) == 0


def test_another_order_number_has_to_be_proven_again(store: Database) -> None:
    known = VERIFIED | {"goal": "return_item", "line": 0}
    heard = _listen(store, "sorry, QC-1002", "correct_that", known, order_number="QC-1002")
    assert heard.updates["verified_order"] == "QC-1002"
    assert heard.updates["line"] is None
    unknown = _listen(store, "sorry, QC-9", "correct_that", known, order_number="QC-9999")
    assert unknown.updates["verified_order"] is None
    assert unknown.remarks == ["no_match"]


def test_an_email_said_after_the_proof_does_not_replace_it(store: Database) -> None:
    assert _listen(store, "write to me at bo@example.org", "inform", VERIFIED, email="bo@example.org").updates == {}


def test_a_dossier_whose_contact_does_not_match_reads_no_order(store: Database) -> None:
    stolen = {
        "order_number": "QC-1001",
        "verified_order": "QC-1001",
        "contact": "bo@example.org",
        "goal": "return_item",
    }
    with store.read() as session:
        dossier = Dossier.from_slots(stolen, an_asker())
        assert dossier.order(session) is None
        assert next_slots(session, dossier, NOW) == ["order_number", "contact"]


def test_a_token_asks_for_the_order_number_alone(store: Database) -> None:
    asker = an_asker(email=EMAIL)
    with store.read() as session:
        assert next_slots(session, Dossier.from_slots({"goal": "return_item"}, asker), NOW) == ["order_number"]
    heard = _listen(store, "QC-1001", slots={"goal": "rma"}, asker=asker, order_number="QC-1001")
    assert heard.updates["verified_order"] == "QC-1001"


def test_the_line_named_in_the_opening_is_taken_once_the_order_is_known(store: Database) -> None:
    known = {"goal": "return_item", "opening": "I want to return my lamp", "order_number": "QC-1002"}
    assert _listen(store, EMAIL, "inform", known, email=EMAIL).updates["line"] == 1


@pytest.mark.parametrize("day", ["11 March 2026", "2026-04-01"])
def test_a_day_still_to_come_is_refused_kindly(store: Database, day: str) -> None:
    known = VERIFIED | {
        "order_number": "VT-1",
        "verified_order": "VT-1",
        "goal": "return_item",
        "requested_slot": "delivered_on",
    }
    heard = _listen(store, day, "inform", known, "voltaic")
    assert heard.updates["delivered_on"] is None
    assert heard.remarks == ["day_in_future"]


VOLTAIC = {
    "order_number": "VT-1",
    "verified_order": "VT-1",
    "contact": EMAIL,
    "goal": "return_item",
    "reason": "defective",
}


def test_a_day_before_the_parcel_left_is_refused_and_the_day_it_left_is_not(store: Database) -> None:
    asked = VOLTAIC | {"requested_slot": "delivered_on"}
    refused = _listen(store, "2026-03-01", "inform", asked, "voltaic")
    assert (refused.updates["delivered_on"], refused.remarks) == (None, ["day_before_shipping"])
    taken = _listen(store, "2026-03-02", "inform", asked, "voltaic")
    assert (taken.updates["delivered_on"], taken.remarks) == ("2026-03-02", [])
    with store.read() as session:
        questions = next_slots(session, Dossier.from_slots(asked | taken.updates, an_asker("voltaic")), NOW)
    assert "delivered_on" not in questions


def test_a_day_that_reads_two_ways_is_asked_back_and_answered_by_a_button(store: Database) -> None:
    asked = VOLTAIC | {"requested_slot": "delivered_on"}
    heard = _listen(store, "4/3", "inform", asked, "voltaic")
    assert heard.updates["day_options"] == ["2026-03-04", "2025-04-03"]
    assert heard.updates["delivered_on"] is None
    picked = _press(store, "delivered_on", "2026-03-04", VOLTAIC | heard.updates, "voltaic")
    assert picked.updates == {"delivered_on": "2026-03-04", "day_options": None}


def test_a_day_told_of_one_order_is_given_up_where_it_contradicts_the_next(store: Database) -> None:
    known = VOLTAIC | {"delivered_on": "2026-03-04"}
    heard = _listen(store, "sorry, VT-2", "correct_that", known, "voltaic", order_number="VT-2")
    assert heard.updates["verified_order"] == "VT-2"
    assert heard.updates["delivered_on"] is None
    assert heard.remarks == ["day_before_shipping"]
    with store.read() as session:
        assert "delivered_on" in next_slots(
            session, Dossier.from_slots(known | heard.updates, an_asker("voltaic")), NOW
        )


def test_i_dont_know_explains_once_and_then_brings_a_person(store: Database) -> None:
    asked = VOLTAIC | {"requested_slot": "complete"}
    first = _listen(store, "no idea", "dont_know", asked, "voltaic")
    assert (first.updates, first.remarks) == ({"unsure": "complete"}, ["explain_complete"])
    second = _listen(store, "no idea", "dont_know", asked | first.updates, "voltaic")
    assert (second.updates, second.remarks) == ({"gave_up": "complete"}, [])
    other = _listen(
        store, "no idea", "dont_know", VOLTAIC | first.updates | {"requested_slot": "labels_intact"}, "voltaic"
    )
    assert other.remarks == ["explain_labels_intact"]


def test_what_sounds_like_ignorance_and_tells_the_fact_is_an_answer(store: Database) -> None:
    asked = VOLTAIC | {"requested_slot": "photos"}
    heard = _listen(store, "I can't take pictures", "dont_know", asked, "voltaic", fact="photos=0")
    assert (heard.updates["photos"], heard.remarks) == (0, [])


def test_who_does_not_know_the_order_number_is_told_where_it_stands_and_then_gets_a_person(store: Database) -> None:
    asked = {"goal": "return_item", "requested_slot": "order_number"}
    first = _listen(store, "I don't know it", "dont_know", asked)
    assert first.remarks == ["explain_order_number"]
    assert _listen(store, "I don't know it", "dont_know", asked | first.updates).updates["goal"] == "human_handoff"


def test_stop_ends_the_matter(store: Database) -> None:
    assert _listen(store, "stop", "stop", {"goal": "return_item"}).updates == {"stopped": True}


def test_a_reason_told_where_it_is_asked_is_no_stop(store: Database) -> None:
    asked = {"goal": "return_item", "requested_slot": "reason"}
    heard = _listen(store, "I don't need it anymore", "stop", asked, reason="change_of_mind")
    assert heard.updates == {"reason": "change_of_mind"}
    assert _listen(store, "stop", "stop", asked).updates == {"stopped": True}


def test_a_settled_matter_starts_fresh_and_keeps_who_is_asking(store: Database) -> None:
    over = VERIFIED | dict.fromkeys(MATTER_SLOTS, "old") | {"settled": True, "line": 0, "delivered_on": "2026-03-04"}
    heard = _listen(store, "is it under warranty?", "warranty", over)
    assert heard.updates["goal"] == "warranty"
    assert heard.updates["opening"] == "is it under warranty?"
    kept = {slot for slot in MATTER_SLOTS if heard.updates.get(slot) is None}
    assert kept == set(MATTER_SLOTS) - {"goal", "opening"}
    assert not heard.updates.keys() & VERIFIED.keys()


def test_a_person_called_in_afterwards_gets_the_matter_as_it_stands(store: Database) -> None:
    over = VERIFIED | {"goal": "report_defect", "reason": "defective", "line": 0, "settled": True, "opening": "broken"}
    heard = _listen(store, "a human please", "human_handoff", over)
    assert heard.updates["goal"] == "human_handoff"
    assert heard.updates["settled"] is None
    assert not heard.updates.keys() & {"reason", "line", "opening"}


def test_a_person_needs_a_contact_and_nothing_else(store: Database) -> None:
    with store.read() as session:
        assert next_slots(session, Dossier.from_slots({"goal": "human_handoff"}, an_asker()), NOW) == ["contact"]
        assert next_slots(session, Dossier.from_slots({"goal": "human_handoff", **VERIFIED}, an_asker()), NOW) == []
        assert next_slots(session, Dossier.from_slots({"goal": "human_handoff"}, an_asker(email=EMAIL)), NOW) == []


def test_the_last_miss_is_forgotten_once_something_is_understood(store: Database) -> None:
    assert _listen(store, "x", "return_item", {"misses": 2}).updates["misses"] is None


def test_another_shops_order_reads_as_unknown(store: Database) -> None:
    heard = _listen(store, "x", "inform", {"goal": "rma", "order_number": "VT-1"}, "quill", email=EMAIL)
    assert heard.remarks == ["no_match"]


def test_a_product_of_the_opening_picks_the_line_once_the_order_is_theirs(store: Database) -> None:
    opening = _listen(store, "my raeding light", "return_item", product="Reading lamp", order_number="QC-1002")
    assert opening.updates["named_product"] == "Reading lamp"
    assert "line" not in opening.updates
    assert opening.remarks == []
    assert _listen(store, EMAIL, slots=opening.updates, email=EMAIL).updates["line"] == 1


def test_a_product_that_is_not_in_the_order_is_heard_like_one_that_is(store: Database) -> None:
    """Before the proof, nothing of an answer depends on what the order holds."""
    other = _listen(store, "my kettle", "return_item", product="Kettle Creek", order_number="QC-1002")
    own = _listen(store, "my kettle", "return_item", product="Copper kettle", order_number="QC-1002")
    assert own.updates | {"named_product": None} == other.updates | {"named_product": None}
    assert own.remarks == other.remarks == []


def test_pieces_are_kept_until_the_order_is_known_and_believed_up_to_what_was_bought(store: Database) -> None:
    opening = _listen(store, "return one of them", "return_item", quantity="1", order_number="QC 1001")
    assert opening.updates["pieces"] == 1
    proven = _listen(store, EMAIL, slots=opening.updates, email=EMAIL)
    assert proven.updates.get("pieces", 1) == 1
    too_many = _listen(store, "three of them", slots={"goal": "return_item", **VERIFIED}, quantity="3")
    assert too_many.updates["pieces"] is None
    assert too_many.remarks == ["more_pieces_than_bought"]


def test_a_number_that_several_lines_hold_together_is_passed_over(store: Database) -> None:
    known = {"goal": "return_item", **VERIFIED, "order_number": "QC-1002", "verified_order": "QC-1002", "line": 1}
    heard = _listen(store, "both of them", slots=known, quantity="2")
    assert heard.updates["pieces"] is None
    assert heard.remarks == []


def test_pieces_of_one_order_are_not_those_of_another(store: Database) -> None:
    known = {"goal": "return_item", **VERIFIED, "pieces": 1}
    heard = _listen(store, "I mean QC-1002", "correct_that", slots=known, order_number="QC-1002")
    assert heard.updates["pieces"] is None


@pytest.mark.parametrize("intent", ["track_order", "nlu_fallback", "inform"])
def test_the_number_of_a_parcel_told_after_its_return_is_noted_for_that_return(store: Database, intent: str) -> None:
    over = VERIFIED | {"goal": "rma", "line": 0, "settled": True}
    text = "parcel handed in, number PP719233"
    updates = _listen(store, text, intent, over, tracking_number="PP719233").updates
    assert (updates["goal"], updates["line"], updates["tracking"]) == ("rma", 0, "PP719233")
    assert _listen(store, text, intent, VERIFIED, tracking_number="PP719233").updates.get("goal") != "rma"
    elsewhere = _listen(store, "cancel it", "cancel_order", over, tracking_number="PP719233").updates
    assert elsewhere["goal"] == "cancel_order"


WRONG = {"goal": "return_item", "refused": {"order_number": "QC-1001", "contact": "bo@example.org"}}


def test_of_a_wrong_pair_the_part_told_anew_is_tried_with_the_other(store: Database) -> None:
    heard = _listen(store, "x", slots={**WRONG, "requested_slot": "order_number"}, email=EMAIL)
    assert heard.updates["verified_order"] == "QC-1001"
    assert heard.updates["refused"] is None
    unknown = {"order_number": "QC-9999", "contact": EMAIL}
    heard = _listen(store, "x", slots={**WRONG, "refused": unknown}, order_number="QC-1001")
    assert heard.updates["verified_order"] == "QC-1001"


@pytest.mark.parametrize("span", [{"order_number": "qc 1001"}, {"email": "bo@example.org"}])
def test_a_part_told_as_it_was_is_not_tried_again(store: Database, span: dict[str, str]) -> None:
    heard = _listen(store, "x", slots=WRONG, **span)
    assert heard.remarks == []
    assert _attempts(store) == 0


@pytest.mark.parametrize("span", [{"order_number": "QC-1002"}, {"email": "eve@example.org"}])
def test_whichever_part_was_wrong_words_and_work_are_the_same(store: Database, span: dict[str, str]) -> None:
    heard = _listen(store, "x", slots=WRONG, **span)
    assert heard.remarks == ["no_match"]
    assert heard.updates["order_number"] is heard.updates["contact"] is heard.updates["verified_order"] is None
    assert _attempts(store) == 1


def test_a_contact_for_a_persons_answer_tries_no_order(store: Database) -> None:
    slots = {**WRONG, "goal": "human_handoff", "requested_slot": "contact"}
    heard = _listen(store, "x", slots=slots, email="eve@example.org")
    assert heard.updates["contact"] == "eve@example.org"
    assert _attempts(store) == 0

"""When something breaks the customer is told, offered a person, and nothing is half-done or half-told."""

import logging
from typing import Any

import pytest
from sqlalchemy import event, func, select

import bot.actions.base
import order_store
from bot.actions.asking import AskConfirm, AskDeliveredOn, AskHasFault, AskLine, AskRemedy
from bot.actions.case_form import ValidateCaseForm
from bot.actions.finishing import FinishCase
from bot.actions.replying import NotUnderstood, Reply
from order_store import Database
from tests.actions.conversation import Customer, proven, run, tracker_of
from tests.casework.orders import tell, told

ACTIONS = [ValidateCaseForm, FinishCase, AskLine, AskRemedy, AskConfirm, AskHasFault, Reply, NotUnderstood]


def _is_apology(message: dict[str, Any]) -> bool:
    return (
        "Something on our side" in message["text"]
        and [each["payload"] for each in message["buttons"]] == ["/human_handoff"]
        and message["custom"]["kind"] == "note"
    )


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize(
    "metadata",
    [None, {}, {"shop": "quill"}, {"now": "soon", "shop": "quill", "turn": "1", "conversation": "c", "client": "k"}],
)
def test_a_message_without_the_gateways_metadata_is_answered_by_an_apology(
    action: Any, metadata: dict[str, Any] | None, caplog: pytest.LogCaptureFixture
) -> None:
    _, messages = run(action(), tracker_of({}, "hello", "greet", metadata=metadata))
    assert [_is_apology(each) for each in messages] == [True]
    assert "failed" in caplog.text


def test_a_question_that_needs_nothing_of_the_turn_still_does_not_fail(store: Database) -> None:
    _, messages = run(AskDeliveredOn(), tracker_of({}, metadata=_metadata()))
    assert "On which day did it arrive" in messages[0]["text"]


def _metadata() -> dict[str, Any]:
    return {"shop": "quill", "now": "2026-03-10T09:30:00+00:00", "conversation": "c1", "turn": "1", "client": "k1"}


def test_an_unknown_shop_is_an_apology_not_a_crash(store: Database) -> None:
    customer = Customer(shop="nowhere")
    customer.says("return it", "return_item")
    assert _is_apology(customer.replies[-1])
    assert not customer.in_form


def _break(store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("case_form", "matter"):
        monkeypatch.setattr(f"bot.actions.{module}.database", _unreachable)


def _unreachable() -> Database:
    return Database("sqlite:////nowhere/at/all.db")


def test_while_the_store_is_down_the_open_question_comes_back_and_the_answer_can_be_sent_again(
    store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(store, told())
    customer = proven()
    customer.says("return it", "return_item")
    assert customer.asks == "claim.reason"
    with monkeypatch.context() as broken:
        _break(store, broken)
        customer.says("changed my mind", reason="change_of_mind")
    assert _is_apology({**customer.replies[0], "custom": {"kind": "note"}})
    assert customer.asks == "claim.reason"
    customer.says("changed my mind", reason="change_of_mind")
    assert customer.asks == "confirm"


def test_an_opening_message_that_failed_can_be_sent_again(store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(store, told())
    customer = proven()
    with monkeypatch.context() as broken:
        _break(store, broken)
        customer.says("return it", "return_item")
        assert [_is_apology(each) for each in customer.replies] == [True]
    customer.says("return it", "return_item")
    assert customer.asks == "claim.reason"


def test_what_could_not_be_committed_is_not_told(store: Database) -> None:
    tell(store, told())
    customer = proven()
    customer.says("return it", "return_item", reason="change_of_mind")

    def refuse(*_: object) -> None:
        raise OSError("the disk is full")

    event.listen(store.engine, "commit", refuse)
    try:
        customer.chooses("Yes")
    finally:
        event.remove(store.engine, "commit", refuse)
    assert "RMA-" not in customer.text
    assert _is_apology(customer.replies[0])
    assert customer.asks == "confirm"
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(order_store.Rma)) == 0
    customer.chooses("Yes")
    assert "RMA-" in customer.text


def test_an_action_that_takes_too_long_apologises(store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.actions.base, "LONGEST_SECONDS", 0.0)
    _, messages = run(Reply(), tracker_of({}, "hello", "greet", metadata=_metadata()))
    assert _is_apology(messages[0])


def test_an_action_before_there_is_an_order_apologises_and_logs(
    store: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        events, messages = run(AskConfirm(), tracker_of({"goal": "return_item"}, metadata=_metadata()))
    assert events == []
    assert _is_apology(messages[0])
    assert "UnsettledError" in caplog.text


def test_the_form_hears_a_message_once_though_it_is_validated_twice(store: Database) -> None:
    tell(store, told())
    slots: dict[str, Any] = {"goal": "return_item", "order_number": "QC-1001"}
    entities = [{"entity": "email", "value": "bo@example.org"}]
    for _ in range(2):
        tracker = tracker_of(slots, "bo@example.org", "inform", 0.9, entities, _metadata(), in_form=True)
        events, messages = run(ValidateCaseForm(), tracker)
        slots |= {each["name"]: each["value"] for each in events}
    assert messages == []
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(order_store.IdentityAttempt)) == 1


def test_an_order_that_contradicts_itself_goes_to_a_person_and_never_keeps_one_away(store: Database) -> None:
    tell(store, told(shop="voltaic"))
    with store.write() as session:
        order = order_store.find_order(session, "voltaic", "QC-1001")
        assert order is not None
        shipment = order.lines[0].shipment
        assert shipment is not None
        shipment.delivered_at, shipment.shipped_at = shipment.shipped_at, shipment.delivered_at
    customer = proven("voltaic")
    assert "TKT-" in customer.says("broken", "report_defect", reason="defective")
    assert "TKT-" in customer.says("a person please", "human_handoff")
    assert "shipped on" in customer.says("where is it?", "track_order")


def test_a_blank_line_in_a_value_does_not_split_a_reply(store: Database) -> None:
    tell(store, told())
    with store.write() as session:
        order = order_store.find_order(session, "quill", "QC-1001")
        assert order is not None
        order.lines[0].title = "Copper\n\nkettle"
    customer = proven()
    customer.says("where is it?", "track_order")
    assert "Copper\nkettle has not" in customer.text or "Copper\nkettle was" in customer.text

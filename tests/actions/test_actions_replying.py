"""Small talk, help, and messages that are not understood."""

import inspect

import pytest

import bot.actions.asking
import bot.actions.case_form
import bot.actions.finishing
import bot.actions.going_on
import bot.actions.quoting
import bot.actions.replying
from order_store import Database
from tests.actions.conversation import ASIDES, DOMAIN, Customer


def test_every_action_of_the_domain_is_a_class_and_every_class_is_in_the_domain() -> None:
    modules = (
        *(bot.actions.asking, bot.actions.case_form, bot.actions.finishing, bot.actions.going_on, bot.actions.quoting),
        bot.actions.replying,
    )
    classes = {each for module in modules for _, each in inspect.getmembers(module, inspect.isclass)}
    own = {each for each in classes if each.__module__.startswith("bot.actions.") and hasattr(each, "run")}
    names = {each().name() for each in own if not inspect.isabstract(each)}
    assert names == set(DOMAIN["actions"])


@pytest.mark.parametrize("intent", sorted(ASIDES))
def test_an_aside_has_its_answer(store: Database, intent: str) -> None:
    customer = Customer()
    customer.says("…", intent)
    kind = {"refund_policy": "policy", "shipping_cost": "carriage"}.get(intent, "note")
    assert customer.replies[0]["custom"]["kind"] == kind


def test_a_topic_of_an_intent_is_answered_as_the_intent(store: Database) -> None:
    from bot.actions.replying import Reply
    from tests.actions.conversation import run, tracker_of

    metadata = {"shop": "quill", "now": "2026-03-10T09:30:00+00:00", "conversation": "c1", "turn": "1", "client": "k1"}
    _, messages = run(Reply(), tracker_of({}, "x", "refund_policy/days", metadata=metadata))
    assert "the policy gives you" in messages[0]["text"]


def test_what_is_not_understood_is_asked_again_then_guessed_at_then_handed_over(store: Database) -> None:
    customer = Customer()
    assert "put it differently" in customer.says("xyzzy", "nlu_fallback")
    assert "one of these" in customer.says("xyzzy", "nlu_fallback")
    assert [each["title"] for each in customer.replies[0]["buttons"]] == [
        "Warranty",
        "Return an item",
        "Talk to a person",
    ]
    assert "A person can help" in customer.says("xyzzy", "nlu_fallback")
    customer.says("hello", "greet")
    assert "put it differently" in customer.says("xyzzy", "nlu_fallback")


def test_what_no_intent_is_found_in_opens_a_matter_where_it_says_what_is_wrong(store: Database) -> None:
    customer = Customer()
    customer.says("kettle kaputt arrived so", "nlu_fallback", reason="damaged")
    assert customer.asks == "order.number"
    assert customer.slots["goal"] == "report_defect"


def test_a_number_in_what_is_not_understood_is_not_lost(store: Database) -> None:
    customer = Customer()
    customer.says("order QC-1001 trouble", "nlu_fallback", order_number="QC-1001")
    assert (customer.slots["order_number"], customer.asks) == ("QC-1001", "goal")


@pytest.mark.parametrize(
    ("said", "intent"), [("I have a problem with order QC-1001", "help"), ("good evening, QC-1001", "greet")]
)
def test_nor_is_one_in_a_greeting_or_a_call_for_help(store: Database, said: str, intent: str) -> None:
    customer = Customer()
    customer.says(said, intent, order_number="QC-1001")
    assert (customer.slots["order_number"], customer.asks) == ("QC-1001", "goal")


def test_a_reason_in_what_is_not_understood_says_what_it_is_about(store: Database) -> None:
    customer = Customer()
    customer.says("QC-1001 goes back", "nlu_fallback", order_number="QC-1001", reason="change_of_mind")
    assert (customer.slots["goal"], customer.asks) == ("return_item", "customer.email")


def test_inside_a_matter_the_question_comes_back_after_each_miss(store: Database) -> None:
    customer = Customer()
    customer.says("return it", "return_item")
    for expected in ("put it differently", "A person can help", "A person can help"):
        assert expected in customer.says("xyzzy", "nlu_fallback")
        assert customer.asks == "order.number"
    customer.says("QC-1001", order_number="QC-1001")
    assert "put it differently" in customer.says("xyzzy", "nlu_fallback")


def test_yes_to_nothing_is_not_understood(store: Database) -> None:
    customer = Customer()
    assert "put it differently" in customer.says("yes", "affirm")
    assert "one of these" in customer.sends('/choose{"answer":"confirm=yes"}')

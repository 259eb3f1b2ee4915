"""What a message adds to the matter, before anything is looked up."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from casework.choosing import match_title, means_the_other_line
from casework.hearing import hear
from casework.hearing_answers import SURE
from casework.hearing_wish import CERTAIN
from casework.messages import Message, Setting
from tests.casework.orders import NOW

BERLIN = ZoneInfo("Europe/Berlin")
TITLES = ("Copper kettle", "Reading lamp")


def _said(text: str = "", intent: str = "inform", confidence: float = 0.9, **spans: str | list[str]) -> Message:
    found = [(label, each) for label, value in spans.items() for each in ([value] if isinstance(value, str) else value)]
    return Message(text, intent, confidence, tuple(found))


def _pressed(answers: str, answer: str) -> Message:
    return Message("", "choose", 1.0, (), answer, answers)


def _heard(
    message: Message, requested: str | None = None, slots: dict[str, Any] | None = None, **setting: Any
) -> dict[str, Any]:
    return hear(message, slots or {}, Setting(requested, NOW, BERLIN, **setting))


def test_everything_said_at_once_is_heard_at_once() -> None:
    message = _said(
        "my kettle from AC-10482 came broken, me@example.com",
        "report_defect",
        order_number="AC-10482",
        email="me@example.com",
        reason="damaged",
        fact=["complete=true", "cause=collision"],
    )
    assert _heard(message) == {
        "goal": "report_defect",
        "order_number": "AC-10482",
        "contact": "me@example.com",
        "reason": "damaged",
        "complete": True,
        "cause": "collision",
        "remedy": None,
        "confirm": None,
    }


def test_two_causes_told_at_once_are_left_to_the_question() -> None:
    message = _said("it burnt out, I ignored the manual", fact=["cause=burn_out", "cause=misuse", "complete=true"])
    assert _heard(message, "line") == {"complete": True}


def test_what_is_said_of_a_receipt_changes_nothing() -> None:
    assert _heard(_said("I lost the receipt", fact="proof=false")) == {}
    assert _heard(_said("I have the receipt", fact="proof=true")) == {}


def test_nothing_heard_changes_nothing() -> None:
    assert _heard(_said("hm hm", "inform"), "complete") == {}
    assert _heard(_said("what?", "nlu_fallback"), None, {"goal": "return_item"}) == {}


def test_what_is_known_is_not_overwritten_unless_corrected() -> None:
    known = {"goal": "return_item", "reason": "defective", "complete": True}
    said = {"reason": "change_of_mind", "fact": "complete=false"}
    assert _heard(_said("x", "inform", **said), None, known) == {}
    assert _heard(_said("x", "correct_that", **said), None, known) == {"reason": "change_of_mind", "complete": False}


def test_a_change_of_goal_keeps_what_is_known_and_drops_the_choice() -> None:
    known = {"goal": "return_item", "reason": "change_of_mind", "line": 0, "remedy": "return_refund"}
    assert _heard(_said("just cancel it", "cancel_order"), "confirm", known) == {
        "goal": "cancel_order",
        "remedy": None,
        "confirm": None,
    }


def test_an_unsure_intent_does_not_change_the_goal() -> None:
    assert _heard(_said("x", "cancel_order", SURE - 0.01), "order_number", {"goal": "return_item"}) == {}


def test_a_reason_that_does_not_fit_the_new_goal_is_dropped() -> None:
    known = {"goal": "missing_order", "reason": "not_received"}
    heard = _heard(_said("it came, but something is missing", "report_missing_parts"), None, known)
    assert (heard["goal"], heard["reason"]) == ("report_missing_parts", None)
    assert "reason" not in _heard(_said("cancel it", "cancel_order"), None, known)
    heard = _heard(
        _said("is it under warranty?", "warranty"), None, {"goal": "return_item", "reason": "change_of_mind"}
    )
    assert heard["reason"] is None


def test_a_reason_said_with_a_new_goal_replaces_the_old_one() -> None:
    known = {"goal": "missing_order", "reason": "not_received"}
    heard = _heard(_said("it came, I do not want it any more", "return_item", reason="change_of_mind"), None, known)
    assert (heard["goal"], heard["reason"]) == ("return_item", "change_of_mind")


@pytest.mark.parametrize(
    ("requested", "message"),
    [
        ("reason", _said("I want to exchange it, it is broken", "exchange_item", reason="defective")),
        ("remedy", _said("I want a refund", "request_refund")),
        ("delivered_on", _said("it came on 5 March", "missing_order", date="5 March")),
        ("complete", _said("", "choose")),
    ],
)
def test_an_answer_to_the_question_never_changes_the_goal(requested: str, message: Message) -> None:
    heard = _heard(message, requested, {"goal": "return_item"}, remedies=("return_refund",))
    assert "goal" not in heard


@pytest.mark.parametrize(
    ("requested", "spans"),
    [
        ("contact", {"email": "me@example.com"}),
        ("contact", {"order_number": "AC-10482"}),
        ("order_number", {"order_number": "AC-10482"}),
    ],
)
def test_what_is_said_around_an_asked_number_or_contact_changes_the_goal_only_when_it_is_certain(
    requested: str, spans: dict[str, str]
) -> None:
    known = {"goal": "return_item", "order_number": None if requested == "order_number" else "AC-1"}
    unsure = _said("you can find me under …", "human_handoff", CERTAIN - 0.01, **spans)
    certain = _said("…, I want a human", "human_handoff", CERTAIN, **spans)
    assert "goal" not in _heard(unsure, requested, known)
    assert _heard(certain, requested, known)["goal"] == "human_handoff"


def test_a_number_is_corrected_while_the_contact_is_asked_for_and_digits_alone_are_none() -> None:
    known = {"goal": "return_item", "order_number": "AT-40187"}
    assert _heard(_said("I read it wrong, it is AT-40180"), "contact", known)["order_number"] == "AT-40180"
    assert "order_number" not in _heard(_said("it is 4930231251"), "contact", known)


def test_a_fact_told_when_it_is_asked_for_never_changes_the_goal() -> None:
    said = _said("the sticker came off when I cleaned it", "report_defect", fact="labels_intact=false")
    assert _heard(said, "labels_intact", {"goal": "return_item"}) == {"labels_intact": False}


def test_while_a_fact_is_asked_for_a_guess_alone_makes_no_report_of_something_else() -> None:
    known = {"goal": "return_item", "reason": "change_of_mind"}
    guessed = _said("i didn't even take the accessories out", "report_missing_parts")
    told = _said("one of the screws is missing", "report_missing_parts", reason="missing_parts")
    assert _heard(guessed, "complete", known) == {}
    assert _heard(told, "complete", known)["goal"] == "report_missing_parts"
    assert _heard(_said("just cancel it", "cancel_order"), "complete", known)["goal"] == "cancel_order"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("it's AT-40080", "AT-40080"),
        ("the number is 40360, I think", "40360"),
        ("The email says order no. AT-40360.", "AT-40360"),
        ("I bought it in 2026", None),
        ("either 40360 or 40361", None),
        ("I paid 1,299.00 for it", None),
        ("my mail is a40360@example.com", None),
    ],
)
def test_asked_for_the_order_number_the_one_thing_that_can_be_it_is(text: str, number: str | None) -> None:
    assert _heard(_said(text), "order_number", {"goal": "return_item"}).get("order_number") == number
    assert _heard(_said(text), None, {"goal": "return_item"}) == {}


@pytest.mark.parametrize(
    ("intent", "confidence", "heard"),
    [("affirm", 0.9, {"complete": True}), ("deny", 0.9, {"complete": False}), ("affirm", SURE - 0.01, {})],
)
def test_yes_and_no_count_when_they_are_sure(intent: str, confidence: float, heard: dict[str, Any]) -> None:
    assert _heard(_said("…", intent, confidence), "complete") == heard


@pytest.mark.parametrize("slot", ["order_number", "contact", "verified_order", "nonsense", None])
def test_a_button_fills_nothing_that_is_not_asked_with_buttons(slot: str | None) -> None:
    assert _heard(_pressed(slot or "", "QC-1001"), slot) == {}


def test_a_button_of_an_older_question_answers_nothing() -> None:
    known = {"goal": "return_item", "complete": True}
    assert _heard(_pressed("complete", "yes"), "confirm", known) == {}
    assert _heard(_pressed("complete", "no"), None, known) == {}
    assert _heard(_pressed("confirm", "yes"), "confirm", known) == {"confirm": True}


@pytest.mark.parametrize(
    ("requested", "answer", "value"),
    [
        ("goal", "warranty", "warranty"),
        ("goal", "greet", None),
        ("reason", "damaged", "damaged"),
        ("reason", "bad_luck", None),
        ("line", "1", 1),
        ("line", "2", None),
        ("line", "²", None),
        ("line", "-1", None),
        ("remedy", "exchange", "exchange"),
        ("remedy", "none", "none"),
        ("remedy", "dispute", None),
        ("delivered_on", "2026-03-04", "2026-03-04"),
        ("confirm", "yes", True),
        ("confirm", "maybe", None),
    ],
)
def test_a_button_gives_only_what_was_offered(requested: str, answer: str, value: Any) -> None:
    heard = _heard(_pressed(requested, answer), requested, line_titles=TITLES, remedies=("return_refund", "exchange"))
    assert heard.get(requested) == value


OPEN = (
    "return_refund",
    "exchange",
    "warranty_repair",
    "dispute",
    "one_year_service",
    "cancel",
    "wait_backorder",
    "refund_now",
)


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("I'd like it exchanged", "exchange"),
        ("please send me a replacement", "exchange"),
        ("repair it", "warranty_repair"),
        ("open the dispute", "dispute"),
        ("the one-year service", "one_year_service"),
        ("cancel it please", "cancel"),
        ("I'll wait", "wait_backorder"),
        ("give me my money back", "refund_now"),
        ("I want to return it", "return_refund"),
        ("none of these", "none"),
        ("I don't want to wait, refund me", "refund_now"),
        ("do not exchange it, just repair it", "warranty_repair"),
        ("a refund instead of an exchange", "refund_now"),
        ("I don\u2019t want to wait", None),
        ("no repair", None),
        ("the blue one", None),
    ],
)
def test_the_remedy_is_taken_from_typed_words(text: str, remedy: str | None) -> None:
    assert _heard(_said(text, "inform"), "remedy", {"goal": "return_item"}, remedies=OPEN).get("remedy") == remedy


def test_the_words_on_a_remedys_button_can_be_typed() -> None:
    from casework.judged import WRITTEN
    from casework.words import Words

    words = Words.load()
    for remedy in (*WRITTEN, "none"):
        offered = (str(remedy),) if remedy != "none" else OPEN
        assert _heard(_said(words(f"choice_{remedy}"), "inform"), "remedy", remedies=offered).get("remedy") == remedy


def test_a_remedy_that_is_not_offered_is_not_chosen() -> None:
    assert (
        _heard(_said("exchange it", "exchange_item"), "remedy", {"goal": "exchange_item"}, remedies=("cancel",)) == {}
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("1", 0),
        ("the 2", 1),
        ("no. 2", 1),
        ("2.", 1),
        ("3", None),
        ("0", None),
        ("the kettle", 0),
        ("LAMPS", 1),
        ("both", 0),
    ],
)
def test_a_line_is_picked_by_its_number_or_its_title(text: str, line: int | None) -> None:
    assert _heard(_said(text), "line", line_titles=TITLES).get("line") == line


def test_a_title_that_could_be_two_is_none() -> None:
    assert match_title("the lamp", ("Desk lamp", "Floor lamp")) is None
    assert match_title("the floor lamp", ("Desk lamp", "Floor lamp")) == 1
    assert match_title("I meant the lamp not the kettle", TITLES) == 1


def test_no_the_other_one_means_the_other_line() -> None:
    known = {"goal": "return_item", "line": 0, "order_number": "QC-1"}
    other = _said("no, the other one", "correct_that")
    assert _heard(other, "reason", known, line_titles=TITLES)["line"] == 1
    assert _heard(other, "reason", known, line_titles=(*TITLES, "Mug")) == {
        "line": None,
        "remedy": None,
        "confirm": None,
    }
    assert not means_the_other_line("no, the other order")
    assert not means_the_other_line("I meant to order the other version")


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("no, I mean the reading lamp", "correct_that"),
        ("no no, the lamp", "deny"),
        ("not that, the lamp", "inform"),
        ("the other one, the lamp", "inform"),
    ],
)
def test_another_item_named_in_place_of_the_first_is_no_answer_about_the_first(text: str, intent: str) -> None:
    known = {"goal": "warranty", "line": 0}
    for requested in ("has_fault", "complete", "confirm"):
        heard = _heard(_said(text, intent), requested, known, line_titles=TITLES)
        assert heard == {"line": 1, "remedy": None, "confirm": None}


def test_the_same_item_named_with_a_no_is_an_answer() -> None:
    heard = _heard(_said("no, the kettle is complete", "deny"), "activated", {"line": 0}, line_titles=TITLES)
    assert heard == {"activated": False}


def test_no_the_other_order_asks_for_its_number() -> None:
    known = {"goal": "return_item", "line": 0, "order_number": "QC-1"}
    heard = _heard(_said("sorry I meant the other order", "correct_that"), "reason", known, line_titles=TITLES)
    assert heard == {"order_number": None, "line": None, "lines": None, "remedy": None, "confirm": None}


@pytest.mark.parametrize("text", ["QC-1001", " qc 1001 ", "#1001", "QC1001!", "10 01", "112-3456789-7654321"])
def test_an_order_number_typed_as_the_answer_is_taken_as_it_is(text: str) -> None:
    assert "order_number" in _heard(_said(text), "order_number")


@pytest.mark.parametrize("text", ["I have none", "my order", "12", "…"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert _heard(_said(text), "order_number") == {}


def test_the_same_number_typed_otherwise_changes_nothing() -> None:
    assert _heard(_said("qc 1001", order_number="qc 1001"), None, {"order_number": "QC-1001", "goal": "rma"}) == {}


def test_two_numbers_at_once_are_none() -> None:
    assert _heard(_said("QC-1001 or QC-1002", order_number=["QC-1001", "QC-1002"]), "order_number") == {}


def test_another_number_starts_over_with_the_line_and_the_choice() -> None:
    known = {"order_number": "QC-1001", "line": 1, "remedy": "exchange", "reason": "defective", "goal": "exchange_item"}
    heard = _heard(_said("sorry, order QC-1002", "correct_that", order_number="QC-1002"), "confirm", known)
    assert heard == {"order_number": "QC-1002", "line": None, "lines": None, "remedy": None, "confirm": None}


def test_a_new_fact_takes_back_the_choice_made_before_it() -> None:
    known = {"goal": "return_item", "reason": "defective", "remedy": "exchange", "confirm": None}
    heard = _heard(_said("no, I changed my mind", "correct_that", reason="change_of_mind"), None, known)
    assert heard == {"reason": "change_of_mind", "remedy": None}


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (_said("5 March"), "2026-03-05"),
        (_said("3/4"), {"options": ["2025-04-03", "2026-03-04"]}),
        (_said("it was 5 March, not later", date="5 March"), "2026-03-05"),
        (_said("the 5th or 6th", date=["5 March", "6 March"]), {"options": ["2026-03-05", "2026-03-06"]}),
        (_said("do I pay the postage on Saturday?", "shipping_cost"), None),
        (_said("last week"), None),
    ],
)
def test_the_day_of_arrival_is_read_from_what_was_said(message: Message, told: Any) -> None:
    assert _heard(message, "delivered_on").get("delivered_on") == told


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("no it just stopped", False),
        ("Nope, never", False),
        ("yes, twice I think", True),
        ("no idea", None),
        ("not that I know", None),
        ("twice I think, yes", True),
        ("yesterday", None),
    ],
)
def test_a_yes_or_no_that_opens_the_sentence_answers(text: str, heard: bool | None) -> None:
    said = _said(text, "report_defect")
    for goal in ("report_defect", "request_refund"):
        assert _heard(said, "caused_by_customer", {"goal": goal}).get("caused_by_customer") is heard


def test_how_it_is_said_to_be_answers_whether_there_is_a_fault() -> None:
    said = _said("yes it stopped working", "report_defect", reason="defective")
    assert _heard(said, "has_fault", {"goal": "warranty"}) == {"has_fault": True, "reason": "defective"}


def test_the_word_counts_against_what_was_understood_and_confirms_nothing_in_doubt() -> None:
    said = _said("yes, nothing has been thrown away", "deny", SURE)
    assert _heard(said, "complete", {"goal": "return_item"}) == {"complete": True}
    assert "confirm" not in _heard(said, "confirm", {"goal": "return_item"})
    assert "confirm" not in _heard(_said("no, that is fine", "affirm"), "confirm", {"goal": "return_item"})


@pytest.mark.parametrize(
    ("text", "heard"),
    [("afraid so", True), ("Well, I believe so.", True), ("I'm afraid not", False), ("i suppose not", False)],
)
def test_the_last_word_of_a_guarded_answer_is_the_answer(text: str, heard: bool) -> None:
    said = _said(text, "deny" if heard else "affirm")
    assert _heard(said, "caused_by_customer", {"goal": "report_defect"}).get("caused_by_customer") is heard
    assert "confirm" not in _heard(said, "confirm", {"goal": "return_item"}) or not heard


def test_a_yes_that_opens_a_sentence_confirms_nothing() -> None:
    assert "confirm" not in _heard(_said("yes but who pays?", "shipping_cost"), "confirm", {"goal": "return_item"})
    assert _heard(_said("no wait", "nlu_fallback"), "confirm", {"goal": "return_item"}) == {"confirm": False}


def test_a_no_with_another_wish_is_the_other_wish() -> None:
    heard = _heard(_said("no, just cancel it", "cancel_order"), "confirm", {"goal": "return_item"})
    assert (heard["goal"], heard["confirm"]) == ("cancel_order", None)


def test_a_yes_against_a_fact_told_with_it_leaves_the_question_open() -> None:
    said = _said("yes I never dropped it", "affirm", fact="caused_by_customer=false")
    assert _heard(said, "caused_by_customer", {"goal": "report_defect"}).get("caused_by_customer") is not True


def test_a_product_names_the_line_whatever_words_it_was_named_by() -> None:
    lamps = ("Reading lamp Moss", "Desk lamp Fern")
    heard = _heard(_said("the fren", product="Desk lamp Fern"), None, {"goal": "return_item"}, line_titles=lamps)
    assert heard["line"] == 1
    assert _heard(_said("the fren", product="Desk lamp Fern"), "line", line_titles=lamps)["line"] == 1
    unknown = _heard(_said("x", product="Kettle Creek"), None, {"goal": "return_item"}, line_titles=lamps)
    assert unknown == {}


def test_a_product_named_before_the_order_is_known_is_kept() -> None:
    assert _heard(_said("my fern", product="Desk lamp Fern")) == {"named_product": "Desk lamp Fern"}
    assert _heard(_said("my fern", product=["Desk lamp Fern", "Copper kettle"])) == {}
    assert _heard(_said("my fern", product="Desk lamp Fern"), None, {"named_product": "Desk lamp Fern"}) == {}


def test_one_number_of_pieces_is_heard_and_two_are_not() -> None:
    assert _heard(_said("two of them", quantity="2")) == {"pieces": 2}
    assert _heard(_said("two of the three, or one", quantity=["2", "1"])) == {}
    assert _heard(_said("two of them", quantity="2"), None, {"pieces": 2}) == {}


@pytest.mark.parametrize("intent", ["affirm", "deny"])
def test_a_yes_or_no_that_tells_another_number_of_pieces_is_asked_for_again(intent: str) -> None:
    known = {"goal": "return_item", "remedy": "return_refund"}
    assert _heard(_said("ok, only one of them", intent, quantity="1"), "confirm", known) == {
        "pieces": 1,
        "confirm": None,
    }


@pytest.mark.parametrize(
    ("text", "date", "day"),
    [
        ("it arrived on 5 March and I want to send it back", "5 March", "2026-03-05"),
        ("return it, I received it yesterday", "yesterday", "2026-03-09"),
        ("the parcel came last Friday", "last Friday", "2026-03-06"),
        ("I do not like it, it arrived on 5 March", "5 March", "2026-03-05"),
        ("got it 5 days ago", "5 days ago", "2026-03-05"),
        ("it never arrived on 5 March", "5 March", None),
        ("it should have been delivered on 5 March", "5 March", None),
        ("it was supposed to be delivered 5 March", "5 March", None),
        ("your email came on 5 March", "5 March", None),
        ("I ordered it on 5 March", "5 March", None),
        ("is it late if it came on 5 March", "5 March", None),
        ("tracking says it was delivered on 5 March", "5 March", None),
    ],
)
def test_the_day_of_arrival_told_in_passing_is_used(text: str, date: str, day: str | None) -> None:
    heard = _heard(_said(text, "return_item", date=date), None)
    assert heard.get("delivered_on") == day


def test_a_day_told_in_passing_replaces_none_told_before_unless_it_corrects() -> None:
    known = {"goal": "return_item", "delivered_on": "2026-03-04"}
    assert "delivered_on" not in _heard(_said("it came on 5 March", "inform", date="5 March"), "complete", known)
    corrected = _heard(_said("sorry, it came on 5 March", "correct_that", date="5 March"), "complete", known)
    assert corrected["delivered_on"] == "2026-03-05"


@pytest.mark.parametrize("text", ["what if the box is damaged?", "and if it breaks?", "in case it is broken?"])
def test_what_is_only_supposed_is_no_report(text: str) -> None:
    slots = {"goal": "return_item", "reason": "change_of_mind"}
    assert _heard(_said(text, "report_defect"), "confirm", slots) == {}


def test_a_remedy_named_again_is_no_other_wish() -> None:
    slots = {"goal": "report_defect", "reason": "defective", "remedy": "warranty_repair"}
    assert _heard(_said("repair", "warranty"), "confirm", slots) == {}
    assert _heard(_said("no, the money", "request_refund"), "confirm", slots)["goal"] == "request_refund"


@pytest.mark.parametrize(
    ("text", "picked"),
    [
        ("how long does a repair take?", None),
        ("what does the exchange cost me?", None),
        ("what about the exchange?", "exchange"),
        ("can I have the repair?", "warranty_repair"),
        ("repair", "warranty_repair"),
    ],
)
def test_a_question_about_a_remedy_picks_none(text: str, picked: str | None) -> None:
    slots = {"goal": "report_defect", "reason": "defective"}
    heard = _heard(_said(text, "inform"), "remedy", slots, remedies=("exchange", "warranty_repair"))
    assert heard.get("remedy") == picked


@pytest.mark.parametrize(
    ("text", "goal"),
    [
        ("Stop! Don't ship the electric toothbrush", "cancel_order"),
        ("do not dispatch it", "cancel_order"),
        ("please do not ship my order", "cancel_order"),
        ("I told you, don't ship it!", "cancel_order"),
        ("it works badly and they don't ship on sundays", "report_defect"),
        ("it works now but you don't ship spare parts", "report_defect"),
        ("why do you say you do not ship it", "report_defect"),
        ("a part that we don't ship", "report_defect"),
        ("please don't ship the repaired one back", "report_defect"),
        ("don't ship it yet", "report_defect"),
        ("don't ship me the old one", "report_defect"),
        ("don't ship another one, this one is broken", "report_defect"),
        ("don't ship it to my old address", "report_defect"),
    ],
)
def test_who_says_not_to_ship_it_cancels_it(text: str, goal: str) -> None:
    assert _heard(_said(text, "report_defect"))["goal"] == goal

"""One message, several requests: where it is taken apart, and which pieces count."""

import time

import pytest

from bot.nlu.further_requests import Heard, requests_in
from bot.nlu.pieces import MOST_PIECES, pieces_of

SURE = 0.6


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        (
            "I want to return the lamp and where is my other order AC-222?",
            ["I want to return the lamp", "where is my other order AC-222?"],
        ),
        (
            "my order never came and also can you send me the invoice",
            ["my order never came", "can you send me the invoice"],
        ),
        (
            "It is broken. By the way, where is AC-3 now? Oh and also an invoice please",
            ["It is broken.", "where is AC-3 now?", "an invoice please"],
        ),
        ("cancel the mug, can you tell me why", ["cancel the mug", "can you tell me why"]),
        ("yes, and also where is my other order", ["yes", "where is my other order"]),
        ("send me the bill; track my parcel please", ["send me the bill", "track my parcel please"]),
    ],
)
def test_a_message_is_taken_apart_where_another_thought_begins(text: str, pieces: list[str]) -> None:
    found = pieces_of(text)
    assert [each.text for each in found] == pieces
    assert all(text[each.start : each.end] == each.text for each in found)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "where is my order",
        "the lamp and the mug",
        "black and white",
        "hello, the kettle",
        "Hi! The lamp broke",
    ],
)
def test_what_is_too_short_to_stand_alone_stays_with_its_neighbour(text: str) -> None:
    assert [each.text for each in pieces_of(text)] == [text]


def test_a_long_tale_is_taken_into_a_few_pieces_and_nothing_of_it_gets_lost() -> None:
    text = "one more sentence here. " * 40
    found = pieces_of(text)
    assert len(found) == MOST_PIECES
    assert found[-1].end == len(text)


@pytest.mark.parametrize("pasted", [" ", "-", ", ", "; ", ". "])
def test_what_leads_up_to_nothing_takes_time_with_its_length_alone(pasted: str) -> None:
    """A tenth of a second; two to thirty seconds, were it the square."""
    text = f"a{pasted * 20000}"[:20000] + "b"
    started = time.process_time()
    assert [each.text for each in pieces_of(text)] == [text]
    assert time.process_time() - started < 1


def heard(*said: tuple[str, str, float]) -> list[tuple[str, str]]:
    """The requests found in sentences heard so, each as its intent and its stretch of the message."""
    text = " and also ".join(sentence for sentence, _, _ in said)
    pieces = pieces_of(text)
    assert [each.text for each in pieces] == [sentence for sentence, _, _ in said]
    found = [Heard(piece, intent, sure) for piece, (_, intent, sure) in zip(pieces, said, strict=True)]
    return [(each.intent, text[each.start : each.end]) for each in requests_in(found, SURE)]


def test_two_wishes_are_two_requests_in_the_order_they_stand() -> None:
    assert heard(("send me the invoice", "invoice", 0.9), ("where is my parcel", "track_order", 0.9)) == [
        ("invoice", "send me the invoice"),
        ("track_order", "where is my parcel"),
    ]


def test_a_bare_fact_in_front_is_part_of_the_wish_it_opens() -> None:
    text = "I changed my mind and want to return it. Also, where is my other order?"
    said = (("inform", 0.9), ("return_item", 0.9), ("track_order", 0.9))
    found = requests_in([Heard(piece, *heard) for piece, heard in zip(pieces_of(text), said, strict=True)], SURE)
    assert [(each.intent, text[each.start : each.end]) for each in found] == [
        ("return_item", "I changed my mind and want to return it."),
        ("track_order", "where is my other order?"),
    ]


def test_what_asks_for_nothing_belongs_to_the_request_before_it() -> None:
    assert heard(
        ("it was a present", "thanks", 0.9),
        ("I want to return the lamp", "return_item", 0.9),
        ("I never used the thing", "inform", 0.9),
        ("I need an invoice", "invoice", 0.9),
    ) == [
        ("return_item", "it was a present and also I want to return the lamp and also I never used the thing"),
        ("invoice", "I need an invoice"),
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("the kettle came broken", "report_defect", 0.9), ("I want my money back", "request_refund", 0.9)),
        (("I want to return it", "return_item", 0.9), ("how long do I have", "ask_deadline", 0.9)),
        (("the pump does not start", "report_defect", 0.9), ("can I get another one instead", "exchange_item", 0.9)),
        (("my order never came", "missing_order", 0.9), ("where is it now", "track_order", 0.9)),
        (("cancel my whole order", "cancel_order", 0.9), ("refund the money please", "request_refund", 0.9)),
        (("where is my parcel", "track_order", 0.9), ("it was a present", "inform", 0.9)),
        (("where is my parcel", "track_order", 0.9), ("it left the other day", "track_order", 0.9)),
        (("where is my parcel", "track_order", 0.9), ("it left you the other weekend", "track_order", 0.9)),
        (("it came broken", "report_defect", 0.9), ("on the other hand it is late", "missing_order", 0.9)),
        (("the lamp came broken", "report_defect", 0.9), ("send another one please", "exchange_item", 0.9)),
        (("where is my parcel", "track_order", 0.9), ("I wish you well", "invoice", 0.5)),
        (("where is my parcel", "track_order", 0.9), ("tell me where it is", "track_order", 0.9)),
    ],
)
def test_one_trouble_is_one_request(first: tuple[str, str, float], second: tuple[str, str, float]) -> None:
    assert len(heard(first, second)) < 2


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("return order AC-1 please", "return_item", 0.9), ("cancel order AC-2 please", "cancel_order", 0.9)),
        (("exchange the blue shoes", "exchange_item", 0.9), ("return the hat please", "return_item", 0.9)),
        (("my order never came", "missing_order", 0.9), ("where is my other order", "track_order", 0.9)),
        (("send the mug back", "return_item", 0.9), ("my other handbag goes back too", "return_item", 0.9)),
        (("send the mug back", "return_item", 0.9), ("the second daybed goes back", "return_item", 0.9)),
        (("my sideboard is broken", "report_defect", 0.9), ("the other sideboard as well", "report_defect", 0.9)),
        (("the clock is broken", "report_defect", 0.9), ("my other timer is broken", "report_defect", 0.9)),
        (("where is my parcel", "track_order", 0.9), ("where is the other weekender", "track_order", 0.9)),
        (("where is order AC-10482", "track_order", 0.9), ("where is order AC-10483", "track_order", 0.9)),
    ],
)
def test_two_orders_or_two_things_are_two_requests(
    first: tuple[str, str, float], second: tuple[str, str, float]
) -> None:
    assert [intent for intent, _ in heard(first, second)] == [first[1], second[1]]


def test_a_request_may_be_added_to_an_answer() -> None:
    answer = ("yes it is complete", "affirm", 0.9)
    assert heard(answer, ("where is my other order", "track_order", 0.9)) == [
        ("affirm", "yes it is complete"),
        ("track_order", "where is my other order"),
    ]
    pieces = pieces_of("I want this over. Where is my parcel?")
    told = [Heard(pieces[0], "inform", 0.9), Heard(pieces[1], "track_order", 0.9)]
    assert len(requests_in(told, SURE)) == 1

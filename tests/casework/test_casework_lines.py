"""Which of an order's lines words mean, where they mean several; and what waits its turn."""

import pytest

from casework.later import (
    LONGEST_QUOTE,
    Request,
    adds_a_request,
    next_line,
    queued,
    refers_back,
    something_waits,
    waiting,
)
from casework.lines import further_lines, named_lines, pick_lines

TITLES = ("Copper kettle", "Reading lamp", "Blue mug")
TWO = TITLES[:2]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("both", [0, 1]),
        ("all", [0, 1]),
        ("all of them please", [0, 1]),
        ("everything", [0, 1]),
        ("the whole order", [0, 1]),
        ("the lamp and the kettle", [1, 0]),
        ("kettle & lamp", [0, 1]),
        ("the lamp", [1]),
        ("2", [1]),
        ("not both, only the lamp", [1]),
        ("all but the lamp", [1]),
        ("the broken one", []),
    ],
)
def test_an_answer_names_one_line_or_several(text: str, lines: list[int]) -> None:
    assert pick_lines(text, TWO) == lines


def test_both_of_three_could_be_any_two() -> None:
    assert pick_lines("both", TITLES) == []
    assert pick_lines("the kettle and the mug", TITLES) == [0, 2]
    assert pick_lines("all three", TITLES) == [0, 1, 2]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("I want to return both of them", [0, 1]),
        ("please send back everything", [0, 1]),
        ("both came broken", [0, 1]),
        ("both boxes are there, I want to return the lamp", []),
        ("please return everything", [0, 1]),
        ("the kettle and the reading lamp came broken", [0, 1]),
        ("return the kettle, it works and looks fine", []),
        ("everything that came with it is there", []),
        ("all labels are intact", []),
        ("that is all", []),
        ("not the kettle but the lamp", []),
    ],
)
def test_a_sentence_names_several_lines_only_where_it_says_so(text: str, lines: list[int]) -> None:
    assert named_lines(text, TWO) == lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("the other one too", [1]),
        ("and the lamp as well", [1]),
        ("same for the lamp", [1]),
        ("both", [1]),
        ("no, the other one", []),
        ("the kettle is also scratched", []),
        ("it also has a scratch", []),
        ("I want my other order too", []),
        ("I mean both of them", [1]),
        ("both boxes are there", []),
        ("all of them are intact", []),
        ("the lamp is too dark", []),
        ("and the lamp by the way works as it should", []),
    ],
)
def test_words_add_a_line_to_the_one_spoken_of(text: str, lines: list[int]) -> None:
    assert further_lines(text, TWO, 0, ()) == lines
    assert further_lines(text, TWO, 0, (1,)) == []


def test_the_only_line_there_is_has_no_other() -> None:
    assert further_lines("the other one too", TWO[:1], 0, ()) == []


def test_the_next_line_has_the_wish_and_the_reason_of_the_one_before_to_be_said_back_and_nothing_else() -> None:
    slots = {"goal": "return_item", "reason": "defective", "line": 0, "lines": [1, 2], "complete": True}
    fresh = next_line(slots, ("goal", "opening", "reason", "line", "lines", "complete"))
    assert fresh == {
        "goal": "return_item",
        "opening": None,
        "reason": "defective",
        "line": 1,
        "lines": [2],
        "complete": None,
        "taken": ["reason"],
    }
    assert (next_line({"goal": "track_order", "lines": [1]}, ()) or {})["taken"] is None
    assert next_line({"goal": "return_item", "lines": None}, ()) is None


def test_a_person_is_called_in_once_however_many_items_there_are() -> None:
    assert not something_waits({"goal": "human_handoff", "lines": [1]})
    assert something_waits({"goal": "human_handoff", "later": [Request("invoice", "x").as_slot()]})


def test_requests_wait_in_order_and_each_once() -> None:
    first, second = Request("invoice", "a bill", (("email", "a@example.com"),)), Request("track_order", "where")
    slots = {"later": queued({}, (first, second, first))}
    assert waiting(slots) == [first, second]
    assert queued(slots, (second,)) == slots["later"]


def test_what_is_quoted_is_one_line_and_not_endless() -> None:
    assert Request("invoice", "  send\n\nme   the bill ").quote == "send me the bill"
    assert len(Request("invoice", "x" * 1000).quote) == LONGEST_QUOTE + 1


def test_words_that_add_and_words_that_point_back() -> None:
    assert adds_a_request("also where is my order")
    assert adds_a_request("Oh, and by the way, another question: where is it")
    assert adds_a_request("can I have the invoice too?")
    assert not adds_a_request("actually just cancel it")
    assert refers_back("and an invoice for it")
    assert not refers_back("where is my order")

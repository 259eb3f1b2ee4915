"""The day of arrival told in passing; and the answer to the question for it that there was none."""

from zoneinfo import ZoneInfo

import pytest

from casework.arrivals import days_of_arrival, says_it_has_not_come
from casework.hearing import hear
from casework.messages import Message, Setting
from tests.casework.orders import NOW

SETTING = Setting("delivered_on", NOW, ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("the kettle came on 5 March", ["5 March"]),
        ("it was delivered on the 5 March and is broken", ["5 March"]),
        ("order QC-1 arrive the 5 March, i not want", ["5 March"]),
        ("does it arrive on the 5 March", []),
        ("can it arrive on 5 March", []),
        ("you promised it would arrive on 5 March", []),
    ],
)
def test_a_day_is_the_one_of_arrival_where_it_is_said_to_have_come(text: str, days: list[str]) -> None:
    assert days_of_arrival(text, ["5 March"]) == days


@pytest.mark.parametrize(
    "text",
    [
        "It has not arrived yet",
        "it hasn't come",
        "still waiting",
        "I'm still waiting for it",
        "nothing came",
        "nothing has arrived so far",
        "not yet",
        "it was never delivered",
        "it never turned up",
        "I haven't got it",
        "still not here",
    ],
)
def test_nothing_has_come(text: str) -> None:
    assert says_it_has_not_come(text)


@pytest.mark.parametrize(
    "text",
    [
        "last Tuesday",
        "I don't remember",
        "not sure",
        "it came on Monday",
        "I have not opened it yet",
        "I haven't got the exact day",
        "it is not working",
    ],
)
def test_who_says_something_else_is_not_heard_as_that(text: str) -> None:
    assert not says_it_has_not_come(text)


@pytest.mark.parametrize("intent", ["missing_order", "deny", "inform", "out_of_stock", "nlu_fallback"])
def test_the_matter_becomes_a_missing_order_however_it_was_understood(intent: str) -> None:
    slots = {"goal": "return_item", "reason": "change_of_mind"}
    heard = hear(Message("still waiting for it", intent, 0.58), slots, SETTING)
    assert heard["goal"] == "missing_order"
    assert heard["reason"] is None


def test_a_day_told_with_it_is_the_answer() -> None:
    message = Message("not yet, oh wait, it came on 5 March 2026", "inform", 0.9, (("date", "5 March 2026"),))
    assert hear(message, {"goal": "return_item"}, SETTING) == {"delivered_on": "2026-03-05"}

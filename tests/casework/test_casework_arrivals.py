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
        ("my mum got the backpack on 5 March, it's damaged", ["5 March"]),
        ("I received my electric toothbrush on 5 March", ["5 March"]),
        ("I received the RMA number on 5 March", []),
        ("we got the replacement lamp on 5 March", []),
        ("I got the money back on 5 March", []),
        ("I received the lamp and paid it on 5 March", []),
        ("does it arrive on the 5 March", []),
        ("can it arrive on 5 March", []),
        ("you promised it would arrive on 5 March", []),
        ("It was to arrive on 5 March", []),
        ("my other parcel arrived on 5 March, this one is broken", []),
        ("the first one arrived on 5 March, the replacement is broken", []),
        ("the technician came on 5 March and said it is broken", []),
        ("the courier came on 5 March", []),
        ("my money got here on 5 March", []),
        ("According to DHL it was delivered on 5 March", []),
        ("DHL delivered it on 5 March but I never got it", []),
        ("it was delivered on 5 March to the wrong address", []),
        ("the app has my parcel as delivered on 5 March, but nothing is here", []),
    ],
)
def test_a_day_is_the_one_of_arrival_where_it_is_said_to_have_come(text: str, days: list[str]) -> None:
    assert days_of_arrival(text, ["5 March"]) == days


@pytest.mark.parametrize(
    "text",
    [
        "I got the order placed on 5 March",
        "I got the order of 5 March",
        "I received the lamp I bought on 5 March",
        "I received the lamp we purchased on 5 March",
        "received the lamp ordered on 5 March",
        "received the lamp paid on 5 March",
        "I received my headphones you shipped on 5 March",
        "I received the parcel sent on 5 March",
        "I received the parcel dispatched on 5 March",
        "received the lamp which broke on 5 March",
        "I got the lamp broken on 5 March",
        "I got my lamp that stopped working on 5 March",
        "I got a lamp that died on 5 March",
        "got the lamp repaired on 5 March",
        "got the lamp fixed on 5 March",
        "got the lamp replaced on 5 March",
        "got the lamp returned on 5 March",
        "got the lamp back on 5 March",
        "I received the lamp before 5 March",
        "I received the lamp after 5 March",
        "I received the lamp two days after 5 March",
        "I received the lamp a week from 5 March",
        "I had got the lamp since 5 March",
        "I received the lamp by 5 March",
    ],
)
def test_the_day_of_buying_shipping_or_breaking_is_not_that_of_arrival(text: str) -> None:
    assert days_of_arrival(text, ["5 March"]) == []


@pytest.mark.parametrize(
    "text",
    [
        "I received that lamp on 5 March",
        "we got our new reading lamp on the 5 March",
        "my mum got the box of chocolates on 5 March",
    ],
)
def test_the_day_a_named_thing_came_is_that_of_arrival(text: str) -> None:
    assert days_of_arrival(text, ["5 March"]) == ["5 March"]


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
        "I never got it",
        "it never reached me",
        "nothing is here",
        "it went to the wrong address",
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
        "I never had a problem with it",
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


def test_another_day_told_later_takes_the_place_of_the_first_and_leaves_the_yes_open() -> None:
    slots = {"goal": "report_defect", "reason": "defective", "delivered_on": "2026-03-04", "remedy": "return_refund"}
    setting = Setting("confirm", NOW, ZoneInfo("Europe/Berlin"))
    heard = hear(Message("no, it came on 5 March 2026", "deny", 0.9, (("date", "5 March 2026"),)), slots, setting)
    assert (heard["delivered_on"], heard["confirm"]) == ("2026-03-05", None)

"""A yes counts for what is written on it only where it says nothing else."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from casework.plain_yes import is_plain_yes
from policy_core import RemedyName

SAID = Path(__file__).parents[2] / "bot" / "data" / "nlu"


def _examples(intent: str) -> list[str]:
    told: dict[str, Any] = yaml.safe_load((SAID / f"{intent}.yml").read_text(encoding="utf-8"))
    return [line.removeprefix("- ") for each in told["nlu"] for line in each["examples"].splitlines()]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "yes",
            "Yes please!",
            "ya",
            "ok",
            "k",
            "👍",
            "sure, go ahead",
            "Yes, thank you, please proceed.",
            "yes do it",
        ),
        *("that's right", "I agree with what you propose.", "no objection, yes", "why not", "sí, claro", "ja gerne"),
        *("absolutley", "plese do", "yes, if you please", "yes, how do I send it?", "yes, send the kettle back"),
        *("yes, I want the refund", "yes, issue the RMA number", "yes, start the return", "yes, process the refund"),
        *("yes, let's proceed", "let's go ahead", "yes that is what I want", "yes, thank you for your help"),
        *("yes, go ahead with the return", "carry on with it"),
        *("cool, yes", "yup, all good", "yes, proceed with the return", "yes I agree to your terms and conditions"),
        *(
            "yes, can you please send the number",
            "yes I would",
            "yes do that",
            "yes, create the rma for me",
            "that is it, yes",
        ),
    ],
)
def test_a_yes_may_be_polite_misspelled_and_name_what_was_announced(text: str) -> None:
    assert is_plain_yes(text, RemedyName.RETURN_REFUND, "Copper kettle")


@pytest.mark.parametrize(
    "text",
    [
        *("yes but just one", "yes, one", "yes, half of it", "yes, both", "yes, on condition that it costs me nothing"),
        *(
            "yes, though I would prefer a repair",
            "yes, when I am back from holiday",
            "yes but next week",
            "yes, in May",
        ),
        *("Yes please, as soon as the money is certain", "yes but a new one", "yes, exchange it", "fine, but not now"),
        *("yes so will i get my money back", "yes, do i get the refund now", "yes should i want a refund"),
        *(
            "yes with conditions",
            "ok with my terms",
            "yes, is it a refund",
            "yes, does it get refunded",
            "yes will it be fine",
        ),
        *("fine, but I will not pay anything", "yes, the lamp", "yes?", "ok, what then?", "incorrect", "yes " * 60),
    ],
)
def test_a_yes_with_anything_more_is_none(text: str) -> None:
    assert not is_plain_yes(text, RemedyName.RETURN_REFUND, "Copper kettle")


def test_what_names_one_thing_is_no_yes_to_another() -> None:
    assert is_plain_yes("yes, cancel it", RemedyName.CANCEL)
    assert not is_plain_yes("yes, cancel it", RemedyName.RETURN_REFUND)
    assert not is_plain_yes("yes, delete it", "privacy_access")
    assert is_plain_yes("I accept the quote", "quote")
    assert not is_plain_yes("yes, do i have to pay", "quote")
    assert not is_plain_yes("yes, would it be repaired under warranty", RemedyName.WARRANTY_REPAIR)
    assert is_plain_yes("yes please cancel the order", RemedyName.CANCEL)
    assert is_plain_yes("yes i'll wait for it", RemedyName.WAIT_BACKORDER)
    assert is_plain_yes("yes, open the dispute for me", RemedyName.DISPUTE)


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("yes, return the T-shirt", "Cotton T-shirt"),
        ("yes, send the usb-c cable back", "USB-C cable"),
        ("yes, return the men\u2019s jacket", "Men's jacket"),
    ],
)
def test_an_item_may_be_named_as_its_title_writes_it(text: str, item: str) -> None:
    assert is_plain_yes(text, RemedyName.RETURN_REFUND, item)


def test_nothing_people_say_no_with_is_a_yes_to_anything() -> None:
    announced = [None, *RemedyName, "invoice", "rma", "quote", "privacy_erasure"]
    said = [text for intent in ("deny", "stop", "dont_know") for text in _examples(intent)]
    assert [(text, name) for text in said for name in announced if is_plain_yes(text, name)] == []


def test_most_of_what_people_say_yes_with_is_one() -> None:
    """The others tell a fact besides ("yes still sealed"), which is a yes to another question."""
    said = _examples("affirm")
    assert sum(is_plain_yes(text) for text in said) / len(said) > 0.7

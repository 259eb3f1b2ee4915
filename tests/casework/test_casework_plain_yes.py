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
        *("yes, I want the refund", "yes, issue the RMA number"),
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


def test_nothing_people_say_no_with_is_a_yes_to_anything() -> None:
    announced = [None, *RemedyName, "invoice", "rma", "quote", "privacy_erasure"]
    said = [text for intent in ("deny", "stop", "dont_know") for text in _examples(intent)]
    assert [(text, name) for text in said for name in announced if is_plain_yes(text, name)] == []


def test_most_of_what_people_say_yes_with_is_one() -> None:
    """The others tell a fact besides ("yes still sealed"), which is a yes to another question."""
    said = _examples("affirm")
    assert sum(is_plain_yes(text) for text in said) / len(said) > 0.7

"""What is announced before a yes, for matters that are about no remedy; and whether a yes was a yes to just that."""

from dataclasses import dataclass

from rasa_sdk import Tracker


@dataclass(frozen=True, slots=True)
class Announced:
    """What a yes will do, in words; `mark` tells it from anything else a yes could be meant for."""

    text: str
    mark: str


def was_said_yes_to(tracker: Tracker, announced: Announced) -> bool:
    """Whether the customer was asked about `announced` as it stands now, and said yes."""
    return bool(tracker.get_slot("confirm")) and was_told(tracker, announced.mark)


def was_told(tracker: Tracker, mark: str) -> bool:
    """Whether what bears this mark is what was told last."""
    return (tracker.get_slot("told") or "").partition("#")[2] == mark

"""A complaint: a calm answer, what can be done now, and a person who gets everything said so far."""

from rasa_sdk import Tracker

from .base import Say, goal_choices
from .matter import Matter

CAN_BE_DONE_NOW = ("report_defect", "missing_order", "request_refund", "refund_status")


def answer_calmly(matter: Matter, say: Say) -> None:
    """Where the order is proven to be theirs, the customer reads that a person gets it too."""
    order = matter.own_order
    choices = goal_choices(CAN_BE_DONE_NOW)
    if order is not None:
        say("complaint", more=True)
        say("complaint_known", choices=say.person() + choices, order=order.number)
    else:
        say("complaint", choices=choices + say.person())


def why_of(tracker: Tracker) -> str:
    """Why a person is called in, as the ticket says it."""
    return "complaint" if tracker.get_slot("complained") else "asked_for_person"

"""Where the customer's money is: told line by line, with what could lead to money where nothing is owed."""

from casework.refunds_owed import money_of
from casework.refunds_told import RefundTeller

from .base import Choice, Say, goal_choices, words
from .matter import Matter

COULD_LEAD_TO_MONEY = ("request_refund", "return_item")


def tell(matter: Matter, say: Say, more: bool = False) -> None:
    """Everything known of the money of the customer's own order; `more`: another reply of the turn follows."""
    order, now = matter.order, matter.turn.now
    moneys = money_of(matter.session, order, now)
    choices: list[Choice] = []
    if all(each.is_empty for each in moneys):
        choices = goal_choices(COULD_LEAD_TO_MONEY)
    elif any(each.rma is not None and each.rma.goods == "awaited" and each.rma.closed_at is None for each in moneys):
        choices = goal_choices(["rma"])
    say.telling(RefundTeller(words(), order, now).tell(moneys), [] if more else choices + say.person(), more)


def tell_line(matter: Matter, say: Say) -> None:
    """That the money for the line in question was asked for already, and where it stands."""
    money = [each for each in money_of(matter.session, matter.order, matter.turn.now) if each.line.id == matter.line.id]
    telling = RefundTeller(words(), matter.order, matter.turn.now).tell(money)
    say("refund_asked_already", item=matter.line.title, more=True)
    say.telling(telling, choices=say.person())

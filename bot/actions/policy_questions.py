"""Questions about the policy itself, which need no order: what it gives, how long money takes, who pays the postage."""

from rasa_sdk import Tracker

from casework.carriage_told import tell_carriage, tell_own_carriage
from casework.cases import shop_terms
from casework.granted import told_rma
from casework.policy_told import (
    asks_how_long_a_repair_takes,
    asks_how_long_money_takes,
    tell_policy,
    tell_refund_time,
    tell_repair_time,
)
from casework.telling import Telling
from order_store import find_shop, open_rma
from policy_core import Programme, Shop

from .base import Choice, Say, database, goal_choices, words
from .matter import Matter, matter_of
from .turn import Turn

CHECK_AN_ORDER = {
    "policy": ("return_item", "ask_deadline"),
    "time": ("refund_status",),
    "carriage": ("return_item", "report_defect"),
}
"""The goals that give the customer the same for their own order."""


def tell_the_policy(turn: Turn, tracker: Tracker, say: Say, running: bool) -> None:
    """In general, as of today; inside a matter the open question follows."""
    with database().read() as session:
        terms = shop_terms(find_shop(session, turn.asker.shop_key))
    text = tracker.latest_message.get("text") or ""
    if asks_how_long_a_repair_takes(text):
        say.telling(tell_repair_time(words(), terms, turn.now), [] if running else say.person(), more=running)
    elif asks_how_long_money_takes(text):
        say.telling(tell_refund_time(words(), terms, turn.now), _choices("time", terms, say, running), more=running)
    else:
        say.telling(tell_policy(words(), terms, turn.now), _choices("policy", terms, say, running), more=running)


def tell_the_carriage(turn: Turn, tracker: Tracker, say: Say, running: bool) -> None:
    """By the verdict on the line in question, where it is known and says something; else the general rule."""
    with matter_of(tracker, turn) as matter:
        own = _of_the_own_line(matter)
        terms = shop_terms(find_shop(matter.session, turn.asker.shop_key))
    if own is not None:
        say.telling(own, [] if running else say.person(), more=running)
    else:
        say.telling(tell_carriage(words(), terms, turn.now), _choices("carriage", terms, say, running), more=running)


def _of_the_own_line(matter: Matter) -> Telling | None:
    """By the RMA the line has, which stands on what was told then; else by what has been told so far."""
    line, judged = matter.own_line, matter.own_judged
    if line is None or judged is None:
        return None
    if (rma := open_rma(matter.session, line.id)) is not None:
        granted = told_rma(matter.session, matter.dossier, line, rma, matter.turn.now)
        return tell_own_carriage(words(), line, [granted.remedy], granted.judged.case.claim.reason)
    return tell_own_carriage(words(), line, judged.open, judged.case.claim.reason)


def _choices(about: str, terms: Shop, say: Say, running: bool) -> list[Choice]:
    """None inside a matter; where no programme takes returns, a refund is asked for instead of one."""
    if running:
        return []
    takes_returns = set(terms.programmes) != {Programme.BUYER_PROTECTION}
    goals = (goal if takes_returns or goal != "return_item" else "request_refund" for goal in CHECK_AN_ORDER[about])
    return goal_choices(goals) + say.person()

"""A repair's quote: told with what follows from a yes and from a no, and answered (AS-P3)."""

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from sqlalchemy import select

import order_store
from casework import repairs
from casework.acting import Acting
from casework.asking_next import ABOUT_REPAIRS
from casework.repairs_told import amount_of, tell_quote, tell_repair
from order_store import Repair

from .announcing import was_told
from .base import CaseAction, Say, answer, words
from .matter import Matter, UnsettledError, matter_of
from .turn import Turn


class AskQuote(CaseAction):
    """What the repair costs, until when, what a yes and a no lead to; and whether the customer agrees."""

    def name(self) -> str:
        return "action_ask_quote"

    def act(self, turn: Turn, tracker: Tracker, say: Say) -> list[EventType]:
        with matter_of(tracker, turn) as matter:
            repair = repairs.quoted(matter.session, matter.line.id, turn.now)
            if repair is None:
                raise UnsettledError("no quote to answer")
            mark = _mark(repair)
            if not was_told(tracker, mark):
                say.telling(tell_quote(matter.session, matter.teller, repair), more=True)
            choices = [
                (words()("choice_agree"), answer("quote", "yes")),
                (words()("choice_decline"), answer("quote", "no")),
            ]
            say("ask_quote", asks="quote", choices=choices)
            return [SlotSet("told", f"quote#{mark}")]


def concerns(matter: Matter) -> bool:
    """Whether the matter is settled by what there is to say of a repair."""
    if matter.goal == "repair_quote":
        return matter.own_line is not None
    if matter.goal not in ABOUT_REPAIRS or matter.own_line is None:
        return False
    in_repair = repairs.open_repair(matter.session, matter.line.id) is not None
    return in_repair and (matter.goal == "warranty" or matter.dossier.agreed is not None)


def settle(matter: Matter, turn: Turn, tracker: Tracker, say: Say) -> None:
    """Carry the answer out where the quote is still the one that was told; else tell where the repair stands."""
    repair = _latest(matter)
    if repair is None:
        say("quote_none", item=matter.line.title, choices=say.person())
        return
    order_store.hold(matter.session, repair)
    agreed = matter.dossier.agreed
    is_open = repairs.quoted(matter.session, matter.line.id, turn.now) is not None
    if agreed is not None and is_open and was_told(tracker, _mark(repair)):
        acting = Acting(matter.session, turn.now, "customer")
        if agreed:
            repairs.agree(acting, repair)
        else:
            repairs.decline(acting, repair)
    elif agreed is not None and repair.course not in ("agreed", "declined"):
        say("no_longer_open", more=True)
    lapsed = repair.course == "quoted" and not is_open
    more = matter.goal == "warranty" and agreed is None and matter.own_judged is not None
    say.telling(tell_repair(matter.teller, repair, lapsed), choices=[] if more else say.person(), more=more)
    if more:
        say.telling(matter.teller.dates(matter.judged))


def _latest(matter: Matter) -> Repair | None:
    newest = select(Repair).where(Repair.line_id == matter.line.id).order_by(Repair.id.desc()).limit(1)
    return repairs.open_repair(matter.session, matter.line.id) or matter.session.scalar(newest)


def _mark(repair: Repair) -> str:
    return f"{repair.number}:{amount_of(repair)}:{repair.quote_valid_until}"

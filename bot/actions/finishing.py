"""The end of a matter: what was settled is told, and what the customer said yes to is done."""

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from casework.dossier import SENT_IN
from casework.granted import told_rma
from casework.granting import NoLongerOpenError, grant
from order_store import open_rma
from policy_core import RemedyName

from .asking import tell_parcel, verdict_of
from .base import CaseAction, Say
from .handing_over import hand_over
from .matter import Matter, matter_of
from .turn import Turn


class FinishCase(CaseAction):
    """Runs once the form has nothing left to ask."""

    def name(self) -> str:
        return "action_finish_case"

    def act(self, turn: Turn, tracker: Tracker, say: Say) -> list[EventType]:
        if tracker.get_slot("failed"):  # the customer has been told; the same message may be tried again
            return [SlotSet("failed", None)]
        with matter_of(tracker, turn, write=True) as matter:
            if tracker.get_slot("stopped"):
                say("stopped")
            elif tracker.get_slot("blocked"):
                say("wait", choices=say.person())
            elif tracker.get_slot("gave_up"):
                hand_over(matter, turn, say, why="fact_unknown")
            elif tracker.get_slot("goal") == "human_handoff":
                hand_over(matter, turn, say, why="asked_for_person")
            else:
                _settle(matter, turn, say)
        return [SlotSet("settled", True)]


def _settle(matter: Matter, turn: Turn, say: Say) -> None:
    match matter.goal:
        case "track_order":
            tell_parcel(matter, say)
        case "ask_deadline":
            say.telling(matter.teller.dates(matter.judged))
        case _:
            _settle_case(matter, turn, say)


def _settle_case(matter: Matter, turn: Turn, say: Say) -> None:
    dossier, judged = matter.dossier, matter.judged
    chosen = dossier.chosen(judged)
    rma = open_rma(matter.session, matter.line.id)
    if rma is not None and (matter.goal == "rma" or (chosen is not None and chosen.remedy in SENT_IN)):
        say.telling(matter.teller.granted(told_rma(matter.session, dossier, matter.line, rma, turn.now)))
    elif dossier.reason() is None:
        say("glad_it_works")
    elif chosen is not None and dossier.confirmed:
        _grant(matter, turn, say, chosen.remedy)
    elif judged.offers:
        say("nothing_done")
    elif judged.questions:
        say(f"person_asks_{judged.questions[0].rpartition('.')[2]}", more=True)
        hand_over(matter, turn, say, why=f"needs_{judged.questions[0]}")
    else:
        if matter.goal == "missing_order":
            tell_parcel(matter, say, more=True)
        say.telling(verdict_of(matter), choices=say.person())


def _grant(matter: Matter, turn: Turn, say: Say, remedy: RemedyName) -> None:
    try:
        granted = grant(matter.session, matter.dossier, matter.line, remedy, turn.now, turn.key)
    except NoLongerOpenError:
        say("no_longer_open", more=True)
        say.telling(verdict_of(matter), choices=say.person())
        return
    if granted.kind == "person":
        hand_over(matter, turn, say, why=f"approve_{remedy}")
    else:
        say.telling(matter.teller.granted(granted))

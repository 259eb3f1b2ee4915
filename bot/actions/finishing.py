"""The end of a matter: what was settled is told, and what the customer said yes to is done."""

from dataclasses import replace

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet

from casework.asking_next import money_is_asked_for
from casework.granting import NoLongerOpenError, grant
from casework.judged import SENT_IN
from casework.later import something_waits
from order_store import open_rma
from policy_core import RemedyName

from . import complaining, invoicing, privacy_requests, quoting, refund_status, reminding, sending_back
from .asking import dates_of, say_parcel, verdict_of, was_announced
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
        if tracker.get_slot("answered"):
            return [SlotSet("answered", None)]
        more_waits = something_waits(tracker.slots)
        if tracker.get_slot("stopped"):
            say("stopped_all" if more_waits else "stopped")
            return [SlotSet("settled", True), SlotSet("lines", None), SlotSet("later", None)]
        finish(turn, tracker, say)
        if not more_waits or tracker.get_slot("blocked"):
            return [SlotSet("settled", True)]
        say.goes_on()
        return [SlotSet("settled", True), FollowupAction("action_next")]

    def after_failure(self, tracker: Tracker) -> list[EventType]:
        """A yes that could not be carried out is asked for again, so that it can be given again."""
        if not tracker.get_slot("confirm"):
            return []
        return [SlotSet("confirm", None), FollowupAction("case_form")]


def finish(turn: Turn, tracker: Tracker, say: Say) -> None:
    """Tell what the matter of the slots comes to, and do what the customer said yes to."""
    with matter_of(tracker, turn, write=True) as matter:
        if tracker.get_slot("blocked"):
            say("wait", choices=say.person())
        elif tracker.get_slot("gave_up"):
            hand_over(matter, turn, say, why="fact_unknown")
        elif tracker.get_slot("goal") == "human_handoff":
            hand_over(matter, turn, say, why=complaining.why_of(tracker))
        else:
            _settle(matter, turn, tracker, say)


def _settle(matter: Matter, turn: Turn, tracker: Tracker, say: Say) -> None:
    if matter.goal == "complaint":
        complaining.answer_calmly(matter, say)
    elif matter.goal == "invoice":
        invoicing.settle(matter, turn, tracker, say)
    elif matter.goal == "refund_status":
        refund_status.tell(matter, say)
    elif matter.goal == "track_order":
        say_parcel(matter, say)
    elif matter.goal == "remind_me":
        reminding.remind(matter, say)
    elif matter.goal == "stop_reminding":
        reminding.stop(matter, say)
    elif matter.goal == "privacy_request":
        privacy_requests.settle(matter, turn, tracker, say)
    elif matter.own_line is not None and money_is_asked_for(matter.session, matter.dossier, matter.own_line):
        refund_status.tell_line(matter, say)
    elif quoting.concerns(matter):
        quoting.settle(matter, turn, tracker, say)
    elif matter.own_line is not None and matter.own_judged is None:
        hand_over(matter, turn, say, why="case_contradictory")
    elif matter.goal == "ask_deadline":
        say.telling(dates_of(matter), choices=reminding.offer(matter))
    else:
        _settle_case(matter, turn, tracker, say)


def _settle_case(matter: Matter, turn: Turn, tracker: Tracker, say: Say) -> None:
    dossier, judged = matter.dossier, matter.judged
    chosen = dossier.chosen(judged)
    if sending_back.is_about_one(matter):
        sending_back.settle(matter, turn, tracker, say)
    elif chosen is not None and chosen.remedy in SENT_IN and (rma := open_rma(matter.session, matter.line.id)):
        sending_back.tell(matter, say, rma)
    elif dossier.reason() is None and dossier.has_fault is False:
        say("glad_it_works")
    elif not judged.remedies:
        if matter.goal == "missing_order":
            say_parcel(matter, say, more=True)
        say("not_in_policy", choices=say.person())
    elif dossier.confirmed and (chosen is None or not was_announced(tracker, chosen)):
        _no_longer_open(matter, say)
    elif chosen is not None and dossier.confirmed:
        _grant(matter, turn, say, chosen.remedy)
    elif judged.offers:
        say("nothing_done")
    elif judged.questions:
        say(f"person_asks_{judged.questions[0].rpartition('.')[2]}", more=True)
        hand_over(matter, turn, say, why=f"needs_{judged.questions[0]}")
    else:
        if matter.goal == "missing_order":
            say_parcel(matter, say, more=True)
        say.telling(verdict_of(matter), choices=say.person())


def _grant(matter: Matter, turn: Turn, say: Say, remedy: RemedyName) -> None:
    try:
        granted = grant(matter.session, matter.dossier, matter.line, remedy, turn.now, turn.key)
    except NoLongerOpenError as closed:
        _no_longer_open(replace(matter, own_judged=closed.judged), say)
        return
    if granted.kind == "person":
        hand_over(matter, turn, say, why=f"approve_{remedy}")
    else:
        say.telling(matter.teller.granted(granted), choices=reminding.offer(matter))


def _no_longer_open(matter: Matter, say: Say) -> None:
    """Closed, or open on other terms than the customer said yes to: nothing is done, and what holds now is told."""
    say("no_longer_open", more=True)
    say.telling(verdict_of(matter), choices=say.person())

"""Questions whose wording or choices depend on the case; the others are responses of domain.yml."""

from datetime import date

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from casework.asking_next import SLOT_OF_QUESTION, listed
from casework.cases import to_check
from casework.cover_told import tell_cover
from casework.deadlines import day_in_words
from casework.granted import preview, told_rma
from casework.parcels import delivery_of, tell_parcel
from casework.premises import premises_told, rests_on
from casework.telling import VERSION, Telling
from order_store import open_rma
from policy_core import RemedyVerdict

from . import invoicing, privacy_requests, sending_back
from .base import CaseAction, Choice, Say, answer, goal_choices, words
from .matter import Matter, UnsettledError, matter_of
from .turn import Turn

OWN_ANNOUNCEMENTS = {"rma": sending_back.announce, "privacy_request": privacy_requests.announce}
"""What announces the yes of goals that may be about no remedy."""


class AskLine(CaseAction):
    """Which of the order's items it is about."""

    def name(self) -> str:
        return "action_ask_line"

    def act(self, turn: Turn, tracker: Tracker, say: Say) -> list[EventType]:
        with matter_of(tracker, turn) as matter:
            order = matter.dossier.order(matter.session)
            if order is None:
                raise UnsettledError("no order")
            choices = [(line.title, answer("line", line.position)) for line in order.lines]
            say("ask_line", asks="line", choices=[*choices, (words()("choice_all_lines"), answer("line", "all"))])
        return []


class AskRemedy(CaseAction):
    """The verdict, and which of the open remedies the customer wants."""

    def name(self) -> str:
        return "action_ask_remedy"

    def act(self, turn: Turn, tracker: Tracker, say: Say) -> list[EventType]:
        with matter_of(tracker, turn) as matter:
            events = _tell_verdict(matter, tracker, say)
            choices = [
                (words()(f"choice_{each.remedy}"), answer("remedy", each.remedy)) for each in matter.judged.offers
            ]
            say("ask_remedy", asks="confirm", choices=[*choices, (words()("choice_none"), answer("remedy", "none"))])
        return events


class AskConfirm(CaseAction):
    """What a yes will do, by when and at whose cost; and whether to do it."""

    def name(self) -> str:
        return "action_ask_confirm"

    def act(self, turn: Turn, tracker: Tracker, say: Say) -> list[EventType]:
        with matter_of(tracker, turn) as matter:
            if matter.goal == "invoice":
                return invoicing.ask(matter, tracker, say)
            own = OWN_ANNOUNCEMENTS.get(matter.goal or "")
            if own is not None and (announcement := own(matter)) is not None:
                say("ask_confirm", asks="confirm", choices=_yes_no("confirm"), announced=announcement.text)
                return [SlotSet("told", f"{matter.goal}#{announcement.mark}")]
            chosen = matter.dossier.chosen(matter.judged)
            if chosen is None:
                raise UnsettledError("no remedy to say yes to")
            _tell_verdict(matter, tracker, say)
            announced = matter.teller.announcement(preview(matter.judged, chosen, turn.now), matter.dossier.told.pieces)
            say("ask_confirm", asks="confirm", choices=_yes_no("confirm"), announced=announced)
            return [SlotSet("told", f"{_mark(matter)}#{_announced(tracker, chosen)}")]


class AskTogether(CaseAction):
    """Several yes-or-no facts as one list, to which a yes is the usual answer."""

    def name(self) -> str:
        return "action_ask_together"

    def act(self, turn: Turn, tracker: Tracker, say: Say) -> list[EventType]:
        with matter_of(tracker, turn) as matter:
            facts_listed = listed(matter.dossier, matter.judged)
        facts = "\n".join(f"• {words()(f'true_{slot}')}" for slot in facts_listed)
        paths = [path for path, slot in SLOT_OF_QUESTION.items() if slot in facts_listed]
        paths.sort(key=lambda path: facts_listed.index(SLOT_OF_QUESTION[path]))
        payload = {"v": VERSION, "kind": "question", "asks": paths[0], "all": paths}
        choices = [
            (words()("choice_all_true"), answer("together", "yes")),
            (words()("choice_not_all"), answer("together", "no")),
        ]
        say.telling(Telling(words()("ask_together", facts=facts), payload), choices)
        return []


class AskHasFault(CaseAction):
    """The line's dates, unless they have just been told, and whether anything is wrong with it."""

    def name(self) -> str:
        return "action_ask_has_fault"

    def act(self, turn: Turn, tracker: Tracker, say: Say) -> list[EventType]:
        with matter_of(tracker, turn) as matter:
            told = f"{matter.line.position}:dates"
            if tracker.get_slot("told") != told:
                say.telling(tell_cover(matter.teller, matter.judged), more=True)
            say("ask_has_fault", asks="claim.reason", choices=_yes_no("has_fault"))
        return [SlotSet("told", told)]


class AskDeliveredOn(CaseAction):
    """The day the item came, or which of two days was meant."""

    def name(self) -> str:
        return "action_ask_delivered_on"

    def act(self, turn: Turn, tracker: Tracker, say: Say) -> list[EventType]:
        options = [date.fromisoformat(each) for each in tracker.get_slot("day_options") or ()]
        if not options:
            say("ask_delivered_on", asks="order.delivered_at")
            return []
        days = [day_in_words(each, words()) for each in options]
        choices: list[Choice] = [(day, answer("delivered_on", each)) for day, each in zip(days, options, strict=True)]
        say("ask_which_day", asks="order.delivered_at", choices=choices, first=days[0], second=days[-1])
        return []


def say_parcel(matter: Matter, say: Say, more: bool = False) -> None:
    """Where the parcel is; who asks for nothing else is offered to report it missing while it is not here."""
    missing = not more and delivery_of(matter.line, matter.turn.now) is None
    choices = goal_choices(["missing_order"]) if missing else []
    say.telling(tell_parcel(matter.teller), choices, more)


def dates_of(matter: Matter) -> Telling:
    """Every period of the line: those of its RMA where it has one, which stand on what was told for it."""
    rma = open_rma(matter.session, matter.line.id)
    granted = told_rma(matter.session, matter.dossier, matter.line, rma, matter.turn.now) if rma is not None else None
    return matter.teller.dates(granted.judged if granted is not None else matter.judged)


def verdict_of(matter: Matter) -> Telling:
    """The verdict in words, naming a day that only the customer told; what nobody asked for is said back with it."""
    told = matter.dossier.told
    telling = matter.teller.verdict(
        matter.judged, told.delivered_on if to_check(matter.line, told, matter.turn.now) else None
    )
    facts = rests_on(matter.dossier, matter.judged)
    if not facts:
        return telling
    return Telling(f"{telling.text}\n{premises_told(words(), facts)}", {**telling.custom, "rests_on": facts})


def _tell_verdict(matter: Matter, tracker: Tracker, say: Say) -> list[EventType]:
    """Tell the verdict, unless it has just been told: asking again does not repeat it."""
    told = _mark(matter)
    if (tracker.get_slot("told") or "").partition("#")[0] == told:
        return []
    if matter.goal == "missing_order":
        say_parcel(matter, say, more=True)
    say.telling(verdict_of(matter), more=True)
    return [SlotSet("told", told)]


def was_announced(tracker: Tracker, remedy: RemedyVerdict) -> bool:
    """Whether the customer was asked about `remedy` as it stands now: a yes is a yes to those terms."""
    return (tracker.get_slot("told") or "").partition("#")[2] == _announced(tracker, remedy)


def _announced(tracker: Tracker, remedy: RemedyVerdict) -> str:
    """The terms asked about: the remedy's, and for how many pieces."""
    pieces = tracker.get_slot("pieces")
    return _terms(remedy) if pieces is None else f"{_terms(remedy)}:{pieces}"


def _mark(matter: Matter) -> str:
    """What tells one verdict from another: the item, outcomes, days and who pays, not the instant it was reached."""
    return f"{matter.line.position}:{'|'.join(map(_terms, matter.judged.remedies))}"


def _terms(remedy: RemedyVerdict) -> str:
    pays = f"{remedy.pays.original_shipping},{remedy.pays.return_shipping}" if remedy.pays is not None else ""
    return f"{remedy.programme}.{remedy.remedy}:{remedy.outcome}:{remedy.last_day}:{pays}"


def _yes_no(slot: str) -> list[Choice]:
    return [(words()("choice_yes"), answer(slot, "yes")), (words()("choice_no"), answer(slot, "no"))]

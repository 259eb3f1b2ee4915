"""The goal "rma": where a return stands, how to send it, and the parcel the customer tells to have sent."""

from rasa_sdk import Tracker

from casework.acting import Acting
from casework.granted import told_rma
from casework.judged import SENT_IN
from casework.parcel_back import ParcelBack, awaiting_approval, note_sent, rma_in_question, standing
from casework.repairs import open_repair
from casework.repairs_told import tell_repair
from casework.rma_told import last_day_of, status_of, tell_approved, tell_rma
from casework.sweeping import lapsed_by
from casework.telling import VERSION, Telling
from order_store import Rma, Ticket
from policy_core import CaseError, ClaimReason

from . import reminding
from .announcing import Announced, was_said_yes_to
from .base import Choice, Say, goal_choices, words
from .handing_over import hand_over
from .matter import Matter
from .turn import Turn

_FAULTS = (ClaimReason.DEFECTIVE, ClaimReason.DAMAGED)
OVER = frozenset(
    {"refunded", "exchanged", "waived", "rejected", "cancelled", "expired", "expired_received", "repaired"}
)
"""States after which the item can only be sent in under another number."""


def announce(matter: Matter) -> Announced | None:
    """What a yes to the told parcel will note; None where it is about something else."""
    rma, parcel = concerned(matter), matter.dossier.parcel
    if rma is None or not parcel.sent or standing(matter.session, rma, parcel, matter.turn.now) != "open":
        return None
    carrier = parcel.carrier or words()("phrase_the_carrier")
    key = "announce_sent" if parcel.tracking is not None else "announce_sent_untracked"
    text = words()(key, item=matter.line.title, number=rma.number, carrier=carrier, tracking=parcel.tracking)
    return Announced(text, f"sent:{rma.number}:{carrier}:{parcel.tracking}")


def concerned(matter: Matter) -> Rma | None:
    """The RMA the matter is about, if there is one."""
    return rma_in_question(matter.session, matter.line.id, matter.dossier.rma_number)


def is_about_one(matter: Matter) -> bool:
    """Whether there is an RMA, or a yes that waits for one, to tell of."""
    return matter.goal == "rma" and (concerned(matter) is not None or _waiting(matter) is not None)


def settle(matter: Matter, turn: Turn, tracker: Tracker, say: Say) -> None:
    """Note the parcel the customer said yes to, or tell where the return stands."""
    rma, parcel = concerned(matter), matter.dossier.parcel
    if rma is None:
        _tell_waiting(matter, say)
    elif parcel.sent:
        _settle_parcel(matter, turn, tracker, say, rma, parcel)
    else:
        tell(matter, say, rma)


def tell(matter: Matter, say: Say, rma: Rma) -> None:
    """Where the return stands; one that is awaited is told with how to send it, one that is over with what is open."""
    status = status_of(rma, lapsed_by(matter.session, rma, matter.turn.now) is not None)
    if status == "approved":
        granted = told_rma(matter.session, matter.dossier, matter.line, rma, matter.turn.now)
        say.telling(tell_approved(matter.teller, granted), choices=reminding.offer(matter))
        return
    telling = tell_rma(matter.session, matter.teller, rma, status)
    repair = open_repair(matter.session, matter.line.id)
    if repair is not None:
        say.telling(telling, more=True)
        say.telling(tell_repair(matter.teller, repair), choices=say.person())
    elif status == "expired":
        _tell_expired(matter, say, rma, telling)
    else:
        say.telling(telling, choices=[*(_again(rma) if status in OVER else []), *say.person()])


def _settle_parcel(matter: Matter, turn: Turn, tracker: Tracker, say: Say, rma: Rma, parcel: ParcelBack) -> None:
    announced = announce(matter)
    if announced is not None and matter.dossier.confirmed is False:
        say("nothing_done")
        return
    if announced is not None and not was_said_yes_to(tracker, announced):
        say("no_longer_open", more=True)
        tell(matter, say, rma)
        return
    match note_sent(Acting(matter.session, turn.now, "customer"), rma, parcel):
        case "open":
            say("sent_noted", item=matter.line.title, more=True)
            tell(matter, say, rma)
        case "again":
            say("sent_noted_already", more=True)
            tell(matter, say, rma)
        case "another":
            known = rma.tracking or words()("phrase_none")
            say("sent_another", choices=say.person(), number=rma.number, tracking=known)
        case "late":
            say("sent_late", number=rma.number, more=True)
            hand_over(matter, turn, say, why="sent_before_expiry")
        case _:
            tell(matter, say, rma)


def _tell_expired(matter: Matter, say: Say, rma: Rma, telling: Telling) -> None:
    """The clause, and what the policies still leave open on the facts it was issued on."""
    hint = words()("rma_expired_in_time")
    say.telling(Telling(f"{telling.text}\n{hint}" if last_day_of(rma) else telling.text, telling.custom), more=True)
    try:
        judged = told_rma(matter.session, matter.dossier, matter.line, rma, matter.turn.now).judged
    except (CaseError, StopIteration):
        say("rma_expired_open_unknown", choices=say.person())
        return
    if judged.open:
        say.telling(matter.teller.verdict(judged), choices=[*_again(rma), *say.person()])
    else:
        say("rma_nothing_open", item=matter.line.title, choices=say.person())


def _again(rma: Rma) -> list[Choice]:
    """The button that begins a new return of the item."""
    goal = "report_defect" if rma.reason in _FAULTS else "return_item"
    return goal_choices([goal])


def _waiting(matter: Matter) -> Ticket | None:
    return awaiting_approval(matter.session, matter.line.id, SENT_IN)


def _tell_waiting(matter: Matter, say: Say) -> None:
    ticket = _waiting(matter)
    if ticket is not None:
        text = words()("rma_waits_for_approval", item=matter.line.title, number=ticket.number)
        say.telling(Telling(text, {"v": VERSION, "kind": "rma_status", "number": None, "status": "requested"}))

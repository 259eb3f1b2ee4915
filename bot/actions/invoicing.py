"""An invoice: a person at the shop sends it, after a yes, to the e-mail address of the order and to no other (AS-C)."""

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from casework.tickets import open_ticket

from .base import Say, answer, words
from .handing_over import tell_ticket
from .matter import Matter
from .turn import Turn


def ask(matter: Matter, tracker: Tracker, say: Say) -> list[EventType]:
    """What the order holds of its invoice, what a yes will do, and whether to do it."""
    order = matter.order
    if order.invoice and tracker.get_slot("told") != _mark(matter):
        say("invoice_number", order=order.number, number=order.invoice, more=True)
    announced = words()("announce_invoice", order=order.number)
    choices = [(words()("choice_yes"), answer("confirm", "yes")), (words()("choice_no"), answer("confirm", "no"))]
    say("ask_confirm", asks="confirm", choices=choices, announced=announced)
    return [SlotSet("told", _mark(matter))]


def settle(matter: Matter, turn: Turn, tracker: Tracker, say: Say) -> None:
    """Hand the wish to a person, where the customer said yes to it for this order."""
    if not matter.dossier.confirmed or tracker.get_slot("told") != _mark(matter):
        say("nothing_done")
        return
    order = matter.order
    ticket = open_ticket(
        matter.session,
        matter.dossier,
        why="invoice",
        now=turn.now,
        key=turn.key,
        order=order,
        contact=order.customer.email,
    )
    tell_ticket(matter, ticket, turn, say, goes_to=words()("invoice_goes_to", order=order.number))


def _mark(matter: Matter) -> str:
    return f"invoice#{matter.order.number}"

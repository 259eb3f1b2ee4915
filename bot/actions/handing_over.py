"""Handing a matter to a person: a stored ticket, its number, and when to expect an answer."""

from datetime import datetime

from casework.cases import shop_zone
from casework.deadlines import day_in_words, zone_in_words
from casework.opening_hours import next_opening
from casework.telling import VERSION, Telling
from casework.tickets import open_ticket
from order_store import Shop, Ticket, find_shop

from .base import Say, words
from .matter import Matter
from .turn import Turn


def hand_over(matter: Matter, turn: Turn, say: Say, why: str) -> None:
    """Store the ticket and tell its number; out of hours, when the shop opens again."""
    ticket = open_ticket(
        matter.session,
        matter.dossier,
        why=why,
        now=turn.now,
        key=turn.key,
        order=matter.own_order,
        line=matter.own_line,
        judged=matter.own_judged,
    )
    goes_to = words()("ticket_contact", contact=ticket.contact) if ticket.contact else None
    tell_ticket(matter, ticket, turn, say, goes_to)


def tell_ticket(matter: Matter, ticket: Ticket, turn: Turn, say: Say, goes_to: str | None) -> None:
    """The ticket's number, where the answer goes, and when somebody is at the shop."""
    shop = find_shop(matter.session, turn.asker.shop_key)
    opens = next_opening(shop, turn.now)
    payload = {
        "v": VERSION,
        "kind": "ticket",
        "number": ticket.number,
        "answered_from": opens.isoformat() if opens is not None else None,
    }
    sentences = [words()("ticket", number=ticket.number)]
    if goes_to:
        sentences.append(goes_to)
    sentences += when_open(shop, opens, turn.now)
    say.telling(Telling("\n".join(sentences), payload))


def when_open(shop: Shop, opens: datetime | None, now: datetime) -> list[str]:
    """That somebody is at the shop now, or when again; nothing where the shop names no hours (`opens` is None)."""
    if opens is None:
        return []
    if opens == now:
        return [words()("ticket_open_now")]
    zone = shop_zone(shop)
    local = opens.astimezone(zone)
    named = {"day": day_in_words(local.date(), words()), "time": local.strftime("%H:%M")}
    return [words()("ticket_opens", zone=zone_in_words(zone, words()), **named)]

"""A customer who knows what they want and keeps at it, whatever the system answers meanwhile."""

import itertools
from collections.abc import Callable, Iterator

from tests.chaos.chat import Chat, Unanswered
from tests.chaos.matters import Matter

MOST_TURNS = 80
ANSWERS = {"order.number": "{number}", "customer.email": "{email}"}
REASONS = {"claim.reason": "I changed my mind"}


def settle(chat: Chat, matter: Matter, before_yes: Callable[[], object] = lambda: None) -> None:
    """Talks until the matter is said to be done. `before_yes` is called once, just before the first yes.

    Raises Unanswered where that takes more turns than any person would bear.
    """
    asked = False
    openings = itertools.cycle(matter.kind.openings)
    chat.says(matter.said(next(openings)))
    while not chat.last.custom(matter.kind.ends):
        if len(chat.turns) >= MOST_TURNS:
            raise Unanswered(f"{chat.name}: {matter.number} ({matter.kind.name}) not settled in {MOST_TURNS} turns")
        if chat.last.custom("unavailable"):
            chat.wait_until_ready()
            chat.repeats()
            continue
        press = next((label for label in matter.kind.presses if label in chat.offered()), None)
        if press == "Yes" and not asked:
            asked = True
            before_yes()
        _go_on(chat, matter, press, openings)


def _go_on(chat: Chat, matter: Matter, press: str | None, openings: Iterator[str]) -> None:
    asks = next((question["asks"] for question in reversed(chat.last.custom("question"))), None)
    if press is not None and asks == "confirm":
        chat.presses(chat.offered()[press])
    elif asks in ANSWERS:
        chat.says(matter.said(ANSWERS[asks]))
    elif asks in REASONS and REASONS[asks] in chat.offered():
        chat.presses(chat.offered()[REASONS[asks]])
    elif matter.kind.then is not None and any(turn.custom("order") for turn in chat.turns):
        chat.says(matter.kind.then)
    else:
        chat.says(matter.said(next(openings)))

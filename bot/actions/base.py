"""What every action shares: the shop's store, the bot's words, and a net under it.

Rasa swallows an action's exception and goes on in silence. Here nothing escapes: it is logged, the customer
is told, and offered a person.
"""

import asyncio
import logging
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from casework.telling import VERSION, Telling
from casework.words import Words
from order_store import Database, database_url

from .moved import leave_proof_behind
from .turn import Turn

logger = logging.getLogger(__name__)

LONGEST_SECONDS = 12.0
"""Shorter than the gateway waits for a turn, so that this apology arrives; Rasa itself would wait 300 s."""

Choice = tuple[str, str]
"""A label, and the payload it sends."""

INSTEAD = ("return_item", "warranty", "missing_order", "refund_status")
"""The goals offered where what was said is nothing the bot can see to."""

T = TypeVar("T")


@cache
def words() -> Words:
    """The bot's words, read once."""
    return Words.load()


@cache
def database() -> Database:
    """The store this process works on."""
    return Database(database_url(os.environ))


def answer(slot: str, value: object) -> str:
    """The payload of a button that answers the question for `slot` with `value`; it answers no other."""
    return f'/choose{{"answer":"{slot}={value}"}}'


def goal_choices(goals: Iterable[str]) -> list[Choice]:
    """The buttons that begin a matter, one for each of the goals."""
    return [(words()(f"choice_{goal}"), f"/{goal}") for goal in goals]


class Say:
    """Says replies of one turn. `more`: another reply of the same turn is due after this one."""

    def __init__(self, dispatcher: CollectingDispatcher) -> None:
        self._dispatcher = dispatcher

    def __call__(
        self,
        name: str,
        choices: Sequence[Choice] = (),
        asks: str | None = None,
        more: bool = False,
        understood: bool = True,
        **values: object,
    ) -> None:
        """The sentence `name` of domain.yml; with `asks`, a question for that fact."""
        note = {"v": VERSION, "kind": "note"} | ({} if understood else {"understood": False})
        custom = note if asks is None else {"v": VERSION, "kind": "question", "asks": asks}
        self.telling(Telling(words()(name, **values), custom), choices, more)

    def telling(self, telling: Telling, choices: Sequence[Choice] = (), more: bool = False) -> None:
        """A reply told elsewhere. Rasa splits texts at blank lines, so none may stand in one."""
        self._dispatcher.utter_message(
            text="\n".join(line for line in telling.text.splitlines() if line.strip()),
            buttons=[{"title": label, "payload": payload} for label, payload in choices],
            json_message={**telling.custom, "more": True} if more else telling.custom,
        )

    def goes_on(self) -> None:
        """Another reply of the turn is due after the one just said, by an action that comes next."""
        newest = self._dispatcher.messages[-1]
        newest["custom"] = {**newest["custom"], "more": True}

    def again(self, told: Sequence[Mapping[str, Any]]) -> None:
        """Replies of before, as Rasa keeps them."""
        for event in told:
            data = event.get("data") or {}
            self._dispatcher.utter_message(
                text=event.get("text") or "",
                buttons=data.get("buttons") or [],
                json_message=data.get("custom") or {},
            )

    def person(self) -> list[Choice]:
        """The button that brings a person."""
        return [(words()("choice_person"), "/human_handoff")]


async def safely(
    name: str,
    dispatcher: CollectingDispatcher,
    work: Callable[[CollectingDispatcher], T],
    otherwise: T,
    more: bool = False,
) -> T:
    """Run blocking `work` off the event loop; whatever it raises, or when it takes too long, say so instead.

    What `work` said counts only once it is done, and with it what it wrote: nothing is told that was undone.
    `more`: another reply of the turn is due after that apology.
    """
    said = CollectingDispatcher()
    try:
        result = await asyncio.wait_for(asyncio.to_thread(work, said), LONGEST_SECONDS)
    except Exception:
        logger.exception("action %s failed", name)
        say = Say(dispatcher)
        say("unavailable", choices=say.person(), more=more)
        return otherwise
    dispatcher.messages.extend(said.messages)
    return result


class CaseAction(Action, ABC):
    """An action on the customer's matter: subclasses say what to do with the turn."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        left = leave_proof_behind(tracker)
        failed = self.after_failure(tracker)
        events = await safely(
            self.name(),
            dispatcher,
            lambda said: self.act(Turn.of(tracker), tracker, Say(said)),
            failed,
            more=bool(failed),
        )
        return [*left, *events]

    def after_failure(self, tracker: Tracker) -> list[EventType]:
        """What happens after the apology, where something has to: the events that bring it about."""
        return []

    @abstractmethod
    def act(self, turn: Turn, tracker: Tracker, say: Say) -> list[EventType]:
        """Do it, and return the events."""

"""Plays whole conversations against the running system: what the customers read, and what the store holds after."""

import itertools
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from typing import Any, Protocol

from order_store import import_orders
from tests.running import System

from . import desk_steps
from .holding import check_store, newest_wishes
from .over_http import HttpConversation

CUSTOMER = "customer"
"""Who speaks where a script names nobody."""

TURNS = ("says", "chooses", "presses_earlier", "shows_picture", "answers_until")
"""What somebody can do in a turn."""

_ADDRESSES = (f"2001:db8:{number:x}::1" for number in itertools.count(1))


class Conversation(Protocol):
    """One customer's session with a shop, whatever it is spoken through."""

    kept: dict[str, str]

    def says(self, text: str) -> None: ...
    def chooses(self, label: str) -> None: ...
    def shows_picture(self, text: str) -> None: ...

    @property
    def text(self) -> str:
        """What the newest turn gave to read."""

    def keep(self, name: str, source: str) -> None:
        """Keep the value at `source` ("rma.number") of the newest turn under `name`."""

    def check_payloads(self, turn: dict[str, Any]) -> None:
        """Check what a turn says to machines, where this way of talking shows it."""


class People:
    """Everybody who speaks in one script, each in a session of their own. What one of them keeps, all of them can say.

    Everyone comes from an address of their own, unlike anybody else's of any script, but for those the script puts
    at another's (`people: {second window: customer}`).
    """

    def __init__(self, begin: Callable[[str], Conversation], at_the_address_of: dict[str, str]) -> None:
        self._begin = begin
        self._at_the_address_of = at_the_address_of
        self._addresses: dict[str, str] = {}
        self._conversations: dict[str, Conversation] = {}
        self.kept: dict[str, str] = {}

    def __getitem__(self, name: str) -> Conversation:
        if name not in self._conversations:
            home = self._at_the_address_of.get(name, name)
            address = self._addresses.setdefault(home, next(_ADDRESSES))
            self._conversations[name] = self._begin(address)
            self._conversations[name].kept = self.kept
        return self._conversations[name]

    def come_back(self, name: str) -> None:
        """Their next words are the first of a new session."""
        self._conversations.pop(name, None)


def play(script: dict[str, Any], begin: Callable[[str], Conversation], system: System) -> None:
    """Play every turn of `script` and check what is read; then check the store.

    `begin` opens a conversation from a client address.
    """
    system.at(script["now"])
    people = People(begin, script.get("people", {}))
    report = import_orders(system.database, script["orders"], datetime.fromisoformat(script["now"]))
    assert not report.refused, report.refused
    now, before = script["now"], newest_wishes(system.database)
    for turn in script["turns"]:
        if "now" in turn:
            system.at(turn["now"])
            now = turn["now"]
        desk_steps.take(turn.get("desk", []), system.database, script["shop"], _first_order(script), now)
        speaker = turn.get("by", CUSTOMER)
        if turn.get("comes_back"):
            people.come_back(speaker)
        conversation = people[speaker]
        _take(turn, conversation, script.get("facts", {}))
        _check_turn(turn, conversation, script.get("never_reads", []))
    check_store(script, people.kept, system.database, before)


def _first_order(script: dict[str, Any]) -> str:
    return str(script["orders"][0]["number"]) if script["orders"] else ""


def on_orders_of_its_own(script: dict[str, Any], mark: str) -> dict[str, Any]:
    """The same script on other orders, so that it can be played again: every order number gets `mark` at its end."""
    fresh = deepcopy(script)
    for number in [order["number"] for order in script["orders"]]:
        fresh = _renamed(fresh, number, number + mark)
    return fresh


def _renamed(told: Any, number: str, new: str) -> Any:
    if isinstance(told, dict):
        return {key: _renamed(value, number, new) for key, value in told.items()}
    if isinstance(told, list):
        return [_renamed(value, number, new) for value in told]
    return told.replace(number, new) if isinstance(told, str) else told


def _take(turn: dict[str, Any], conversation: Conversation, facts: dict[str, str]) -> None:
    """Do what the turn says. Typing and choosing is possible everywhere, the rest over HTTP alone."""
    if "says" in turn:
        conversation.says(turn["says"] * turn.get("times", 1))
    elif "chooses" in turn:
        conversation.chooses(turn["chooses"])
    elif "shows_picture" in turn:
        conversation.shows_picture(turn["shows_picture"])
    else:
        assert isinstance(conversation, HttpConversation), f"{turn} can be played over HTTP only"
        if "presses_earlier" in turn:
            conversation.presses_earlier(turn["presses_earlier"])
        else:
            conversation.answers_until(turn["answers_until"], facts)


def _check_turn(turn: dict[str, Any], conversation: Conversation, never_reads: list[str]) -> None:
    said = next(str(turn[key])[:80] for key in TURNS if key in turn)
    read = conversation.text
    assert "{" not in read, f"after {said!r} a variable is not filled in:\n{read}"
    for expected in turn.get("reads", []):
        expected = expected.format(**conversation.kept)
        assert expected in read, f"after {said!r} the customer should read {expected!r}, but reads:\n{read}"
    for unwanted in (*turn.get("never_reads", []), *never_reads):
        assert unwanted not in read, f"after {said!r} the customer should not read {unwanted!r}, but reads:\n{read}"
    conversation.check_payloads(turn)
    for name, source in turn.get("keeps", {}).items():
        conversation.keep(name, source)

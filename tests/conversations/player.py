"""Plays whole conversations against the running system: what the customers read, and what the store holds after."""

import itertools
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any, Protocol

import httpx
from PIL import Image

from order_store import import_orders
from tests.running import System

from .holding import check_store

CUSTOMER = "customer"
"""Who speaks where a script names nobody."""

TURNS = ("says", "chooses", "presses_earlier", "shows_picture", "answers_until")
"""What somebody can do in a turn."""

NOT_ALL = "Not all of it"
"""The button under facts asked as one list, for who answers each by itself."""

_ADDRESSES = (f"2001:db8:{number:x}::1" for number in itertools.count(1))


class Conversation(Protocol):
    """One customer's session with a shop, whatever it is spoken through."""

    kept: dict[str, str]

    def says(self, text: str) -> None: ...
    def chooses(self, label: str) -> None: ...

    @property
    def text(self) -> str:
        """What the newest turn gave to read."""

    def keep(self, name: str, source: str) -> None:
        """Keep the value at `source` ("rma.number") of the newest turn under `name`."""

    def check_payloads(self, turn: dict[str, Any]) -> None:
        """Check what a turn says to machines, where this way of talking shows it."""


@dataclass
class HttpConversation:
    """Spoken over the public HTTP API; `address` is where it comes from, "" for this machine."""

    client: httpx.Client
    shop: str
    address: str = ""
    turns: list[list[dict[str, Any]]] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self._headers = {"X-Forwarded-For": self.address} if self.address else {}
        opened = self.client.post("/api/v1/sessions", json={"shop": self.shop}, headers=self._headers)
        assert opened.status_code == 201, opened.text
        self._headers["Authorization"] = f"Bearer {opened.json()['token']}"

    @property
    def replies(self) -> list[dict[str, Any]]:
        """The newest turn's."""
        return self.turns[-1] if self.turns else []

    def says(self, text: str) -> None:
        self._send({"text": text.format(**self.kept)})

    def chooses(self, label: str) -> None:
        offered = _choices(self.replies)
        assert label in offered, f"{label!r} is not among the choices {list(offered)}"
        self._send({"choice": offered[label]})

    def presses_earlier(self, label: str) -> None:
        """Press a button that still stands further up, under a turn before the newest."""
        offered = next((_choices(replies) for replies in self.turns[-2::-1] if label in _choices(replies)), {})
        assert label in offered, f"no earlier turn offered {label!r}"
        self._send({"choice": offered[label]})

    def answers_until(self, asks: str, facts: dict[str, str]) -> None:
        """Say of `facts` what is asked, in whatever order, until the question `asks` comes (or there is none).

        Facts asked as one list are told one by one.
        """
        for _ in range(len(facts) + 1):
            if self.asked is None or (self.asked == asks and not self.asks_several):
                break
            if self.asks_several:
                self.chooses(NOT_ALL)
                continue
            assert self.asked in facts, f"asked for {self.asked!r}, which the script's facts do not hold"
            self.says(facts[self.asked])
        assert self.asked == asks, f"{asks!r} was never asked; the last turn reads:\n{self.text}"

    def shows_picture(self, text: str) -> None:
        """Say `text` (which may be empty) with a picture."""
        picture = BytesIO()
        Image.new("RGB", (32, 24), "firebrick").save(picture, "JPEG")
        files = {"picture": ("fault.jpg", picture.getvalue(), "image/jpeg")}
        added = self.client.post("/api/v1/attachments", files=files, headers=self._headers)
        assert added.status_code == 201, added.text
        self._send({"text": text, "attachments": [added.json()["attachment_id"]]})

    def _send(self, said: dict[str, Any]) -> None:
        message = {"client_id": f"m{next(self._numbers)}", **said}
        answer = self.client.post("/api/v1/messages", json=message, headers=self._headers)
        assert answer.status_code == 200, answer.text
        self.turns.append(answer.json()["replies"])

    @property
    def text(self) -> str:
        return "\n".join(reply["text"] for reply in self.replies)

    @property
    def asked(self) -> str | None:
        """The fact the newest turn asks for, None where it asks for none."""
        return str(self._question["asks"]) if self._question else None

    @property
    def asks_several(self) -> bool:
        """Whether it asks for several facts as one list, the first of which is the one `asked`."""
        return len(self._question.get("all", ())) > 1

    @property
    def _question(self) -> dict[str, Any]:
        questions = [reply["custom"] for reply in self.replies if (reply["custom"] or {}).get("kind") == "question"]
        return questions[-1] if questions else {}

    def custom(self, kind: str) -> dict[str, Any]:
        found = [reply["custom"] for reply in self.replies if (reply["custom"] or {}).get("kind") == kind]
        assert found, f"no reply of kind {kind!r} among {[reply['custom'] for reply in self.replies]}"
        return found[-1]

    def keep(self, name: str, source: str) -> None:
        if source == "text":
            self.kept[name] = self.text
            return
        kind, key = source.split(".")
        self.kept[name] = str(self.custom(kind)[key])

    def check_payloads(self, turn: dict[str, Any]) -> None:
        kinds = [(reply["custom"] or {}).get("kind") for reply in self.replies]
        assert kinds, "nothing was answered"
        assert "unavailable" not in kinds, self.text
        if "asks" in turn:
            assert self.asked == turn["asks"], self.text
        for name, expected in turn.get("verdict", {}).items():
            programme, remedy = name.split(".")
            told = self.custom("verdict")["remedies"]
            verdict = next(each for each in told if (each["programme"], each["remedy"]) == (programme, remedy))
            assert {key: verdict[key] for key in expected} == expected, name
        for kind, keys in turn.get("custom", {}).items():
            payload = self.custom(kind)
            assert {key: payload[key] for key in keys} == keys, payload


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


def play(script: dict[str, Any], begin: Callable[[str], Conversation], system: System) -> None:
    """Play every turn of `script` and check what is read; then check the store.

    `begin` opens a conversation from a client address.
    """
    system.at(script["now"])
    people = People(begin, script.get("people", {}))
    report = import_orders(system.database, script["orders"], datetime.fromisoformat(script["now"]))
    assert not report.refused, report.refused
    for turn in script["turns"]:
        if "now" in turn:
            system.at(turn["now"])
        conversation = people[turn.get("by", CUSTOMER)]
        _take(turn, conversation, script.get("facts", {}))
        _check_turn(turn, conversation, script.get("never_reads", []))
    check_store(script, people.kept, system.database)


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
    else:
        assert isinstance(conversation, HttpConversation), f"{turn} can be played over HTTP only"
        if "presses_earlier" in turn:
            conversation.presses_earlier(turn["presses_earlier"])
        elif "shows_picture" in turn:
            conversation.shows_picture(turn["shows_picture"])
        else:
            conversation.answers_until(turn["answers_until"], facts)


def _choices(replies: list[dict[str, Any]]) -> dict[str, str]:
    """The ids of the choices under `replies`, by label."""
    return {choice["label"]: choice["id"] for reply in replies for choice in reply["choices"]}


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

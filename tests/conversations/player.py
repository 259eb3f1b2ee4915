"""Plays whole conversations against the running system: what the customer reads, and what the store holds after."""

import itertools
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import httpx
from sqlalchemy import select

import order_store
from order_store import Base, Database, import_orders
from tests.running import System

from . import desk_steps

TABLES: dict[str, type[Base]] = {
    "rmas": order_store.Rma,
    "disputes": order_store.Dispute,
    "cancellations": order_store.Cancellation,
    "backorder_choices": order_store.BackorderChoice,
    "refunds": order_store.Refund,
    "repairs": order_store.Repair,
}


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
    """Spoken over the public HTTP API."""

    client: httpx.Client
    shop: str
    replies: list[dict[str, Any]] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        opened = self.client.post("/api/v1/sessions", json={"shop": self.shop})
        assert opened.status_code == 201, opened.text
        self._headers = {"Authorization": f"Bearer {opened.json()['token']}"}

    def says(self, text: str) -> None:
        self._send({"text": text.format(**self.kept)})

    def chooses(self, label: str) -> None:
        offered = {choice["label"]: choice["id"] for reply in self.replies for choice in reply["choices"]}
        assert label in offered, f"{label!r} is not among the choices {list(offered)}"
        self._send({"choice": offered[label]})

    def _send(self, said: dict[str, str]) -> None:
        answer = self.client.post(
            "/api/v1/messages", json={"client_id": f"m{next(self._numbers)}", **said}, headers=self._headers
        )
        assert answer.status_code == 200, answer.text
        self.replies = answer.json()["replies"]

    @property
    def text(self) -> str:
        return "\n".join(reply["text"] for reply in self.replies)

    def custom(self, kind: str) -> dict[str, Any]:
        found = [reply["custom"] for reply in self.replies if (reply["custom"] or {}).get("kind") == kind]
        assert found, f"no reply of kind {kind!r} among {[reply['custom'] for reply in self.replies]}"
        return found[-1]

    def keep(self, name: str, source: str) -> None:
        kind, key = source.split(".")
        self.kept[name] = str(self.custom(kind)[key])

    def check_payloads(self, turn: dict[str, Any]) -> None:
        if "asks" in turn:
            assert self.custom("question")["asks"] == turn["asks"], self.text
        for name, expected in turn.get("verdict", {}).items():
            programme, remedy = name.split(".")
            told = self.custom("verdict")["remedies"]
            verdict = next(each for each in told if (each["programme"], each["remedy"]) == (programme, remedy))
            assert {key: verdict[key] for key in expected} == expected, name
        for kind, keys in turn.get("custom", {}).items():
            payload = self.custom(kind)
            assert {key: payload[key] for key in keys} == keys, payload


def play(script: dict[str, Any], begin: Callable[[], Conversation], system: System) -> None:
    """Play every turn of `script` and check what is read; then check the store."""
    system.at(script["now"])
    conversation = begin()
    report = import_orders(system.database, script["orders"], datetime.fromisoformat(script["now"]))
    assert not report.refused, report.refused
    now = script["now"]
    for turn in script["turns"]:
        if "now" in turn:
            system.at(turn["now"])
            now = turn["now"]
        desk_steps.take(turn.get("desk", []), system.database, script["shop"], _first_order(script), now)
        if turn.get("comes_back"):
            kept, conversation = conversation.kept, begin()
            conversation.kept = kept
        if "says" in turn:
            conversation.says(turn["says"])
        else:
            conversation.chooses(turn["chooses"])
        _check_turn(turn, conversation)
    _check_store(script, conversation, system.database)


def _first_order(script: dict[str, Any]) -> str:
    return str(script["orders"][0]["number"]) if script["orders"] else ""


def on_orders_of_its_own(script: dict[str, Any], mark: str) -> dict[str, Any]:
    """The same script on other orders, so that it can be played again: every order number gets `mark` at its end."""
    fresh = deepcopy(script)
    for order in fresh["orders"]:
        number = order["number"]
        order["number"] = number + mark
        for turn in fresh["turns"]:
            for key, value in turn.items():
                if isinstance(value, str):
                    turn[key] = value.replace(number, number + mark)
    return fresh


def _check_turn(turn: dict[str, Any], conversation: Conversation) -> None:
    said = turn.get("says", turn.get("chooses"))
    read = conversation.text
    for expected in turn.get("reads", []):
        expected = expected.format(**conversation.kept)
        assert expected in read, f"after {said!r} the customer should read {expected!r}, but reads:\n{read}"
    for unwanted in turn.get("never_reads", []):
        assert unwanted not in read, f"after {said!r} the customer should not read {unwanted!r}, but reads:\n{read}"
    conversation.check_payloads(turn)
    for name, source in turn.get("keeps", {}).items():
        conversation.keep(name, source)


def _check_store(script: dict[str, Any], conversation: Conversation, database: Database) -> None:
    """Everything written for the script's orders is listed in it, and nothing else was written."""
    numbers = [order["number"] for order in script["orders"]]
    expected = script.get("store", {})
    with database.read() as session:
        orders = [order_store.find_order(session, script["shop"], number) for number in numbers]
        line_ids = [line.id for order in orders if order is not None for line in order.lines]
        for name, table in TABLES.items():
            rows = session.scalars(select(table).where(table.line_id.in_(line_ids))).all()  # type: ignore[attr-defined]
            wanted = expected.get(name, [])
            assert len(rows) == len(wanted), f"{name}: {len(rows)} rows, expected {len(wanted)}"
            for row, columns in zip(rows, wanted, strict=True):
                for column, value in columns.items():
                    shown = getattr(row, column)
                    shown = shown.isoformat() if hasattr(shown, "isoformat") else str(shown)
                    assert shown == str(value).format(**conversation.kept), f"{name}.{column}"
        tickets = session.scalars(
            select(order_store.Ticket).where(order_store.Ticket.order_id.in_([o.id for o in orders if o is not None]))
        ).all()
        assert [ticket.why for ticket in tickets] == expected.get("tickets", [])
        subjects = {
            f"{subject}:{row.id}"
            for subject, table in zip(
                ("rma", "dispute", "cancellation", "backorder", "refund", "repair"), TABLES.values(), strict=True
            )
            for row in session.scalars(select(table).where(table.line_id.in_(line_ids)))  # type: ignore[attr-defined]
        }
        audited = session.scalars(
            select(order_store.AuditEntry).where(order_store.AuditEntry.subject.in_(subjects)).order_by("id")
        ).all()
        assert [entry.what for entry in audited] == expected.get("audit", [])

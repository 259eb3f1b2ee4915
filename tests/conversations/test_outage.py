"""A part that goes down: the customer is told, nothing is half-done, and afterwards it goes on."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import httpx
from sqlalchemy import select, text

from order_store import Dispute, find_order, import_orders
from tests.running import System, processes_of

from .over_http import HttpConversation
from .scripts import scripts_of


def test_without_the_action_server_the_customer_is_told_and_then_goes_on(system: System) -> None:
    with _customer_of(system, "HB-49001") as conversation:
        conversation.says("my order HB-49001 never arrived")
        assert conversation.custom("question")["asks"] == "customer.email"

        actions = next(each for each in processes_of(system) if "cli.actions_server" in each.command)
        os.kill(actions.pid, signal.SIGKILL)
        conversation.says("joan.reyes@example.org")
        assert conversation.custom("unavailable")["answer_follows"]
        assert "lamp" not in conversation.text

        conversation.hears("question")
        assert "protected until Friday 20 March 2026" in conversation.text
        conversation.chooses("Yes")
        assert conversation.custom("dispute")


def test_a_yes_that_could_not_be_written_is_asked_for_again_and_then_done_once(system: System) -> None:
    with _customer_of(system, "HB-49002") as conversation:
        conversation.says("my order HB-49002 never arrived, joan.reyes@example.org")
        assert conversation.custom("question")["asks"] == "confirm"

        with _without_audit(system):
            conversation.chooses("Yes")
        assert "DSP-" not in conversation.text
        assert conversation.custom("question")["asks"] == "confirm"
        assert _disputes(system, "HB-49002") == []

        conversation.chooses("Yes")
        assert _disputes(system, "HB-49002") == [conversation.custom("dispute")["number"]]


@contextmanager
def _customer_of(system: System, number: str) -> Iterator[HttpConversation]:
    """A new conversation about an order of its own that never arrived."""
    script = scripts_of("missing_order")[0]
    order = {**script["orders"][0], "number": number}
    system.at(script["now"])
    assert not import_orders(system.database, [order], datetime.fromisoformat(script["now"])).refused
    with httpx.Client(base_url=system.url, timeout=40) as client:
        yield HttpConversation(client, script["shop"])


@contextmanager
def _without_audit(system: System) -> Iterator[None]:
    """The audit trail cannot be written meanwhile; it is back afterwards, however the test went."""
    _rename_table(system, "audit", "audit_away")
    try:
        yield
    finally:
        _rename_table(system, "audit_away", "audit")


def _rename_table(system: System, old: str, new: str) -> None:
    with system.database.write() as session:
        session.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))


def _disputes(system: System, number: str) -> list[str]:
    with system.database.read() as session:
        order = find_order(session, "bazaar", number)
        assert order is not None
        return list(session.scalars(select(Dispute.number).where(Dispute.line_id == order.lines[0].id)))

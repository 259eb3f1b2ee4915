"""What the store holds after a conversation: all of what was written, and nothing besides."""

from typing import Any

from sqlalchemy import select

import order_store
from order_store import Base, Database

TABLES: dict[str, type[Base]] = {
    "rmas": order_store.Rma,
    "disputes": order_store.Dispute,
    "cancellations": order_store.Cancellation,
    "backorder_choices": order_store.BackorderChoice,
    "refunds": order_store.Refund,
    "reminders": order_store.Reminder,
    "repairs": order_store.Repair,
}
SUBJECTS = ("rma", "dispute", "cancellation", "backorder", "refund", "reminder", "repair")
"""What the audit trail calls a row of each table."""


def check_store(script: dict[str, Any], kept: dict[str, str], database: Database) -> None:
    """Everything written for the script's orders is listed in it, and nothing else was written.

    Of a column that holds an object, the parts that are listed count.
    """
    numbers = [(order["shop"], order["number"]) for order in script["orders"]]
    expected = script.get("store", {})
    with database.read() as session:
        orders = [order_store.find_order(session, shop, number) for shop, number in numbers]
        line_ids = [line.id for order in orders if order is not None for line in order.lines]
        subjects = set()
        for (name, table), subject in zip(TABLES.items(), SUBJECTS, strict=True):
            rows = session.scalars(select(table).where(table.line_id.in_(line_ids))).all()  # type: ignore[attr-defined]
            wanted = expected.get(name, [])
            assert len(rows) == len(wanted), f"{name}: {len(rows)} rows, expected {len(wanted)}"
            for row, columns in zip(rows, wanted, strict=True):
                for column, value in columns.items():
                    _check(f"{name}.{column}", getattr(row, column), value, kept)
            subjects |= {f"{subject}:{row.id}" for row in rows}  # type: ignore[attr-defined]
        tickets = session.scalars(
            select(order_store.Ticket).where(order_store.Ticket.order_id.in_([o.id for o in orders if o is not None]))
        ).all()
        assert [ticket.why for ticket in tickets] == expected.get("tickets", [])
        audited = session.scalars(
            select(order_store.AuditEntry).where(order_store.AuditEntry.subject.in_(subjects)).order_by("id")
        ).all()
        assert [entry.what for entry in audited] == expected.get("audit", [])


def _check(name: str, stored: Any, told: Any, kept: dict[str, str]) -> None:
    if isinstance(told, dict):
        assert {key: stored[key] for key in told} == told, name
    elif isinstance(told, list):
        assert stored == told, name
    else:
        shown = stored.isoformat() if hasattr(stored, "isoformat") else str(stored)
        assert shown == str(told).format(**kept), name

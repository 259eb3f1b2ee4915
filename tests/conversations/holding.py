"""What the store holds after a conversation: all of what was written, and nothing besides."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

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


WISHES = {"tickets": order_store.Ticket, "privacy_requests": order_store.PrivacyRequest}
"""What may be about no order at all: all of it counts that came while the script was played."""


def newest_wishes(database: Database) -> dict[str, int]:
    """The newest id of each of these tables, 0 where it is empty."""
    with database.read() as session:
        return {name: session.scalar(select(func.max(table.id))) or 0 for name, table in WISHES.items()}


def check_store(script: dict[str, Any], kept: dict[str, str], database: Database, before: dict[str, int]) -> None:
    """Everything written for the script's orders is listed in it, and nothing else was written.

    Of a column that holds an object, the parts that are listed count. `before`: the `newest_wishes` as it began.
    """
    numbers = [(order["shop"], order["number"]) for order in script["orders"]]
    expected = script.get("store", {})
    with database.read() as session:
        orders = [order_store.find_order(session, shop, number) for shop, number in numbers]
        line_ids = [line.id for order in orders if order is not None for line in order.lines]
        subjects = set()
        for (name, table), subject in zip(TABLES.items(), SUBJECTS, strict=True):
            rows = session.scalars(select(table).where(table.line_id.in_(line_ids))).all()  # type: ignore[attr-defined]
            _check_rows(name, rows, expected.get(name, []), kept)
            subjects |= {f"{subject}:{row.id}" for row in rows}  # type: ignore[attr-defined]
        came = {
            name: session.scalars(select(table).where(table.id > before[name]).order_by(table.id)).all()
            for name, table in WISHES.items()
        }
        assert [ticket.why for ticket in came["tickets"]] == expected.get("tickets", [])
        _check_rows("privacy_requests", came["privacy_requests"], expected.get("privacy_requests", []), kept)
        audited = session.scalars(
            select(order_store.AuditEntry).where(order_store.AuditEntry.subject.in_(subjects)).order_by("id")
        ).all()
        assert [entry.what for entry in audited] == expected.get("audit", [])


def _check_rows(name: str, rows: Sequence[Any], wanted: list[dict[str, Any]], kept: dict[str, str]) -> None:
    assert len(rows) == len(wanted), f"{name}: {len(rows)} rows, expected {len(wanted)}"
    for row, columns in zip(rows, wanted, strict=True):
        for column, value in columns.items():
            _check(f"{name}.{column}", getattr(row, column), value, kept)


def _check(name: str, stored: Any, told: Any, kept: dict[str, str]) -> None:
    if isinstance(told, dict):
        assert {key: stored[key] for key in told} == told, name
    elif isinstance(told, list):
        assert stored == told, name
    else:
        shown = stored.isoformat() if hasattr(stored, "isoformat") else str(stored)
        assert shown == str(told).format(**kept), name

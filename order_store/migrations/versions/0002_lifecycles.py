"""The states of what was granted, repairs, privacy requests.

What is stored already gets the states its columns tell of, and a row in the audit trail that says so. Downwards,
states are forgotten, with repairs, privacy requests, and the refunds that were owed for a return or a dispute.

The types are spelt out here, not taken from the application, so that this stays what it was.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

RMA_STATES = {
    "goods": ("awaited", "sent", "received_in_part", "received", "inspected", "sent_back", "kept", "lost"),
    "decision": ("requested", "approved", "accepted", "accepted_in_part", "rejected", "cancelled", "expired"),
    "settlement": ("none", "due", "refunded", "exchanged", "repaired", "void"),
}
DISPUTE_STATES = {
    "course": ("opened", "seller_answered", "decided"),
    "decision": ("undecided", "for_buyer", "for_seller", "withdrawn"),
    "settlement": ("none", "due", "refunded", "void"),
}
ADDED: dict[str, tuple[str, ...]] = {
    "shops": ("privacy_answer_days",),
    "rmas": (
        *("goods", "decision", "settlement", "received_quantity", "accepted_quantity", "quantity"),
        *("decided_because", "outbound_carrier", "outbound_tracking"),
    ),
    "disputes": ("course", "decision", "settlement", "decided_because"),
    "backorder_choices": ("course",),
    "tickets": ("course", "remedy"),
}
"""What is added to each table, in the order it is taken away again."""

CAUSES = ("cancelled", "out_of_stock")


def upgrade() -> None:
    _add_states()
    _change_refunds(up=True)
    _repairs()
    _privacy_requests()
    _carry_over()


def downgrade() -> None:
    op.drop_table("privacy_requests")
    op.drop_table("repairs")
    _change_refunds(up=False)
    for table, columns in ADDED.items():
        for column in columns:
            if op.get_bind().dialect.name == "postgresql":
                op.drop_column(table, column)
            else:
                # A column's own check goes with it; making the table anew would forget which ids were used.
                op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")


def _add_states() -> None:
    _add("shops", "privacy_answer_days INTEGER NOT NULL DEFAULT 30", "privacy_answer_days > 0")
    for column, states in RMA_STATES.items():
        _add_state("rmas", column, states)
    _add("rmas", "quantity INTEGER NOT NULL DEFAULT 1", "quantity > 0")
    for column in ("received_quantity", "accepted_quantity"):
        _add("rmas", f"{column} INTEGER NOT NULL DEFAULT 0", f"{column} >= 0 AND {column} <= quantity")
    _add("rmas", "decided_because VARCHAR(64)")
    _add("rmas", "outbound_carrier TEXT")
    _add("rmas", "outbound_tracking TEXT")
    for column, states in DISPUTE_STATES.items():
        _add_state("disputes", column, states)
    _add("disputes", "decided_because VARCHAR(64)")
    courses = ("asked", "waiting", "refund_due", "refunded", "shipped", "released")
    _add_state("backorder_choices", "course", courses)
    _add_state("tickets", "course", ("waiting", "approved", "declined", "answered"), length=16)
    _add("tickets", "remedy VARCHAR(32)")


def _add_state(table: str, column: str, states: tuple[str, ...], length: int = 24) -> None:
    listed = ", ".join(f"'{state}'" for state in states)
    _add(table, f"{column} VARCHAR({length}) NOT NULL DEFAULT '{states[0]}'", f"{column} IN ({listed})")


def _add(table: str, column: str, check: str | None = None) -> None:
    # Plain SQL on both: SQLite takes a column with its check, where Alembic would make the whole table anew.
    name = column.partition(" ")[0]
    condition = f" CONSTRAINT ck_{table}_{name} CHECK ({check})" if check else ""
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column}{condition}")


def _change_refunds(*, up: bool) -> None:
    if not up:
        op.execute("DELETE FROM refunds WHERE because NOT IN ('cancelled', 'out_of_stock')")
    causes = (*CAUSES, "returned", "dispute") if up else CAUSES
    if op.get_bind().dialect.name == "sqlite":
        _remake_refunds(up, causes)
        return
    op.drop_constraint(op.f("ck_refunds_because"), "refunds", type_="check")
    listed = ", ".join(f"'{cause}'" for cause in causes)
    op.create_check_constraint(op.f("ck_refunds_because"), "refunds", f"because IN ({listed})")
    if not up:
        for column in ("dispute_id", "rma_id", "state", "paid_at"):
            op.drop_column("refunds", column)
        return
    op.add_column("refunds", _optional("paid_at", _instant()))
    _add_state("refunds", "state", ("requested", "paid", "dropped"), length=16)
    for column, other in (("rma_id", "rmas"), ("dispute_id", "disputes")):
        op.add_column("refunds", _optional(column, _id()))
        op.create_foreign_key(op.f(f"fk_refunds_{column}_{other}"), "refunds", other, [column], ["id"])
        _index("refunds", column)


def _remake_refunds(up: bool, causes: tuple[str, ...]) -> None:
    """SQLite changes a check only by making the table anew; which ids were used is carried over."""
    (used,) = (
        op.get_bind().execute(sa.text("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'refunds'")).one()
    )
    op.drop_index("ix_refunds_line_id", "refunds")
    if not up:
        for column in ("rma_id", "dispute_id"):
            op.drop_index(f"ix_refunds_{column}", "refunds")
    op.rename_table("refunds", "refunds_before")
    added = (
        _optional("paid_at", _instant()),
        sa.Column("state", sa.String(16), nullable=False, server_default="requested"),
        _optional("rma_id", _id()),
        _optional("dispute_id", _id()),
        _one_of("refunds", "state", "requested", "paid", "dropped"),
        _refers("refunds", "rma_id", "rmas"),
        _refers("refunds", "dispute_id", "disputes"),
    )
    _create(
        "refunds",
        _needed("line_id", _id()),
        _needed("amount", _money()),
        _needed("currency", sa.String(3)),
        _needed("because", sa.String(16)),
        _needed("requested_at", _instant()),
        _needed("idempotency_key", sa.String(128)),
        _one_of("refunds", "because", *causes),
        _refers("refunds", "line_id", "lines"),
        _unique("refunds", "idempotency_key"),
        *(added if up else ()),
    )
    op.execute(
        "INSERT INTO refunds (id, line_id, amount, currency, because, requested_at, idempotency_key)"
        " SELECT id, line_id, amount, currency, because, requested_at, idempotency_key FROM refunds_before ORDER BY id"
    )
    op.drop_table("refunds_before")
    op.execute("DELETE FROM sqlite_sequence WHERE name = 'refunds'")
    used_up = sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES ('refunds', :used)")
    op.get_bind().execute(used_up, {"used": used})
    for column in ("line_id", "rma_id", "dispute_id") if up else ("line_id",):
        _index("refunds", column)


def _repairs() -> None:
    _create(
        "repairs",
        _needed("line_id", _id()),
        _optional("rma_id", _id()),
        _needed("number", sa.String(32)),
        _needed("course", sa.String(24)),
        _needed("fee", sa.String(16)),
        _optional("under_warranty", sa.Boolean()),
        _needed("received_at", _instant()),
        _optional("quoted_at", _instant()),
        _optional("quote_amount", _money()),
        _optional("quote_currency", sa.String(3)),
        _optional("quote_valid_until", sa.Date()),
        _optional("confirmed_at", _instant()),
        _optional("due_on", sa.Date()),
        _optional("repaired_at", _instant()),
        _optional("closed_at", _instant()),
        _optional("carrier", sa.Text()),
        _optional("tracking", sa.Text()),
        _needed("idempotency_key", sa.String(128)),
        _one_of(
            *("repairs", "course", "received", "quoted", "agreed"),
            *("declined", "repaired", "unrepairable", "sent_back"),
        ),
        _one_of("repairs", "fee", "none", "owed", "paid", "waived", "to_return", "returned"),
        sa.CheckConstraint(
            "(quote_amount IS NULL) = (quote_currency IS NULL)",
            name=op.f("ck_repairs_quote"),
        ),
        _refers("repairs", "line_id", "lines"),
        _refers("repairs", "rma_id", "rmas"),
        _unique("repairs", "number"),
        _unique("repairs", "idempotency_key"),
    )
    _index("repairs", "line_id")
    _index("repairs", "rma_id")
    still_open = sa.text("closed_at IS NULL")
    op.create_index(
        "uq_repairs_open_line",
        "repairs",
        ["line_id"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )


def _privacy_requests() -> None:
    _create(
        "privacy_requests",
        _needed("number", sa.String(32)),
        _needed("shop_key", sa.String(64)),
        _optional("customer_id", _id()),
        _optional("conversation_id", sa.String(64)),
        _needed("kind", sa.String(16)),
        _optional("contact", sa.String(254)),
        _needed("course", sa.String(16)),
        _needed("received_at", _instant()),
        _needed("due_on", sa.Date()),
        _optional("verified_at", _instant()),
        _optional("answered_at", _instant()),
        _optional("erased_at", _instant()),
        _optional("closed_at", _instant()),
        _needed("idempotency_key", sa.String(128)),
        _one_of("privacy_requests", "kind", "access", "correction", "erasure"),
        _one_of("privacy_requests", "course", "received", "verified", "answered", "refused"),
        _refers("privacy_requests", "shop_key", "shops", "key"),
        _refers("privacy_requests", "customer_id", "customers"),
        _unique("privacy_requests", "number"),
        _unique("privacy_requests", "idempotency_key"),
    )
    _index("privacy_requests", "shop_key")
    _index("privacy_requests", "customer_id")


def _carry_over() -> None:
    """Gives the rows there are the states their columns tell of."""
    bind = op.get_bind()
    for rma in bind.execute(
        sa.text(
            "SELECT r.id, r.line_id, r.remedy, r.handed_over_at, r.received_at, r.closed_at, l.quantity"
            " FROM rmas r JOIN lines l ON l.id = r.line_id ORDER BY r.id"
        )
    ).mappings():
        states = _rma_states(rma)
        came = rma["received_at"] is not None
        quantities = {
            "quantity": rma["quantity"],
            "received_quantity": rma["quantity"] if came else 0,
            "accepted_quantity": rma["quantity"] if states["decision"] == "accepted" else 0,
        }
        _set("rmas", "rma", rma["id"], states, quantities)
        if states.get("settlement") == "refunded":
            _owe(rma["line_id"], "returned", "paid", rma["closed_at"], "rma", rma["id"])
    for dispute in bind.execute(sa.text("SELECT id, line_id, claim_closed_at FROM disputes ORDER BY id")).mappings():
        if dispute["claim_closed_at"] is not None:
            # A closed claim was told with the day its refund is due (BP-7), so that is what it stays.
            owed = _owe(
                dispute["line_id"], "dispute", "requested", dispute["claim_closed_at"], "dispute", dispute["id"]
            )
            settlement = "due" if owed else "void"
            states = {"course": "decided", "decision": "for_buyer", "settlement": settlement, "case": "closed"}
            _set("disputes", "dispute", dispute["id"], states)
    for choice in bind.execute(sa.text("SELECT id, line_id, choice FROM backorder_choices ORDER BY id")).mappings():
        refund = sa.text("SELECT 1 FROM refunds WHERE line_id = :line")
        paid_for = bind.execute(refund, {"line": choice["line_id"]}).first() is not None
        waits = choice["choice"] == "wait" and not paid_for
        course = "waiting" if waits else "refund_due" if paid_for else "released"
        _set("backorder_choices", "backorder", choice["id"], {"course": course})
    for ticket in bind.execute(sa.text("SELECT id, closed_at FROM tickets ORDER BY id")).mappings():
        if ticket["closed_at"] is not None:
            _set("tickets", "ticket", ticket["id"], {"course": "answered", "case": "closed"})


def _rma_states(rma: sa.RowMapping) -> dict[str, str]:
    if rma["closed_at"] is None:
        came = "received" if rma["received_at"] is not None else None
        goods = came or ("sent" if rma["handed_over_at"] is not None else "awaited")
        return {"goods": goods, "decision": "approved"}
    if rma["received_at"] is not None:
        settled = {"return_refund": "refunded", "exchange": "exchanged", "warranty_repair": "repaired"}[rma["remedy"]]
        goods = "sent_back" if settled == "repaired" else "inspected"
        return {"goods": goods, "decision": "accepted", "settlement": settled, "case": "closed"}
    if rma["handed_over_at"] is not None:
        return {"goods": "lost", "decision": "rejected", "settlement": "void", "case": "closed"}
    return {"decision": "cancelled", "settlement": "void", "case": "closed"}


def _owe(line_id: int, because: str, state: str, at: Any, owner: str, owner_id: int) -> bool:
    """Writes the refund of a whole line down, unless nothing was paid for it or one is there; whether it did."""
    bind = op.get_bind()
    line = bind.execute(
        sa.text(
            "SELECT l.unit_price, l.quantity, l.currency FROM lines l JOIN orders o ON o.id = l.order_id"
            " WHERE l.id = :line AND o.paid_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM refunds WHERE line_id = l.id)"
        ),
        {"line": line_id},
    ).first()
    if line is None:
        return False
    amount = Decimal(line.unit_price) * line.quantity
    bind.execute(
        sa.text(
            "INSERT INTO refunds"
            " (line_id, amount, currency, because, requested_at, paid_at, state, rma_id, dispute_id, idempotency_key)"
            " VALUES (:line, :amount, :currency, :because, :at, :paid_at, :state, :rma, :dispute, :key)"
        ),
        {
            "line": line_id,
            "amount": f"{amount:f}" if bind.dialect.name == "sqlite" else amount,
            "currency": line.currency,
            "because": because,
            "at": at,
            "paid_at": at if state == "paid" else None,
            "state": state,
            "rma": owner_id if owner == "rma" else None,
            "dispute": owner_id if owner == "dispute" else None,
            "key": f"refund:{owner}:{owner_id}",
        },
    )
    return True


def _set(
    table: str, subject: str, row_id: int, states: Mapping[str, str], others: Mapping[str, int] | None = None
) -> None:
    values = {name: state for name, state in states.items() if name != "case"} | dict(others or {})
    columns = ", ".join(f"{name} = :{name}" for name in values)
    bind = op.get_bind()
    bind.execute(sa.text(f"UPDATE {table} SET {columns} WHERE id = :id"), {"id": row_id, **values})  # noqa: S608
    audit = sa.table(
        "audit",
        sa.column("at", _instant()),
        *(sa.column(name, sa.Text()) for name in ("who", "what", "subject", "why")),
        sa.column("details", sa.JSON()),
    )
    bind.execute(
        audit.insert().values(
            at=datetime.now(UTC),
            who="migration",
            what=f"{subject}.carried_over",
            subject=f"{subject}:{row_id}",
            why="0002",
            details={"to": dict(states)},
        )
    )


def _create(table: str, *parts: Any) -> None:
    op.create_table(
        table,
        sa.Column("id", _id(), nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sqlite_autoincrement=True,
    )


def _needed(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _optional(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def _id() -> sa.types.TypeEngine[Any]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _money() -> sa.types.TypeEngine[Any]:
    return sa.Numeric().with_variant(sa.Text(), "sqlite")


def _instant() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _one_of(table: str, column: str, *codes: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{code}'" for code in codes)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}"))


def _refers(table: str, column: str, other: str, key: str = "id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.{key}"], name=op.f(f"fk_{table}_{column}_{other}"))


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _index(table: str, *columns: str) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))

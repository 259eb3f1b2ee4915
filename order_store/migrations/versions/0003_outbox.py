"""The outbox, and the reminders customers asked for.

The types are spelt out here, not taken from the application, so that this stays what it was.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create(
        "outbox",
        _needed("shop_key", sa.String(64)),
        _needed("kind", sa.String(32)),
        _optional("customer_id", _id()),
        _optional("address", sa.String(254)),
        _needed("variables", sa.JSON()),
        _needed("attachments", sa.JSON()),
        _needed("message_id", sa.String(320)),
        _needed("idempotency_key", sa.String(128)),
        _needed("queued_at", _instant()),
        _needed("state", sa.String(16)),
        _needed("tries", sa.Integer()),
        _needed("due_at", _instant()),
        _optional("claimed_by", sa.String(64)),
        _optional("last_error", sa.Text()),
        _optional("sent_at", _instant()),
        _one_of(
            *("outbox", "kind", "rma_issued", "item_out_of_stock", "dispute_decided", "refund_due", "repair_quoted"),
            *("rma_reminder", "protection_reminder", "ship_by_reminder"),
        ),
        _one_of("outbox", "state", "waiting", "sent", "dead", "withdrawn"),
        sa.CheckConstraint("(customer_id IS NULL) <> (address IS NULL)", name=op.f("ck_outbox_recipient")),
        sa.ForeignKeyConstraint(["shop_key"], ["shops.key"], name=op.f("fk_outbox_shop_key_shops")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_outbox_customer_id_customers")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_message_id")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_outbox_idempotency_key")),
    )
    for column in ("shop_key", "customer_id", "state"):
        op.create_index(op.f(f"ix_outbox_{column}"), "outbox", [column])
    _index_where("ix_outbox_due", "outbox", ["due_at", "id"], "state = 'waiting'")
    _create(
        "reminders",
        _needed("line_id", _id()),
        _needed("kind", sa.String(16)),
        _needed("asked_at", _instant()),
        _needed("look_at", _instant()),
        _optional("ended_at", _instant()),
        _optional("ended_because", sa.String(32)),
        _one_of("reminders", "kind", "rma", "protection", "ship_by"),
        sa.ForeignKeyConstraint(["line_id"], ["lines.id"], name=op.f("fk_reminders_line_id_lines")),
        sa.UniqueConstraint("line_id", "kind", name=op.f("uq_reminders_line_id_kind")),
    )
    _index_where("ix_reminders_look_at", "reminders", ["look_at"], "ended_at IS NULL")


def downgrade() -> None:
    op.drop_table("reminders")
    op.drop_table("outbox")


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


def _instant() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _one_of(table: str, column: str, *codes: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{code}'" for code in codes)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}"))


def _index_where(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)

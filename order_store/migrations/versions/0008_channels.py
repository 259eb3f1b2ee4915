"""Messengers, text messages and e-mail: who writes to us there, what arrived, what goes out, and links to move by.

The types are spelt out here, not taken from the application, so that this stays what it was.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

CHANNELS = "channel IN ('telegram', 'slack', 'messenger', 'whatsapp', 'sms', 'email')"
WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    _table(
        "correspondents",
        _needed("channel", sa.String(16)),
        _needed("shop_key", sa.String(64)),
        _needed("address", sa.String(320)),
        _needed("thread", sa.String(128)),
        _needed("conversation_id", sa.String(64)),
        sa.Column("left_at", _instant(), nullable=True),
        _needed("reply_with", sa.JSON()),
        _needed("told_seq", sa.Integer()),
        _needed("heard_at", _instant()),
        sa.CheckConstraint(CHANNELS, name=op.f("ck_correspondents_channel")),
        _refers("correspondents", "shop_key", "shops", "key"),
        _refers("correspondents", "conversation_id", "conversations"),
        sa.UniqueConstraint(
            *("shop_key", "channel", "address", "thread"),
            name=op.f("uq_correspondents_shop_key_channel_address_thread"),
        ),
    )
    op.create_index(op.f("ix_correspondents_conversation_id"), "correspondents", ["conversation_id"])
    _table(
        "deliveries",
        _needed("channel", sa.String(16)),
        _needed("shop_key", sa.String(64)),
        _needed("provider_id", sa.String(320)),
        _needed("sender", sa.String(450)),
        _needed("said", sa.JSON()),
        _needed("received_at", _instant()),
        _needed("state", sa.String(16)),
        _needed("tries", sa.Integer()),
        _needed("due_at", _instant()),
        sa.CheckConstraint(CHANNELS, name=op.f("ck_deliveries_channel")),
        sa.CheckConstraint("state IN ('waiting', 'done', 'dead')", name=op.f("ck_deliveries_state")),
        _refers("deliveries", "shop_key", "shops", "key"),
        sa.UniqueConstraint(
            *("shop_key", "channel", "provider_id"), name=op.f("uq_deliveries_shop_key_channel_provider_id")
        ),
    )
    _index_due("deliveries")
    _table(
        "dispatches",
        _needed("correspondent_id", _id()),
        _needed("idempotency_key", sa.String(128)),
        _needed("holds", sa.JSON()),
        sa.Column("letter_id", _id(), nullable=True),
        _needed("queued_at", _instant()),
        _needed("state", sa.String(16)),
        _needed("tries", sa.Integer()),
        _needed("parts_sent", sa.Integer()),
        _needed("due_at", _instant()),
        sa.Column("claimed_by", sa.String(64), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("sent_at", _instant(), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'dead')", name=op.f("ck_dispatches_state")),
        _refers("dispatches", "correspondent_id", "correspondents"),
        _refers("dispatches", "letter_id", "outbox"),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_dispatches_idempotency_key")),
    )
    for column in ("correspondent_id", "letter_id"):
        op.create_index(op.f(f"ix_dispatches_{column}"), "dispatches", [column])
    _index_due("dispatches")
    _table(
        "handovers",
        _needed("conversation_id", sa.String(64)),
        _needed("expires_at", _instant()),
        sa.Column("used_at", _instant(), nullable=True),
        _refers("handovers", "conversation_id", "conversations"),
    )
    op.create_index(op.f("ix_handovers_conversation_id"), "handovers", ["conversation_id"])


def downgrade() -> None:
    for table in ("handovers", "dispatches", "deliveries", "correspondents"):
        op.drop_table(table)


def _table(name: str, *columns: Any) -> None:
    op.create_table(
        name,
        sa.Column("id", _id(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sqlite_autoincrement=True,
    )


def _index_due(table: str) -> None:
    op.create_index(op.f(f"ix_{table}_due"), table, ["due_at", "id"], sqlite_where=WAITING, postgresql_where=WAITING)


def _refers(table: str, column: str, to: str, key: str = "id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.{key}"], name=op.f(f"fk_{table}_{column}_{to}"))


def _needed(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _instant() -> sa.types.TypeEngine[Any]:
    return sa.DateTime(timezone=True)


def _id() -> sa.types.TypeEngine[Any]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")

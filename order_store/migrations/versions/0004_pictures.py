"""Pictures customers sent as evidence. Downwards, they are forgotten; their files stay where they are.

The types are spelt out here, not taken from the application, so that this stays what it was.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

REFERS_TO = {
    "conversation_id": "conversations",
    "turn_id": "turns",
    "rma_id": "rmas",
    "dispute_id": "disputes",
    "ticket_id": "tickets",
}


def upgrade() -> None:
    op.create_table(
        "pictures",
        sa.Column("id", _id(), nullable=False),
        _needed("attachment_id", sa.String(64)),
        _needed("conversation_id", sa.String(64)),
        _needed("file", sa.String(64)),
        _needed("sha256", sa.String(64)),
        _needed("size", sa.Integer()),
        _needed("width", sa.Integer()),
        _needed("height", sa.Integer()),
        _needed("added_at", sa.DateTime(timezone=True)),
        *(sa.Column(column, _id(), nullable=True) for column in REFERS_TO if column != "conversation_id"),
        sa.CheckConstraint("size > 0", name=op.f("ck_pictures_size")),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("ck_pictures_pixels")),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_pictures_{column}_{table}"))
            for column, table in REFERS_TO.items()
        ),
        sa.UniqueConstraint("attachment_id", name=op.f("uq_pictures_attachment_id")),
        sa.UniqueConstraint("file", name=op.f("uq_pictures_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pictures")),
        sqlite_autoincrement=True,
    )
    for column in REFERS_TO:
        op.create_index(op.f(f"ix_pictures_{column}"), "pictures", [column])


def downgrade() -> None:
    op.drop_table("pictures")


def _needed(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _id() -> sa.types.TypeEngine[Any]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")

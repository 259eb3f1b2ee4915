"""Customers' messages are numbered with the others; answers still owed; sessions taken up again; parts that are alive.

A message stored before has no number and is not told again. The types are spelt out here, not taken from the
application, so that this stays what it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversations", sa.Column("session_from", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("turns", sa.Column("seq", sa.Integer(), nullable=True))
    op.add_column("turns", sa.Column("owed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_turns_owed", "turns", ["id"], sqlite_where=sa.text("owed"), postgresql_where=sa.text("owed"))
    op.create_table(
        "pulses",
        sa.Column("part", sa.String(16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("part", name=op.f("pk_pulses")),
    )


def downgrade() -> None:
    op.drop_table("pulses")
    op.drop_index("ix_turns_owed", "turns")
    op.drop_column("turns", "owed")
    op.drop_column("turns", "seq")
    op.drop_column("conversations", "session_from")

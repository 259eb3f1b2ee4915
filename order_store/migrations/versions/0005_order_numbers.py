"""How each shop's order numbers look. Downwards, that is forgotten."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Plain SQL on both: SQLite takes a column, where Alembic would make the whole table anew.
    op.execute("ALTER TABLE shops ADD COLUMN order_numbers JSON NOT NULL DEFAULT '[]'")


def downgrade() -> None:
    op.execute("ALTER TABLE shops DROP COLUMN order_numbers")

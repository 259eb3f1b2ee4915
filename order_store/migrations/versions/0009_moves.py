"""A conversation knows how often it went on elsewhere, so that nobody let in before follows it there.

It knows, too, up to where what was said is not for those who are there now.

The types are spelt out here, not taken from the application, so that this stays what it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("moves", "hidden_seq"):
        op.add_column("conversations", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    for name in ("hidden_seq", "moves"):
        op.drop_column("conversations", name)

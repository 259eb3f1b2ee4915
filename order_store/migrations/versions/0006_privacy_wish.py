"""What a customer wants corrected, in their own words, kept with the privacy request.

The types are spelt out here, not taken from the application, so that this stays what it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("privacy_requests", sa.Column("wish", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("privacy_requests", "wish")

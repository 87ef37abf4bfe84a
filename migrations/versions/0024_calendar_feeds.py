"""The secret addresses of nurses' calendar feeds."""

# Expand, then contract: a running programme of the version before must survive this one.
# Import no application code: a migration remembers what was true when it was written.
# A lock on a busy table stops everybody behind it: one such step in a migration, and no data moved.

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_feed",
        sa.Column("nurse_id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["nurse_id"], ["account.id"], name="fk_calendar_feed_nurse_id_account"
        ),
        sa.PrimaryKeyConstraint("nurse_id", name="pk_calendar_feed"),
        sa.UniqueConstraint("token_digest", name="uq_calendar_feed_token_digest"),
    )


def downgrade() -> None:
    op.drop_table("calendar_feed")

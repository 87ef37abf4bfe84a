"""A visit may be two nurses'."""

# Expand, then contract: a running programme of the version before must survive this one.
# Import no application code: a migration remembers what was true when it was written.
# A lock on a busy table stops everybody behind it: one such step in a migration, and no data moved.

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("visit", sa.Column("second_nurse_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("visit", "second_nurse_id")

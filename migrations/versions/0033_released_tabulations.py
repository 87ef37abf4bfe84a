"""Which tabulations were counted on a day of release: of those an empty year has no families."""

# Expand, then contract: a running programme of the version before must survive this one.
# Import no application code: a migration remembers what was true when it was written.
# A lock on a busy table stops everybody behind it: one such step in a migration, and no data moved.

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    names = postgresql.JSONB(astext_type=sa.Text())
    op.add_column("release_day", sa.Column("tabulations", names, nullable=True))


def downgrade() -> None:
    op.drop_column("release_day", "tabulations")

"""A token that carries a sign-in on names the one that the password gave."""

# Expand, then contract: a running programme of the version before must survive this one.
# Import no application code: a migration remembers what was true when it was written.
# A lock on a busy table stops everybody behind it: one such step in a migration, and no data moved.

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("access_token", sa.Column("sign_in_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("access_token", "sign_in_id")

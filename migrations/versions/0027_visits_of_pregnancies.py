"""Whether a newborn was visited is found without looking at every visit."""

# Expand, then contract: a running programme of the version before must survive this one.
# Import no application code: a migration remembers what was true when it was written.
# A lock on a busy table stops everybody behind it: one such step in a migration, and no data moved.

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

INDEX = "ix_visit_pregnancy_done"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        # It waits for whatever is under way, and nobody waits for it.
        op.execute("SET lock_timeout = '60s'")
        # A build that was cut off leaves an index that nobody uses.
        op.drop_index(INDEX, "visit", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            INDEX,
            "visit",
            ["pregnancy_id"],
            postgresql_where=sa.text("state = 'done'"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )
        op.execute("SET lock_timeout = '4s'")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(INDEX, "visit", postgresql_concurrently=True)

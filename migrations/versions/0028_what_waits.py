"""What waits in a bydel is counted without looking at every offer and every pregnancy."""

# Expand, then contract: a running programme of the version before must survive this one.
# Import no application code: a migration remembers what was true when it was written.
# A lock on a busy table stops everybody behind it: one such step in a migration, and no data moved.

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_offer_waiting", "offer", "offered_on", "answer = 'ubesvart'"),
    ("ix_pregnancy_born", "pregnancy", "ended_on", "outcome = 'fodt'"),
)


def upgrade() -> None:
    with op.get_context().autocommit_block():
        # It waits for whatever is under way, and nobody waits for it.
        op.execute("SET lock_timeout = '60s'")
        for name, table, column, which in INDEXES:
            # A build that was cut off leaves an index that nobody uses.
            op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
            op.create_index(
                name,
                table,
                [column],
                postgresql_where=sa.text(which),
                postgresql_concurrently=True,
                if_not_exists=True,
            )
        op.execute("SET lock_timeout = '4s'")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        for name, table, _, _ in INDEXES:
            op.drop_index(name, table, postgresql_concurrently=True)

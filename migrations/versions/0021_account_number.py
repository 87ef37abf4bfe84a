"""An account has a number, which a constraint can lay beside a range of time."""

# Expand, then contract: a running programme of the version before must survive this one.
# Import no application code: a migration remembers what was true when it was written.
# A lock on a busy table stops everybody behind it: one such step in a migration, and no data moved.

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The table is rewritten: it has as many rows as people work here.
    op.execute(
        "-- squawk-ignore adding-field-with-default\n"
        "ALTER TABLE account ADD COLUMN number BIGINT GENERATED ALWAYS AS IDENTITY"
    )


def downgrade() -> None:
    op.drop_column("account", "number")

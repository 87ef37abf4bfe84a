"""A mutation knows its phone, what it touched, and its place in the chain."""

# Expand, then contract: a running programme of the version before must survive this one.
# Import no application code: a migration remembers what was true when it was written.
# A lock on a busy table stops everybody behind it: one such step in a migration, and no data moved.

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mutation", sa.Column("device_id", sa.Uuid(), nullable=True))
    op.add_column(
        "mutation",
        sa.Column("status", sa.String(), server_default=sa.text("'applied'"), nullable=False),
    )
    op.add_column(
        "mutation",
        sa.Column("touched", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    )
    op.add_column("mutation", sa.Column("link", sa.LargeBinary(), nullable=True))
    op.add_column("mutation", sa.Column("chain", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("mutation", "chain")
    op.drop_column("mutation", "link")
    op.drop_column("mutation", "touched")
    op.drop_column("mutation", "status")
    op.drop_column("mutation", "device_id")

"""The access log."""

# Expand, then contract: a running programme of the version before must survive this one.
# Import no application code: a migration remembers what was true when it was written.
# A lock on a busy table stops everybody behind it: one such step in a migration, and no data moved.

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("object", sa.String(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("doorway", sa.String(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_access_log"),
    )
    op.create_index("ix_access_log_actor_id_id", "access_log", ["actor_id", "id"])
    op.create_index("ix_access_log_family_id_id", "access_log", ["family_id", "id"])


def downgrade() -> None:
    op.drop_table("access_log")

"""Årsverk that were there, as planners have told: under a plan, with who says so."""

# Expand, then contract: a running programme of the version before must survive this one.
# Import no application code: a migration remembers what was true when it was written.
# A lock on a busy table stops everybody behind it: one such step in a migration, and no data moved.

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rollout_arsverk",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("bydel", sa.String(length=2), nullable=True),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("arsverk", sa.Float(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("arsverk between 0 and 1000", name=op.f("ck_rollout_arsverk_arsverk")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["rollout_plan.id"], name="fk_rollout_arsverk_plan_id_rollout_plan"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_rollout_arsverk"),
    )
    op.create_index("ix_rollout_arsverk_plan_id_told_at", "rollout_arsverk", ["plan_id", "told_at"])


def downgrade() -> None:
    op.drop_table("rollout_arsverk")

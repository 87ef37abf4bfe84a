"""Plans of the rollout: a version stands as it was written; it is decided and put away once."""

# Expand, then contract: a running programme of the version before must survive this one.
# Import no application code: a migration remembers what was true when it was written.
# A lock on a busy table stops everybody behind it: one such step in a migration, and no data moved.

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

STANDS = """
CREATE FUNCTION rollout_version_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
        AND (OLD.plan_id, OLD.number, OLD.id, OLD.name, OLD.document, OLD.figures, OLD.model,
             OLD.written_at, OLD.written_by)
        = (NEW.plan_id, NEW.number, NEW.id, NEW.name, NEW.document, NEW.figures, NEW.model,
           NEW.written_at, NEW.written_by)
        AND (OLD.decided_at IS NULL OR (OLD.decided_at, OLD.decided_by)
             IS NOT DISTINCT FROM (NEW.decided_at, NEW.decided_by))
        AND (OLD.archived_at IS NULL OR (OLD.archived_at, OLD.archived_by)
             IS NOT DISTINCT FROM (NEW.archived_at, NEW.archived_by))
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a version of a plan stands' USING ERRCODE = 'restrict_violation';
END $$
"""
GUARD = """
CREATE TRIGGER rollout_version_stands BEFORE UPDATE OR DELETE ON rollout_version
FOR EACH ROW EXECUTE FUNCTION rollout_version_stands()
"""


def upgrade() -> None:
    op.create_table(
        "rollout_plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rollout_plan"),
    )
    op.create_table(
        "rollout_version",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("archived_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_rollout_version_number")),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL)", name=op.f("ck_rollout_version_decided")
        ),
        sa.CheckConstraint(
            "(archived_at IS NULL) = (archived_by IS NULL)",
            name=op.f("ck_rollout_version_archived"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["rollout_plan.id"], name="fk_rollout_version_plan_id_rollout_plan"
        ),
        sa.PrimaryKeyConstraint("plan_id", "number", name="pk_rollout_version"),
        sa.UniqueConstraint("id", name="uq_rollout_version_id"),
    )
    op.execute(STANDS)
    op.execute(GUARD)


def downgrade() -> None:
    op.drop_table("rollout_version")
    op.execute("DROP FUNCTION rollout_version_stands()")
    op.drop_table("rollout_plan")

"""The timetable of jobs, and their runs."""

# Expand, then contract: a running programme of the version before must survive this one.
# Import no application code: a migration remembers what was true when it was written.
# A lock on a busy table stops everybody behind it: one such step in a migration, and no data moved.

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("patience_seconds", sa.Integer(), nullable=False),
        sa.CheckConstraint("patience_seconds > 0", name="ck_job_patience_seconds"),
        sa.PrimaryKeyConstraint("name", name="pk_job"),
    )
    op.create_table(
        "job_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.CheckConstraint(
            "outcome in ('done', 'failed', 'timed-out', 'stopped', 'lost')",
            name="ck_job_run_outcome",
        ),
        sa.CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="ck_job_run_ended_at"),
        sa.PrimaryKeyConstraint("id", name="pk_job_run"),
    )
    op.create_index(
        "uq_job_run_open",
        "job_run",
        ["job"],
        unique=True,
        postgresql_where=sa.text("outcome IS NULL"),
    )
    op.create_index(
        "uq_job_run_done",
        "job_run",
        ["job", "due_at"],
        unique=True,
        postgresql_where=sa.text("outcome = 'done'"),
    )
    op.create_index("ix_job_run_job_began_at", "job_run", ["job", "began_at"])
    op.create_index("ix_job_run_began_at", "job_run", ["began_at"])


def downgrade() -> None:
    op.drop_table("job_run")
    op.drop_table("job")

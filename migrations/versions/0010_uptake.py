"""Facts without identity, and what they add up to."""

# Expand, then contract: a running programme of the version before must survive this one.
# Import no application code: a migration remembers what was true when it was written.
# A lock on a busy table stops everybody behind it: one such step in a migration, and no data moved.

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participation", sa.Uuid(), nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("bydel", sa.String(length=2), nullable=True),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("told", sa.Date(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("mixed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("extract(day from month) = 1", name="ck_fact_month_is_a_month"),
        sa.CheckConstraint("extract(day from told) = 1", name="ck_fact_told_is_a_month"),
        sa.CheckConstraint("octet_length(payload::text) <= 400", name="ck_fact_payload_is_short"),
        sa.CheckConstraint(
            "payload::text ~ '^[][a-z0-9_{}\":, ]*$'", name="ck_fact_payload_is_codes"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_fact"),
        sa.UniqueConstraint("participation", "step", name="uq_fact_participation_step"),
    )
    op.create_table(
        "participation",
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("steps", sa.SmallInteger(), nullable=False),
        sa.Column("cohort", sa.Date(), nullable=True),
        sa.Column("bydel", sa.String(length=2), nullable=True),
        sa.Column("basis", sa.String(length=40), nullable=True),
        sa.Column("covered", sa.Boolean(), nullable=False),
        sa.Column("offered", sa.Date(), nullable=True),
        sa.Column("answer", sa.String(length=12), nullable=True),
        sa.Column("answered", sa.Date(), nullable=True),
        sa.Column("ended", sa.String(length=20), nullable=True),
        sa.Column("ended_month", sa.Date(), nullable=True),
        sa.Column("first_visit", sa.Date(), nullable=True),
        sa.Column("visits", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_participation"),
        postgresql_with={"fillfactor": 80},
    )
    op.create_index("ix_participation_cohort", "participation", ["cohort"])
    op.create_table(
        "visit_count",
        sa.Column("participation", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("bydel", sa.String(length=2), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("visits", sa.SmallInteger(), nullable=False),
        sa.Column("programme_visits", sa.SmallInteger(), nullable=False),
        sa.Column("counted_visits", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("participation", "month", "bydel", "kind", name="pk_visit_count"),
        postgresql_with={"fillfactor": 80},
    )
    op.create_index("ix_visit_count_month", "visit_count", ["month"])


def downgrade() -> None:
    op.drop_table("visit_count")
    op.drop_table("participation")
    op.drop_table("fact")

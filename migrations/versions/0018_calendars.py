"""Nurses' calendars: their hours and their absences."""

# Expand, then contract: a running programme of the version before must survive this one.
# Import no application code: a migration remembers what was true when it was written.
# A lock on a busy table stops everybody behind it: one such step in a migration, and no data moved.

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar",
        sa.Column("nurse_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("key_provider", sa.String(), nullable=False),
        sa.Column("kek", sa.String(), nullable=False),
        sa.Column("kek_version", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["nurse_id"], ["account.id"], name="fk_calendar_nurse_id_account"),
        sa.PrimaryKeyConstraint("nurse_id", name="pk_calendar"),
        sa.UniqueConstraint("number", name="uq_calendar_number"),
        sa.UniqueConstraint("nurse_id", "number", name="uq_calendar_nurse_id_number"),
    )
    op.create_table(
        "nurse_hours",
        sa.Column("nurse_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("percentage", sa.Integer(), nullable=False),
        sa.Column("travel_minutes", sa.Integer(), nullable=False),
        sa.Column("covers", postgresql.ARRAY(sa.String(length=2)), nullable=False),
        sa.Column("week", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("percentage between 1 and 100", name="ck_nurse_hours_percentage"),
        sa.CheckConstraint(
            "travel_minutes between 0 and 120", name="ck_nurse_hours_travel_minutes"
        ),
        sa.ForeignKeyConstraint(
            ["nurse_id"], ["calendar.nurse_id"], name="fk_nurse_hours_nurse_id_calendar"
        ),
        sa.PrimaryKeyConstraint("nurse_id", "valid_from", name="pk_nurse_hours"),
    )
    op.create_table(
        "absence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("nurse_id", sa.Uuid(), nullable=False),
        sa.Column("nurse_number", sa.BigInteger(), nullable=False),
        sa.Column("begins", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_by", sa.Uuid(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(nurse_number, nurse_number, '[]')"), "&&"),
            (sa.text("tstzrange(begins, ends)"), "&&"),
            using="gist",
            where=sa.text("cancelled_at IS NULL"),
            name="ex_absence_one_at_a_time",
        ),
        sa.CheckConstraint("begins < ends", name="ck_absence_period"),
        sa.ForeignKeyConstraint(
            ["nurse_id", "nurse_number"],
            ["calendar.nurse_id", "calendar.number"],
            name="fk_absence_nurse_id_nurse_number_calendar",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_absence"),
    )
    op.create_index("ix_absence_nurse_id_ends", "absence", ["nurse_id", "ends"])


def downgrade() -> None:
    op.drop_table("absence")
    op.drop_table("nurse_hours")
    op.drop_table("calendar")

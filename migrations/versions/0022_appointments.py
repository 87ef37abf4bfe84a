"""A nurse's time is taken by a visit that is booked: one at a time."""

# Expand, then contract: a running programme of the version before must survive this one.
# Import no application code: a migration remembers what was true when it was written.
# A lock on a busy table stops everybody behind it: one such step in a migration, and no data moved.

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "appointment",
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("nurse_id", sa.Uuid(), nullable=False),
        sa.Column("nurse_number", sa.BigInteger(), nullable=False),
        sa.Column("begins", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends > begins", name="ck_appointment_takes_time"),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(nurse_number, nurse_number, '[]')"), "&&"),
            (sa.text("tstzrange(begins, ends)"), "&&"),
            using="gist",
            name="ex_appointment_one_at_a_time",
        ),
        sa.ForeignKeyConstraint(
            ["nurse_id"], ["account.id"], name="fk_appointment_nurse_id_account"
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
            name="fk_appointment_visit_id_visit",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("visit_id", "nurse_id", name="pk_appointment"),
    )
    op.create_index("ix_appointment_nurse_id_begins", "appointment", ["nurse_id", "begins"])


def downgrade() -> None:
    op.drop_table("appointment")

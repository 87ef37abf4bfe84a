"""Nurses who are out alone, and the alarms about those who are late."""

# Expand, then contract: a running programme of the version before must survive this one.
# Import no application code: a migration remembers what was true when it was written.
# A lock on a busy table stops everybody behind it: one such step in a migration, and no data moved.

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "outing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("nurse_id", sa.Uuid(), nullable=False),
        sa.Column("bydel", sa.String(length=2), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("began_at", _INSTANT, nullable=False),
        sa.Column("expected_at", _INSTANT, nullable=False),
        sa.Column("heard_at", _INSTANT, nullable=False),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.Column("ended_heard_at", _INSTANT, nullable=True),
        sa.CheckConstraint("ended_at >= began_at", name=op.f("ck_outing_ended_at")),
        sa.ForeignKeyConstraint(["nurse_id"], ["account.id"], name="fk_outing_nurse_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_outing"),
    )
    op.create_index("ix_outing_bydel_expected_at", "outing", ["bydel", "expected_at"])
    op.create_index("ix_outing_nurse_id_expected_at", "outing", ["nurse_id", "expected_at"])
    op.create_index(
        "ix_outing_out", "outing", ["expected_at"], postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_table(
        "outing_alarm",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("outing_id", sa.Uuid(), nullable=False),
        sa.Column("expected_at", _INSTANT, nullable=False),
        sa.Column("raised_at", _INSTANT, nullable=False),
        sa.Column("told_at", _INSTANT, nullable=True),
        sa.Column("closed_at", _INSTANT, nullable=True),
        sa.Column("closed_how", sa.String(), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "closed_how in ('back', 'extended', 'settled')",
            name=op.f("ck_outing_alarm_closed_how"),
        ),
        sa.CheckConstraint(
            "(closed_at is null) = (closed_how is null)", name=op.f("ck_outing_alarm_closed")
        ),
        sa.ForeignKeyConstraint(
            ["outing_id"], ["outing.id"], name="fk_outing_alarm_outing_id_outing"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outing_alarm"),
        sa.UniqueConstraint(
            "outing_id", "expected_at", name="uq_outing_alarm_outing_id_expected_at"
        ),
    )
    op.create_index(
        "ix_outing_alarm_open",
        "outing_alarm",
        ["raised_at"],
        postgresql_where=sa.text("closed_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("outing_alarm")
    op.drop_table("outing")

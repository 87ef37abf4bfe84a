"""Visits."""

# Expand, then contract: a running programme of the version before must survive this one.
# Import no application code: a migration remembers what was true when it was written.
# A lock on a busy table stops everybody behind it: one such step in a migration, and no data moved.

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("pregnancy_id", sa.Uuid(), nullable=True),
        sa.Column("programme", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("from_protocol", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opens", sa.Date(), nullable=True),
        sa.Column("ideal", sa.Date(), nullable=True),
        sa.Column("closes", sa.Date(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("nurse_id", sa.Uuid(), nullable=True),
        sa.Column("present", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("themes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("counts_as", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("interpreter_category", sa.String(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name="fk_visit_family_id_family"),
        sa.ForeignKeyConstraint(
            ["pregnancy_id"],
            ["pregnancy.id"],
            name="fk_visit_pregnancy_id_pregnancy",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_visit"),
    )
    op.create_index("ix_visit_family_id_rev", "visit", ["family_id", "rev"])
    op.create_index(
        "ix_visit_open_closes",
        "visit",
        ["closes"],
        postgresql_where=sa.text("state IN ('planned', 'booked')"),
    )
    op.create_index(
        "uq_visit_planned_item",
        "visit",
        ["pregnancy_id", "programme", "kind"],
        unique=True,
        postgresql_where=sa.text("from_protocol"),
    )


def downgrade() -> None:
    op.drop_table("visit")

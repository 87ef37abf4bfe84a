"""Figures as they were released, and what the next release must know of the last."""

# Expand, then contract: a running programme of the version before must survive this one.
# Import no application code: a migration remembers what was true when it was written.
# A lock on a busy table stops everybody behind it: one such step in a migration, and no data moved.

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

JSONB = postgresql.JSONB(astext_type=sa.Text())


def upgrade() -> None:
    op.create_table(
        "released_sheet",
        sa.Column("tabulation", sa.String(length=40), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("area", sa.String(length=4), nullable=False),
        sa.Column("revision", sa.SmallInteger(), nullable=False),
        sa.Column("released", sa.Date(), nullable=False),
        sa.Column("lines", JSONB, nullable=False),
        sa.PrimaryKeyConstraint("tabulation", "year", "area", name="pk_released_sheet"),
    )
    op.create_table(
        "sheet_revision",
        sa.Column("tabulation", sa.String(length=40), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("area", sa.String(length=4), nullable=False),
        sa.Column("revision", sa.SmallInteger(), nullable=False),
        sa.Column("released", sa.Date(), nullable=False),
        sa.Column("lines", JSONB, nullable=False),
        sa.PrimaryKeyConstraint("tabulation", "year", "area", "revision", name="pk_sheet_revision"),
    )
    op.create_table(
        "sheet_ledger",
        sa.Column("tabulation", sa.String(length=40), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("area", sa.String(length=4), nullable=False),
        sa.Column("counts", JSONB, nullable=False),
        sa.Column("shown", JSONB, nullable=False),
        sa.Column("hidden", JSONB, nullable=False),
        sa.PrimaryKeyConstraint("tabulation", "year", "area", name="pk_sheet_ledger"),
    )
    op.create_table(
        "release_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("behind", JSONB, nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_release_day"),
    )


def downgrade() -> None:
    op.drop_table("release_day")
    op.drop_table("sheet_ledger")
    op.drop_table("sheet_revision")
    op.drop_table("released_sheet")

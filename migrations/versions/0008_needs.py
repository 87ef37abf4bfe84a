"""Needs in the parents' own words, and reviews of them."""

# Expand, then contract: a running programme of the version before must survive this one.
# Import no application code: a migration remembers what was true when it was written.
# A lock on a busy table stops everybody behind it: one such step in a migration, and no data moved.

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "need",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("stated_by", sa.Uuid(), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("theme", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["closed_by"],
            ["member.id"],
            name="fk_need_closed_by_member",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name="fk_need_family_id_family"),
        sa.ForeignKeyConstraint(
            ["stated_by"],
            ["member.id"],
            name="fk_need_stated_by_member",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
            name="fk_need_visit_id_visit",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_need"),
    )
    op.create_index("ix_need_family_id_rev", "need", ["family_id", "rev"])
    op.create_table(
        "review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name="fk_review_family_id_family"),
        sa.ForeignKeyConstraint(
            ["need_id"],
            ["need.id"],
            name="fk_review_need_id_need",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
            name="fk_review_visit_id_visit",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_review"),
    )
    op.create_index("ix_review_family_id_rev", "review", ["family_id", "rev"])


def downgrade() -> None:
    op.drop_table("review")
    op.drop_table("need")

"""Signed notes."""

# Expand, then contract: a running programme of the version before must survive this one.
# Import no application code: a migration remembers what was true when it was written.
# A lock on a busy table stops everybody behind it: one such step in a migration, and no data moved.

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("corrects", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("signed_by", sa.Uuid(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["corrects"],
            ["note.id"],
            name="fk_note_corrects_note",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name="fk_note_family_id_family"),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
            name="fk_note_member_id_member",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
            name="fk_note_visit_id_visit",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_note"),
    )
    op.create_index("ix_note_family_id_rev", "note", ["family_id", "rev"])


def downgrade() -> None:
    op.drop_table("note")

"""Families: the unit of locking, revision, keys and access."""

# Expand, then contract: a running programme of the version before must survive this one.
# Import no application code: a migration remembers what was true when it was written.
# A lock on a busy table stops everybody behind it: one such step in a migration, and no data moved.

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "family",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("protection", sa.String(), nullable=False),
        sa.Column("delbydel", sa.String(length=10), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["delbydel"], ["delbydel.code"], name="fk_family_delbydel_delbydel"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_family"),
    )
    op.create_index("ix_family_delbydel", "family", ["delbydel"])
    op.create_table(
        "address",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("delbydel", sa.String(length=10), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("protection", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delbydel"], ["delbydel.code"], name="fk_address_delbydel_delbydel"
        ),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name="fk_address_family_id_family"),
        sa.PrimaryKeyConstraint("id", name="pk_address"),
    )
    op.create_index("ix_address_family_id_rev", "address", ["family_id", "rev"])
    op.create_index(
        "uq_address_family_id_present",
        "address",
        ["family_id"],
        unique=True,
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.create_table(
        "family_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("kek", sa.String(), nullable=False),
        sa.Column("kek_version", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["family_id"], ["family.id"], name="fk_family_key_family_id_family"
        ),
        sa.PrimaryKeyConstraint("id", "version", name="pk_family_key"),
        sa.UniqueConstraint("family_id", name="uq_family_key_family_id"),
    )
    op.create_table(
        "move",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("from_bydel", sa.String(), nullable=True),
        sa.Column("to_bydel", sa.String(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name="fk_move_family_id_family"),
        sa.PrimaryKeyConstraint("id", name="pk_move"),
    )
    op.create_index("ix_move_family_id_rev", "move", ["family_id", "rev"])
    op.create_table(
        "pregnancy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("term", sa.Date(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("homecoming_on", sa.Date(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name="fk_pregnancy_family_id_family"),
        sa.PrimaryKeyConstraint("id", name="pk_pregnancy"),
    )
    op.create_index("ix_pregnancy_family_id_rev", "pregnancy", ["family_id", "rev"])
    op.create_table(
        "team",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("nurse_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name="fk_team_family_id_family"),
        sa.PrimaryKeyConstraint("id", name="pk_team"),
    )
    op.create_index("ix_team_family_id_rev", "team", ["family_id", "rev"])
    op.create_index(
        "ix_team_nurse_id",
        "team",
        ["nurse_id"],
        postgresql_where=sa.text("ends_at IS NULL OR part = 'covering'"),
    )
    op.create_index(
        "uq_team_family_id_primary",
        "team",
        ["family_id"],
        unique=True,
        postgresql_where=sa.text("part = 'primary' AND ends_at IS NULL"),
    )
    op.create_table(
        "member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("pregnancy_id", sa.Uuid(), nullable=True),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("died_on", sa.Date(), nullable=True),
        sa.Column("stillborn", sa.Boolean(), nullable=False),
        sa.Column("national_id_index", sa.LargeBinary(), nullable=True),
        sa.Column("national_id_index_version", sa.Integer(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name="fk_member_family_id_family"),
        sa.ForeignKeyConstraint(
            ["pregnancy_id"],
            ["pregnancy.id"],
            name="fk_member_pregnancy_id_pregnancy",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_member"),
    )
    op.create_index("ix_member_family_id_rev", "member", ["family_id", "rev"])
    op.create_index(
        "ix_member_national_id_index",
        "member",
        ["national_id_index"],
        postgresql_where=sa.text("national_id_index IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("member")
    op.drop_table("team")
    op.drop_table("pregnancy")
    op.drop_table("move")
    op.drop_table("family_key")
    op.drop_table("address")
    op.drop_table("family")

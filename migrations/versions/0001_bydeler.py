"""Bydeler, delbydeler and their boundaries, each with its time of validity."""

# Expand, then contract: a running programme of the version before must survive this one.
# Import no application code: a migration remembers what was true when it was written.
# A lock on a busy table stops everybody behind it: one such step in a migration, and no data moved.

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "boundary_stamp",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stamp", sa.Uuid(), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_boundary_stamp_one_row"),
        sa.PrimaryKeyConstraint("id", name="pk_boundary_stamp"),
    )
    op.create_table(
        "bydel",
        sa.Column("number", sa.String(length=2), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("administered", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint("number ~ '^[0-9]{2}$'", name="ck_bydel_number"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="ck_bydel_validity"),
        sa.PrimaryKeyConstraint("number", name="pk_bydel"),
        sa.UniqueConstraint("code", name="uq_bydel_code"),
    )
    op.create_table(
        "delbydel",
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("successors", postgresql.ARRAY(sa.String(length=10)), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint("code ~ '^[0-9]{10}$'", name="ck_delbydel_code"),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to > valid_from", name="ck_delbydel_validity"
        ),
        sa.PrimaryKeyConstraint("code", name="pk_delbydel"),
    )
    op.create_table(
        "bydel_served_by",
        sa.Column("bydel", sa.String(length=2), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("served_by", sa.String(length=2), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(bydel::bigint, bydel::bigint, '[]')"), "&&"),
            (sa.text("daterange(valid_from, valid_to)"), "&&"),
            using="gist",
            name="ex_bydel_served_by_one_at_a_time",
        ),
        sa.CheckConstraint("bydel <> served_by", name="ck_bydel_served_by_another"),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to > valid_from", name="ck_bydel_served_by_validity"
        ),
        sa.ForeignKeyConstraint(["bydel"], ["bydel.number"], name="fk_bydel_served_by_bydel_bydel"),
        sa.ForeignKeyConstraint(
            ["served_by"], ["bydel.number"], name="fk_bydel_served_by_served_by_bydel"
        ),
        sa.PrimaryKeyConstraint("bydel", "valid_from", name="pk_bydel_served_by"),
    )
    op.create_index("ix_bydel_served_by_served_by", "bydel_served_by", ["served_by"])
    op.create_table(
        "delbydel_membership",
        sa.Column("delbydel", sa.String(length=10), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("bydel", sa.String(length=2), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(delbydel::bigint, delbydel::bigint, '[]')"), "&&"),
            (sa.text("daterange(valid_from, valid_to)"), "&&"),
            using="gist",
            name="ex_delbydel_membership_one_at_a_time",
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to > valid_from", name="ck_delbydel_membership_validity"
        ),
        sa.ForeignKeyConstraint(
            ["bydel"], ["bydel.number"], name="fk_delbydel_membership_bydel_bydel"
        ),
        sa.ForeignKeyConstraint(
            ["delbydel"], ["delbydel.code"], name="fk_delbydel_membership_delbydel_delbydel"
        ),
        sa.PrimaryKeyConstraint("delbydel", "valid_from", name="pk_delbydel_membership"),
    )
    op.create_index("ix_delbydel_membership_bydel", "delbydel_membership", ["bydel"])


def downgrade() -> None:
    op.drop_table("delbydel_membership")
    op.drop_table("bydel_served_by")
    op.drop_table("delbydel")
    op.drop_table("bydel")
    op.drop_table("boundary_stamp")

"""Offers, their dated answers, and enrolments."""

# Expand, then contract: a running programme of the version before must survive this one.
# Import no application code: a migration remembers what was true when it was written.
# A lock on a busy table stops everybody behind it: one such step in a migration, and no data moved.

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "offer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("pregnancy_id", sa.Uuid(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("offered_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name="fk_offer_family_id_family"),
        sa.ForeignKeyConstraint(
            ["pregnancy_id"],
            ["pregnancy.id"],
            name="fk_offer_pregnancy_id_pregnancy",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_offer"),
    )
    op.create_index("ix_offer_family_id_rev", "offer", ["family_id", "rev"])
    op.create_table(
        "answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name="fk_answer_family_id_family"),
        sa.ForeignKeyConstraint(
            ["offer_id"],
            ["offer.id"],
            name="fk_answer_offer_id_offer",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_answer"),
    )
    op.create_index("ix_answer_family_id_rev", "answer", ["family_id", "rev"])
    op.create_table(
        "enrolment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("pregnancy_id", sa.Uuid(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("protocol_version", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name="fk_enrolment_family_id_family"),
        sa.ForeignKeyConstraint(
            ["offer_id"],
            ["offer.id"],
            name="fk_enrolment_offer_id_offer",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["pregnancy_id"],
            ["pregnancy.id"],
            name="fk_enrolment_pregnancy_id_pregnancy",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_enrolment"),
    )
    op.create_index("ix_enrolment_family_id_rev", "enrolment", ["family_id", "rev"])
    op.create_index(
        "ix_enrolment_programme_protocol_version", "enrolment", ["programme", "protocol_version"]
    )
    op.create_index(
        "uq_enrolment_family_id_open",
        "enrolment",
        ["family_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('active', 'paused')"),
    )


def downgrade() -> None:
    op.drop_table("enrolment")
    op.drop_table("answer")
    op.drop_table("offer")

"""Emergency access: who was let in to a family that is not hers, why, and what was found."""

# Expand, then contract: a running programme of the version before must survive this one.
# Import no application code: a migration remembers what was true when it was written.
# A lock on a busy table stops everybody behind it: one such step in a migration, and no data moved.

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "emergency_access",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("nurse_id", sa.Uuid(), nullable=False),
        sa.Column("bydel", sa.String(length=2), nullable=False),
        sa.Column("opened_at", _INSTANT, nullable=False),
        sa.Column("until", _INSTANT, nullable=False),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("reviewed_at", _INSTANT, nullable=True),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("verdict", sa.String(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("until > opened_at", name=op.f("ck_emergency_access_until")),
        sa.CheckConstraint(
            "(reviewed_at is null) = (verdict is null)", name=op.f("ck_emergency_access_verdict")
        ),
        sa.CheckConstraint("reviewed_by <> nurse_id", name=op.f("ck_emergency_access_reviewed_by")),
        sa.ForeignKeyConstraint(
            ["family_id"], ["family.id"], name="fk_emergency_access_family_id_family"
        ),
        sa.ForeignKeyConstraint(
            ["nurse_id"], ["account.id"], name="fk_emergency_access_nurse_id_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_emergency_access"),
    )
    op.create_index(
        "ix_emergency_access_family_id_nurse_id_until",
        "emergency_access",
        ["family_id", "nurse_id", "until"],
    )
    op.create_index(
        "ix_emergency_access_nurse_id_opened_at", "emergency_access", ["nurse_id", "opened_at"]
    )
    op.create_index(
        "ix_emergency_access_unreviewed",
        "emergency_access",
        ["bydel"],
        postgresql_where=sa.text("reviewed_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("emergency_access")

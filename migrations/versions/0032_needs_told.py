"""What the statistics are told of needs, and which pregnancy a need belongs to."""

# Expand, then contract: a running programme of the version before must survive this one.
# Import no application code: a migration remembers what was true when it was written.
# A lock on a busy table stops everybody behind it: one such step in a migration, and no data moved.

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

COUNTS = ("stated", "reviewed", "met", "no_longer_wished")


def upgrade() -> None:
    op.create_table(
        "need_count",
        sa.Column("participation", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("theme", sa.String(length=40), nullable=False),
        sa.Column("bydel", sa.String(length=2), nullable=False),
        *(sa.Column(name, sa.SmallInteger(), nullable=False) for name in COUNTS),
        sa.PrimaryKeyConstraint("participation", "month", "theme", name="pk_need_count"),
        postgresql_with={"fillfactor": 80},
    )
    op.create_index("ix_need_count_month", "need_count", ["month"])
    op.add_column("need", sa.Column("pregnancy_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("need", "pregnancy_id")
    op.drop_table("need_count")

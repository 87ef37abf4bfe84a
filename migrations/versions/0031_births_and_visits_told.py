"""What the statistics are told of births, languages, answers in time and visits."""

# Expand, then contract: a running programme of the version before must survive this one.
# Import no application code: a migration remembers what was true when it was written.
# A lock on a busy table stops everybody behind it: one such step in a migration, and no data moved.

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

MARKS = ("in_time", "after_birth", "in_pregnancy", "newborn", "kostra_10", "kostra_14")
COUNTS = ("own_nurse", "other_parent", "qualified", "unqualified", "absent", "unscheduled")


def upgrade() -> None:
    # A default that is a constant is kept with the table and rewrites no row. What older facts say
    # about these columns is added up by the next nightly run that compares the two.
    for name in ("born", "home"):
        op.add_column("participation", sa.Column(name, sa.Date(), nullable=True))
    op.add_column("participation", sa.Column("language", sa.String(length=8), nullable=True))
    op.add_column("participation", sa.Column("first_weeks", sa.SmallInteger(), nullable=True))
    for name in MARKS:
        mark = sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)
        op.add_column("participation", mark)
    for name in COUNTS:
        count = sa.Column(name, sa.SmallInteger(), server_default=sa.text("0"), nullable=False)
        op.add_column("visit_count", count)


def downgrade() -> None:
    for name in reversed(COUNTS):
        op.drop_column("visit_count", name)
    for name in (*reversed(MARKS), "first_weeks", "language", "home", "born"):
        op.drop_column("participation", name)

"""Every file of figures that is taken home is written down, and the line stands."""

# Expand, then contract: a running programme of the version before must survive this one.
# Import no application code: a migration remembers what was true when it was written.
# A lock on a busy table stops everybody behind it: one such step in a migration, and no data moved.

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

STANDS = """
CREATE FUNCTION export_log_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log of files is only added to' USING ERRCODE = 'restrict_violation';
END $$
"""
GUARD = """
CREATE TRIGGER export_log_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON export_log
FOR EACH STATEMENT EXECUTE FUNCTION export_log_stands()
"""


def upgrade() -> None:
    op.create_table(
        "export_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=True),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("doorway", sa.String(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_export_log"),
    )
    op.create_index("ix_export_log_actor_id_id", "export_log", ["actor_id", "id"])
    op.execute(STANDS)
    op.execute(GUARD)


def downgrade() -> None:
    op.drop_table("export_log")
    op.execute("DROP FUNCTION export_log_stands()")

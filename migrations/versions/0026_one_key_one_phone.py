"""No two phones have the same key, and a key is found without looking at every phone."""

# Expand, then contract: a running programme of the version before must survive this one.
# Import no application code: a migration remembers what was true when it was written.
# A lock on a busy table stops everybody behind it: one such step in a migration, and no data moved.

from __future__ import annotations

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        # It waits for whatever is under way, and nobody waits for it.
        op.execute("SET lock_timeout = '60s'")
        # A build that was cut off leaves an index that holds nobody to anything.
        op.drop_index(
            "uq_device_public_key", "device", if_exists=True, postgresql_concurrently=True
        )
        op.create_index(
            "uq_device_public_key",
            "device",
            ["public_key"],
            unique=True,
            postgresql_concurrently=True,
            if_not_exists=True,
        )
        op.execute("SET lock_timeout = '4s'")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("uq_device_public_key", "device", postgresql_concurrently=True)

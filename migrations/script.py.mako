"""${message}."""

# Expand, then contract: a running programme of the version before must survive this one.
# Import no application code: a migration remembers what was true when it was written.
# A lock on a busy table stops everybody behind it: one such step in a migration, and no data moved.

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}

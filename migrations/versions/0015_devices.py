"""Devices, the ledger of what each one holds, and the history of this server."""

# Expand, then contract: a running programme of the version before must survive this one.
# Import no application code: a migration remembers what was true when it was written.
# A lock on a busy table stops everybody behind it: one such step in a migration, and no data moved.

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sync_epoch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint(
            "reason in ('install', 'restore', 'failover')", name="ck_sync_epoch_reason"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sync_epoch"),
    )
    op.create_table(
        "device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("schema", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("acked_seq", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("durable_seq", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("have_hash", sa.String(), nullable=True),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("key_provider", sa.String(), nullable=False),
        sa.Column("kek", sa.String(), nullable=False),
        sa.Column("kek_version", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("share", sa.LargeBinary(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state in ('active', 'locked', 'wipe', 'wiped', 'retired')", name="ck_device_state"
        ),
        sa.CheckConstraint("durable_seq <= last_seq", name="ck_device_durable_seq"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_device_account_id_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_device"),
    )
    op.create_index("ix_device_account_id", "device", ["account_id"])
    op.create_table(
        "holding",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("sent_rev", sa.BigInteger(), nullable=False),
        sa.Column("acked_rev", sa.BigInteger(), nullable=True),
        sa.Column("first_sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("purge_id", sa.Uuid(), nullable=True),
        sa.Column("drop_reason", sa.String(), nullable=True),
        sa.Column("drop_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_how", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name="fk_holding_device_id_device"),
        sa.PrimaryKeyConstraint("device_id", "family_id", name="pk_holding"),
    )
    op.create_index("ix_holding_family_id", "holding", ["family_id"])
    op.create_index("ix_holding_purge_id", "holding", ["purge_id"], unique=True)


def downgrade() -> None:
    op.drop_table("holding")
    op.drop_table("device")
    op.drop_table("sync_epoch")

"""Runs know their progress, who works on them and why nothing came of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0201"
down_revision = "0501"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table("run") as batch_op:
        batch_op.add_column(sa.Column("stage", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("reason", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("executor", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("sealed_faults", sa.LargeBinary(), nullable=True))
        batch_op.create_index("ix_run_status", ["status"])
    with op.batch_alter_table("run") as batch_op:
        batch_op.alter_column("number", existing_type=sa.Integer(), existing_nullable=False, server_default=None)


def downgrade() -> None:
    """Bring the tables back."""
    with op.batch_alter_table("run") as batch_op:
        batch_op.drop_index("ix_run_status")
        for column in ("sealed_faults", "executor", "reason", "number", "stage"):
            batch_op.drop_column(column)

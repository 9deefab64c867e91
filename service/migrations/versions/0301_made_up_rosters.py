"""Rosters of made-up people are told from real ones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0301"
down_revision = "0601"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table("roster") as batch_op:
        batch_op.add_column(sa.Column("is_made_up", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("roster") as batch_op:
        batch_op.alter_column("is_made_up", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)


def downgrade() -> None:
    """Bring the tables back."""
    with op.batch_alter_table("roster") as batch_op:
        batch_op.drop_column("is_made_up")

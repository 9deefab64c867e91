"""People set their own passwords: invitations, and a second factor that is being set up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0101"
down_revision = "0201"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "invitation",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_hash"),
    )
    with op.batch_alter_table("invitation") as batch_op:
        batch_op.create_index("ix_invitation_account_id", ["account_id"])
    with op.batch_alter_table("account") as batch_op:
        batch_op.add_column(sa.Column("sealed_next_totp", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Bring the tables back."""
    with op.batch_alter_table("account") as batch_op:
        batch_op.drop_column("sealed_next_totp")
    op.drop_table("invitation")

"""Records know who wrote them, and of what there is only one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0401"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table("record") as batch_op:
        batch_op.add_column(sa.Column("author_id", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("slot", sa.String(), nullable=True))
        batch_op.create_foreign_key("fk_record_author_id_person", "person", ["author_id"], ["id"])
        batch_op.create_index("ix_record_author_id", ["author_id"])
        batch_op.create_unique_constraint("uq_record_slot", ["slot"])
        batch_op.create_unique_constraint("uq_record_root_id_number", ["root_id", "number"])


def downgrade() -> None:
    """Bring the tables back."""
    with op.batch_alter_table("record") as batch_op:
        batch_op.drop_constraint("uq_record_root_id_number", type_="unique")
        batch_op.drop_constraint("uq_record_slot", type_="unique")
        batch_op.drop_index("ix_record_author_id")
        batch_op.drop_constraint("fk_record_author_id_person", type_="foreignkey")
        batch_op.drop_column("slot")
        batch_op.drop_column("author_id")

"""Audit trail and access log only grow; tasks after a withdrawal; where a signed consent lies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0501"
down_revision = "0401"
branch_labels = None
depends_on = None

_ENTRIES = ("audit", "access_log")

_SQLITE = (
    "CREATE TRIGGER audit_keeps_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit only grows'); END",
    "CREATE TRIGGER audit_keeps_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit only grows'); END",
    # INSERT OR REPLACE takes a row out without asking the trigger of DELETE.
    "CREATE TRIGGER audit_keeps_insert BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq) "
    "BEGIN SELECT RAISE(ABORT, 'audit only grows'); END",
    "CREATE TRIGGER access_log_keeps_update BEFORE UPDATE ON access_log "
    "BEGIN SELECT RAISE(ABORT, 'access_log only grows'); END",
    "CREATE TRIGGER access_log_keeps_insert BEFORE INSERT ON access_log "
    "WHEN EXISTS (SELECT 1 FROM access_log WHERE id = NEW.id) "
    "BEGIN SELECT RAISE(ABORT, 'access_log only grows'); END",
    # Only the command of retention names a day, and no day makes the last year go.
    "CREATE TRIGGER access_log_keeps_delete BEFORE DELETE ON access_log "
    "WHEN OLD.at >= strftime('%Y-%m-%d %H:%M:%S', 'now', '-365 days') OR NOT EXISTS "
    "(SELECT 1 FROM service_setting WHERE name = 'access_log_kept_from' AND OLD.at < value) "
    "BEGIN SELECT RAISE(ABORT, 'access_log only grows'); END",
)

_POSTGRES = (
    "CREATE FUNCTION only_grows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege'; END $$",
    "CREATE FUNCTION only_old_lines_go() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF OLD.at < now() - interval '365 days' AND EXISTS (SELECT 1 FROM service_setting "
    "WHERE name = 'access_log_kept_from' AND OLD.at < value::timestamptz) THEN RETURN OLD; END IF; "
    "RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege'; END $$",
    "CREATE TRIGGER audit_keeps BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION only_grows()",
    "CREATE TRIGGER audit_keeps_all BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION only_grows()",
    "CREATE TRIGGER access_log_keeps BEFORE UPDATE ON access_log FOR EACH ROW EXECUTE FUNCTION only_grows()",
    "CREATE TRIGGER access_log_keeps_lines BEFORE DELETE ON access_log "
    "FOR EACH ROW EXECUTE FUNCTION only_old_lines_go()",
    "CREATE TRIGGER access_log_keeps_all BEFORE TRUNCATE ON access_log "
    "FOR EACH STATEMENT EXECUTE FUNCTION only_grows()",
)


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "privacy_task",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("area_id", sa.String(), nullable=False),
        sa.Column("consent_id", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("due_day", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"]),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("privacy_task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_privacy_task_area_id"), ["area_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_privacy_task_person_id"), ["person_id"], unique=False)
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.add_column(sa.Column("scan_reference", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("erasure", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stop_day", sa.Date(), nullable=True))
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRES:
        op.execute(statement)


def downgrade() -> None:
    """Bring the tables back."""
    if op.get_bind().dialect.name == "sqlite":
        for table in _ENTRIES:
            for what in ("update", "delete", "insert"):
                op.execute(f"DROP TRIGGER {table}_keeps_{what}")
    else:
        for name in ("audit_keeps", "audit_keeps_all"):
            op.execute(f"DROP TRIGGER {name} ON audit")
        for name in ("access_log_keeps", "access_log_keeps_lines", "access_log_keeps_all"):
            op.execute(f"DROP TRIGGER {name} ON access_log")
        op.execute("DROP FUNCTION only_grows()")
        op.execute("DROP FUNCTION only_old_lines_go()")
    with op.batch_alter_table("erasure", schema=None) as batch_op:
        batch_op.drop_column("stop_day")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_column("scan_reference")
    with op.batch_alter_table("privacy_task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_privacy_task_person_id"))
        batch_op.drop_index(batch_op.f("ix_privacy_task_area_id"))
    op.drop_table("privacy_task")

-- Rights of the role under which the service works on PostgreSQL ("matcher_app"); run by the owner of the tables after
-- each upgrade. It may add to the audit trail and to the access log, and do nothing else with them.
GRANT USAGE ON SCHEMA public TO matcher_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO matcher_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO matcher_app;
REVOKE UPDATE, DELETE, TRUNCATE ON audit, access_log FROM matcher_app;
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM matcher_app;

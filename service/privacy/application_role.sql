-- Rights of the role under which the service works on PostgreSQL ("matcher_app"); run by the owner of the tables after
-- each upgrade. It may add to the audit trail and to the access log, and do nothing else with them.
GRANT USAGE ON SCHEMA public TO matcher_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO matcher_app;
GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO matcher_app;
REVOKE UPDATE, DELETE, TRUNCATE ON audit, access_log FROM matcher_app;
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM matcher_app;
-- The queue of jobs has tables of its own, which hold no personal data.
DO $$ BEGIN
    EXECUTE format('GRANT CREATE ON DATABASE %I TO matcher_app', current_database());
    IF EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = 'dbos') THEN
        GRANT ALL ON SCHEMA dbos TO matcher_app;
        GRANT ALL ON ALL TABLES IN SCHEMA dbos TO matcher_app;
        GRANT ALL ON ALL SEQUENCES IN SCHEMA dbos TO matcher_app;
    END IF;
END $$;

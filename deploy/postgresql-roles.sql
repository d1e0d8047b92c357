-- A role for the running service: it may add to the histories and can neither change nor remove them, nor take away
-- the triggers that say the same. Run once as the owner of the tables, in their database, and again after an upgrade:
--   psql -v ON_ERROR_STOP=1 -f deploy/postgresql-roles.sql "$OWNER_URL"
-- Then give the role a way to sign in (ALTER ROLE callbot_app LOGIN PASSWORD ...) and let CALLBOT_STORAGE__URL name it.
-- Tables are brought to a new version by the owner: run any command, `callbot doctor` for instance, with the owner's URL.

DO $$
BEGIN
    CREATE ROLE callbot_app NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO callbot_app;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM callbot_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO callbot_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO callbot_app;

-- Read and added to, nothing else.
REVOKE UPDATE, DELETE ON journal, retention_reports FROM callbot_app;
-- The end of the chain moves on; it is never taken away.
REVOKE DELETE ON journal_head FROM callbot_app;
-- Events of calls go in a retention run only (a trigger says so); none is changed.
REVOKE UPDATE ON call_events FROM callbot_app;
REVOKE DELETE ON retention_runs FROM callbot_app;
-- A destroyed key leaves its row, so that nobody makes it again.
REVOKE DELETE ON period_keys FROM callbot_app;
-- The version of the tables is the owner's.
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM callbot_app;

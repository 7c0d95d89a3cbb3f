package dev.concert.gateway.registry;

import java.util.List;

/** The tables of {@code registry.db}, one file for each tenant. */
final class RegistrySchema {
  static final List<String> MIGRATIONS =
      List.of(
          """
          CREATE TABLE sessions (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            agent_type TEXT NOT NULL,
            model TEXT,
            project_id TEXT,
            metadata TEXT,
            state TEXT NOT NULL,
            archived INTEGER NOT NULL DEFAULT 0,
            created_by TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            last_seq INTEGER NOT NULL DEFAULT 0
          );
          CREATE INDEX sessions_by_age ON sessions (created_at DESC, id DESC);
          """,
          // A session that is marked exists for nobody, and the next start finishes its deletion.
          "ALTER TABLE sessions ADD COLUMN deleting INTEGER NOT NULL DEFAULT 0;",
          // A seat is an invitation without a link: who signs in with its e-mail takes it.
          """
          CREATE TABLE tenant (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            deleting INTEGER NOT NULL DEFAULT 0
          );
          CREATE TABLE members (
            user_id TEXT PRIMARY KEY,
            issuer TEXT NOT NULL,
            email TEXT NOT NULL,
            role TEXT NOT NULL,
            joined_at INTEGER NOT NULL
          );
          CREATE TABLE invitations (
            id TEXT PRIMARY KEY,
            token_hash TEXT UNIQUE,
            email TEXT NOT NULL,
            role TEXT NOT NULL,
            sessions TEXT NOT NULL,
            invited_by TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            accepted_by TEXT,
            accepted_at INTEGER
          );
          CREATE INDEX invitations_by_email ON invitations (email);
          CREATE TABLE session_members (
            session_id TEXT NOT NULL,
            user_id TEXT NOT NULL,
            access TEXT NOT NULL,
            added_by TEXT NOT NULL,
            added_at INTEGER NOT NULL,
            PRIMARY KEY (session_id, user_id)
          );
          CREATE INDEX session_members_by_user ON session_members (user_id);
          ALTER TABLE sessions ADD COLUMN visibility TEXT NOT NULL DEFAULT 'tenant';
          CREATE TABLE audit (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at INTEGER NOT NULL,
            actor TEXT NOT NULL,
            action TEXT NOT NULL,
            subject TEXT NOT NULL,
            details TEXT NOT NULL
          );
          CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
          CREATE TRIGGER audit_is_never_shortened BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
          """,
          """
          CREATE TABLE api_keys (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            secret_hash TEXT NOT NULL,
            created_by TEXT NOT NULL,
            role TEXT NOT NULL,
            permissions TEXT,
            sessions TEXT,
            created_at INTEGER NOT NULL,
            expires_at INTEGER,
            last_used_at INTEGER
          );
          CREATE INDEX api_keys_by_owner ON api_keys (created_by, created_at DESC, id DESC);
          CREATE INDEX api_keys_by_age ON api_keys (created_at DESC, id DESC);
          """,
          // A row without a status is of a write that runs, or was interrupted.
          """
          CREATE TABLE idempotency_keys (
            user_id TEXT NOT NULL,
            key TEXT NOT NULL,
            request_hash TEXT NOT NULL,
            status INTEGER,
            headers TEXT,
            body TEXT,
            created_at INTEGER NOT NULL,
            PRIMARY KEY (user_id, key)
          );
          CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
          """,
          // Where the configuration admits new users, those who were removed are none.
          "CREATE TABLE removed_members (user_id TEXT PRIMARY KEY, removed_at INTEGER NOT NULL);",
          // Written before a session goes back, removed when its log says so.
          """
          CREATE TABLE rewinds (
            session_id TEXT PRIMARY KEY,
            rewind_id TEXT NOT NULL,
            message_id TEXT NOT NULL,
            from_seq INTEGER NOT NULL,
            files_at INTEGER NOT NULL,
            files_before INTEGER NOT NULL,
            user_id TEXT NOT NULL
          );
          CREATE TABLE shares (
            id TEXT PRIMARY KEY,
            session_id TEXT NOT NULL,
            token_hash TEXT NOT NULL UNIQUE,
            created_by TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL
          );
          CREATE INDEX shares_by_session ON shares (session_id);
          """);

  private RegistrySchema() {}
}

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
          """);

  private RegistrySchema() {}
}

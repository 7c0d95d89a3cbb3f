package dev.concert.gateway.eventlog;

import java.util.List;

/** The tables of {@code session.db}. Events are the truth; the other tables follow from them. */
final class SessionSchema {
  static final List<String> MIGRATIONS =
      List.of(
          """
          CREATE TABLE events (
            seq INTEGER PRIMARY KEY,
            first_seq INTEGER NOT NULL,
            ts INTEGER NOT NULL,
            turn_id TEXT,
            type TEXT NOT NULL,
            json TEXT NOT NULL,
            parts TEXT
          );
          CREATE TABLE turns (
            id TEXT PRIMARY KEY,
            client_turn_id TEXT UNIQUE,
            user_id TEXT NOT NULL,
            started_seq INTEGER NOT NULL,
            started_at INTEGER NOT NULL,
            ended_at INTEGER,
            outcome TEXT
          );
          CREATE TABLE messages (
            seq INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            turn_id TEXT,
            role TEXT NOT NULL,
            content TEXT NOT NULL,
            created_at INTEGER NOT NULL
          );
          CREATE TABLE usage (
            seq INTEGER PRIMARY KEY,
            turn_id TEXT,
            model TEXT NOT NULL,
            provider TEXT NOT NULL,
            input_tokens INTEGER NOT NULL,
            output_tokens INTEGER NOT NULL,
            cached_tokens INTEGER NOT NULL,
            cost TEXT NOT NULL
          );
          """);

  private SessionSchema() {}
}

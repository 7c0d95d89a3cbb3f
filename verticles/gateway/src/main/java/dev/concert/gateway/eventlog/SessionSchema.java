package dev.concert.gateway.eventlog;

import java.util.List;

/**
 * The tables of {@code session.db}. Events are the truth; the other tables follow from them, except
 * {@code checkpoints}: which moment of the workspace a turn began and ended with.
 */
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
          """,
          // Rows without a format were written as the JSON of protocol version 1.
          "ALTER TABLE events ADD COLUMN format INTEGER NOT NULL DEFAULT 1;",
          // Of turns from before it is not known which files belong to them: -1.
          """
          ALTER TABLE messages ADD COLUMN rewound INTEGER;
          CREATE TABLE rewinds (
            id TEXT PRIMARY KEY,
            seq INTEGER NOT NULL
          );
          CREATE TABLE checkpoints (
            seq INTEGER PRIMARY KEY,
            turn_id TEXT NOT NULL UNIQUE,
            files_before INTEGER,
            files_after INTEGER
          );
          INSERT INTO checkpoints SELECT started_seq, id, -1, -1 FROM turns;
          """);

  private SessionSchema() {}
}

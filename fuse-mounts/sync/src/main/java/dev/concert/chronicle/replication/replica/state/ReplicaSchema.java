package dev.concert.chronicle.replication.replica.state;

import java.util.List;

/** Tables of {@code replica.db}. */
final class ReplicaSchema {
  static final List<String> MIGRATIONS =
      List.of(
          """
          CREATE TABLE position (id INTEGER PRIMARY KEY CHECK (id = 1), sequence INTEGER NOT NULL);
          INSERT INTO position VALUES (1, 0);
          CREATE TABLE base (
            filepath TEXT PRIMARY KEY,
            sequence INTEGER NOT NULL,
            content_hash TEXT NOT NULL,
            size INTEGER NOT NULL,
            permissions INTEGER NOT NULL,
            seen_size INTEGER,
            seen_modified INTEGER,
            seen_inode INTEGER,
            resync INTEGER NOT NULL DEFAULT 0
          ) WITHOUT ROWID;
          CREATE TABLE write_journal (
            local_seq INTEGER PRIMARY KEY AUTOINCREMENT,
            filepath TEXT NOT NULL UNIQUE,
            content_hash TEXT NOT NULL,
            size INTEGER NOT NULL,
            permissions INTEGER NOT NULL,
            master_rowid_seen INTEGER NOT NULL,
            sent_hash TEXT,
            sent_size INTEGER,
            sent_permissions INTEGER,
            parked INTEGER NOT NULL,
            seen_size INTEGER,
            seen_modified INTEGER,
            seen_inode INTEGER
          );
          CREATE TABLE conflict (
            filepath TEXT PRIMARY KEY,
            content_hash TEXT NOT NULL,
            size INTEGER NOT NULL,
            permissions INTEGER NOT NULL,
            sequence INTEGER NOT NULL
          ) WITHOUT ROWID;
          """,
          """
          CREATE TABLE folder (filepath TEXT PRIMARY KEY, mode INTEGER NOT NULL) WITHOUT ROWID;
          """,
          """
          CREATE TABLE undelivered (
            filepath TEXT PRIMARY KEY,
            content_hash TEXT NOT NULL,
            size INTEGER NOT NULL,
            permissions INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            reason TEXT NOT NULL
          ) WITHOUT ROWID;
          CREATE TABLE left_out (
            filepath TEXT PRIMARY KEY,
            reason TEXT NOT NULL,
            by_scan INTEGER NOT NULL
          ) WITHOUT ROWID;
          CREATE TABLE left_out_count (id INTEGER PRIMARY KEY CHECK (id = 1), paths INTEGER NOT NULL);
          INSERT INTO left_out_count VALUES (1, 0);
          CREATE INDEX write_journal_by_sent ON write_journal (sent_hash);
          """);

  private ReplicaSchema() {}
}

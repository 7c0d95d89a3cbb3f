package dev.concert.chronicle.journal;

import java.util.List;

/** Tables of {@code chronicle.db}. */
final class JournalSchema {
  static final List<String> MIGRATIONS =
      List.of(
          """
          CREATE TABLE file (
            id INTEGER PRIMARY KEY,
            path TEXT NOT NULL UNIQUE,
            number INTEGER NOT NULL,
            live INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            mode INTEGER NOT NULL,
            size INTEGER NOT NULL,
            hash TEXT NOT NULL,
            seen_size INTEGER NOT NULL,
            seen_modified INTEGER NOT NULL,
            seen_inode INTEGER NOT NULL,
            origin INTEGER REFERENCES file(id),
            origin_number INTEGER
          );
          CREATE TABLE iteration (
            sequence INTEGER PRIMARY KEY,
            file INTEGER NOT NULL REFERENCES file(id),
            number INTEGER NOT NULL,
            change INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            mode INTEGER NOT NULL,
            size INTEGER NOT NULL,
            hash TEXT NOT NULL,
            timestamp INTEGER NOT NULL,
            from_file INTEGER REFERENCES file(id),
            from_number INTEGER
          );
          CREATE UNIQUE INDEX iteration_of_file ON iteration (file, number);
          CREATE INDEX iteration_from_file ON iteration (from_file, from_number)
            WHERE from_file IS NOT NULL;
          """,
          """
          CREATE TABLE applied (
            id INTEGER PRIMARY KEY CHECK (id = 0),
            position INTEGER NOT NULL
          );
          INSERT INTO applied (id, position) VALUES (0, 0);
          CREATE INDEX file_by_inode ON file (seen_inode) WHERE live = 1;
          """,
          """
          CREATE TABLE snapshot (
            name TEXT PRIMARY KEY,
            sequence INTEGER NOT NULL,
            timestamp INTEGER NOT NULL
          );
          CREATE INDEX snapshot_by_sequence ON snapshot (sequence);
          """,
          // What is missing from before was dropped: nothing noted it then.
          """
          CREATE TABLE pruned (
            first INTEGER PRIMARY KEY,
            last INTEGER NOT NULL
          );
          INSERT INTO pruned (first, last)
            SELECT before + 1, sequence - 1 FROM (
              SELECT sequence, LAG(sequence, 1, 0) OVER (ORDER BY sequence) AS before FROM iteration)
            WHERE sequence > before + 1;
          """,
          """
          CREATE TABLE retention (
            id INTEGER PRIMARY KEY CHECK (id = 0),
            policy TEXT NOT NULL
          );
          """,
          // Of an excluded path only its latest iteration stays.
          """
          ALTER TABLE iteration ADD COLUMN excluded INTEGER NOT NULL DEFAULT 0;
          CREATE TABLE skipped (
            path TEXT NOT NULL,
            number INTEGER NOT NULL,
            reason INTEGER NOT NULL,
            first INTEGER NOT NULL,
            last INTEGER NOT NULL,
            count INTEGER NOT NULL,
            size INTEGER NOT NULL,
            PRIMARY KEY (path, number, reason)
          ) WITHOUT ROWID;
          CREATE TABLE versioning (
            id INTEGER PRIMARY KEY CHECK (id = 0),
            excluded TEXT NOT NULL
          );
          """);

  private JournalSchema() {}
}

package dev.concert.github.work;

/** The tables of the {@link WorkStore}, version by version. */
final class WorkSchema {
  /** To be run once on the database. */
  static final String SCHEMA =
      """
      CREATE TABLE item (
        id TEXT PRIMARY KEY,
        connection_id TEXT NOT NULL,
        installation INTEGER NOT NULL,
        owner TEXT NOT NULL,
        repository TEXT NOT NULL,
        repository_id INTEGER NOT NULL,
        number INTEGER NOT NULL,
        title TEXT NOT NULL,
        requester TEXT NOT NULL,
        requester_id INTEGER NOT NULL,
        branch TEXT NOT NULL,
        base TEXT,
        base_commit TEXT,
        head TEXT,
        session TEXT,
        imported INTEGER NOT NULL DEFAULT 0,
        pull INTEGER,
        open INTEGER NOT NULL DEFAULT 1,
        created_ms INTEGER NOT NULL
      );
      CREATE UNIQUE INDEX item_open ON item (connection_id, repository_id, number) WHERE open = 1;
      CREATE TABLE task (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        item TEXT NOT NULL,
        prompt TEXT NOT NULL,
        requester TEXT NOT NULL,
        review_comment INTEGER NOT NULL,
        state TEXT NOT NULL DEFAULT 'WAITING',
        turn TEXT,
        attempt INTEGER NOT NULL DEFAULT 1,
        seq INTEGER NOT NULL DEFAULT 0,
        text TEXT NOT NULL DEFAULT '',
        commit_id TEXT,
        created_ms INTEGER NOT NULL
      );
      CREATE INDEX task_of ON task (item, position);
      """;

  /** To be run once after that. */
  static final String PLANS =
      """
      ALTER TABLE item ADD COLUMN plan TEXT NOT NULL DEFAULT '{}';
      ALTER TABLE task ADD COLUMN check_run INTEGER;
      ALTER TABLE task ADD COLUMN results TEXT;
      CREATE TABLE steered (id TEXT PRIMARY KEY, item TEXT NOT NULL);
      CREATE TABLE told_fault (
        connection_id TEXT NOT NULL,
        repository_id INTEGER NOT NULL,
        object TEXT NOT NULL,
        PRIMARY KEY (connection_id, repository_id, object)
      ) WITHOUT ROWID;
      """;

  /** To be run once after that: who asked for a task, by the number that no renaming changes. */
  static final String REQUESTERS =
      """
      ALTER TABLE task ADD COLUMN requester_id INTEGER NOT NULL DEFAULT 0;
      UPDATE task SET requester_id = COALESCE(
        (SELECT requester_id FROM item WHERE item.id = task.item AND item.requester = task.requester),
        0);
      """;

  /**
   * To be run once after that: on which kind of forge work is, also when its connection is removed,
   * and where the answer of a task goes. Of what is older nobody knows the first.
   */
  static final String ANSWERS =
      """
      ALTER TABLE item ADD COLUMN platform TEXT;
      ALTER TABLE task ADD COLUMN answer_on TEXT NOT NULL DEFAULT 'STATUS';
      """;

  private WorkSchema() {}
}

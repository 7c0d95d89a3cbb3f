package dev.concert.chronicle.iteration;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Enters what happened, inside one transaction, and collects the iterations that came to be. */
final class Ledger {
  private static final String LATEST = "SELECT COALESCE(MAX(sequence), 0) FROM iteration";
  private static final String INSERT =
      "INSERT INTO iteration (sequence, file, number, change, kind, mode, size, hash, timestamp,"
          + " from_file, from_number) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private final Connection connection;
  private final Statements statements;
  private final Heads heads;
  private final Promises promises;
  private final long now;
  private final List<Iteration> entered = new ArrayList<>();
  private long sequence;

  Ledger(Connection connection, Statements statements, long now) throws SQLException {
    this.connection = connection;
    this.statements = statements;
    this.heads = new Heads(statements);
    this.promises = new Promises(statements);
    this.now = now;
    try (ResultSet row = statements.with(connection, LATEST).executeQuery()) {
      this.sequence = row.getLong(1);
    }
  }

  List<Iteration> entered() {
    return entered;
  }

  void enter(Entry entry) throws SQLException {
    switch (entry) {
      case Entry.Written written -> written(written, now);
      case Entry.Promised promised -> promises.put(connection, Promise.of(promised, now));
      case Entry.Kept kept -> kept(kept);
      case Entry.Withdrawn withdrawn -> promises.take(connection, withdrawn.path());
      case Entry.ModeChanged changed -> modeChanged(changed);
      case Entry.Removed removed -> removed(removed.path());
      case Entry.Renamed renamed -> renamed(renamed);
    }
  }

  private void kept(Entry.Kept entry) throws SQLException {
    Optional<Promise> promise = promises.take(connection, entry.path());
    if (promise.isPresent()) {
      written(promise.get().keptWith(entry.blob()), promise.get().timestamp());
    }
  }

  private void modeChanged(Entry.ModeChanged entry) throws SQLException {
    Optional<Head> known = heads.find(connection, entry.path()).filter(Head::live);
    if (known.filter(head -> head.mode() != entry.mode()).isPresent()) {
      Head head = known.get().next(entry.mode());
      heads.update(connection, head);
      enter(head, Change.MODIFIED, Optional.empty(), now);
    }
  }

  private void written(Entry.Written entry, long timestamp) throws SQLException {
    Optional<Head> known = heads.find(connection, entry.path());
    if (known.filter(head -> isSame(head, entry)).isPresent()) {
      refresh(known.get(), entry);
      return;
    }
    boolean wasLive = known.filter(Head::live).isPresent();
    Head head =
        new Head(
            known.map(Head::file).orElse(0L),
            entry.path(),
            known.map(Head::number).orElse(0L) + 1,
            true,
            entry.kind(),
            entry.mode(),
            entry.blob().size(),
            entry.blob().hash(),
            entry.signature());
    enter(
        store(head, Optional.empty()),
        wasLive ? Change.MODIFIED : Change.CREATED,
        Optional.empty(),
        timestamp);
  }

  private static boolean isSame(Head head, Entry.Written entry) {
    return head.live() && head.kind() == entry.kind() && head.hash().equals(entry.blob().hash());
  }

  /** Same content, but the file may look different now (touched, replaced by a copy). */
  private void refresh(Head head, Entry.Written entry) throws SQLException {
    if (!head.signature().equals(entry.signature()) || head.mode() != entry.mode()) {
      heads.update(
          connection,
          new Head(
              head.file(),
              head.path(),
              head.number(),
              true,
              head.kind(),
              entry.mode(),
              head.size(),
              head.hash(),
              entry.signature()));
    }
  }

  private void removed(String path) throws SQLException {
    promises.take(connection, path);
    Optional<Head> known = heads.find(connection, path).filter(Head::live);
    if (known.isPresent()) {
      enter(end(known.get()), Change.DELETED, Optional.empty(), now);
    }
  }

  private void renamed(Entry.Renamed entry) throws SQLException {
    if (entry.from().equals(entry.to())) {
      return;
    }
    for (Head head : heads.liveBelow(connection, entry.from())) {
      rename(head, entry.to() + head.path().substring(entry.from().length()));
    }
    Optional<Head> file = heads.find(connection, entry.from()).filter(Head::live);
    if (file.isPresent()) {
      rename(file.get(), entry.to());
    } else {
      // What had the new name is gone; what has it now was not recorded yet and will be.
      removed(entry.to());
    }
  }

  private void rename(Head from, String to) throws SQLException {
    Optional<Head> known = heads.find(connection, to);
    Optional<Head> origin = known.isPresent() ? Optional.empty() : Optional.of(from);
    Head renamed =
        new Head(
            known.map(Head::file).orElse(0L),
            to,
            known.map(Head::number).orElse(from.number()) + 1,
            true,
            from.kind(),
            from.mode(),
            from.size(),
            from.hash(),
            from.signature());
    enter(store(renamed, origin), Change.RENAMED, Optional.of(end(from)), now);
  }

  private Head store(Head head, Optional<Head> origin) throws SQLException {
    if (head.file() != 0) {
      heads.update(connection, head);
      return head;
    }
    long file = heads.insert(connection, head, origin);
    return new Head(
        file,
        head.path(),
        head.number(),
        true,
        head.kind(),
        head.mode(),
        head.size(),
        head.hash(),
        head.signature());
  }

  private Head end(Head head) throws SQLException {
    Head ended =
        new Head(
            head.file(),
            head.path(),
            head.number() + 1,
            false,
            head.kind(),
            head.mode(),
            0,
            "",
            head.signature());
    heads.update(connection, ended);
    return ended;
  }

  private void enter(Head head, Change change, Optional<Head> from, long timestamp)
      throws SQLException {
    sequence++;
    statements
        .with(
            connection,
            INSERT,
            sequence,
            head.file(),
            head.number(),
            change.ordinal(),
            head.kind().ordinal(),
            head.mode(),
            head.size(),
            head.hash(),
            timestamp,
            from.map(Head::file).orElse(null),
            from.map(Head::number).orElse(null))
        .executeUpdate();
    entered.add(
        new Iteration(
            sequence,
            head.path(),
            head.number(),
            change,
            head.kind(),
            head.size(),
            head.hash(),
            timestamp,
            from.map(Head::path)));
  }
}

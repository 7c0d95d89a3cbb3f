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
  private final List<Iteration> entered = new ArrayList<>();
  private long sequence;
  private long now;

  Ledger(Connection connection, Statements statements) throws SQLException {
    this.connection = connection;
    this.statements = statements;
    this.heads = new Heads(statements);
    try (ResultSet row = statements.with(connection, LATEST).executeQuery()) {
      this.sequence = row.getLong(1);
    }
  }

  List<Iteration> entered() {
    return entered;
  }

  void enter(Dated dated) throws SQLException {
    now = dated.time();
    switch (dated.entry()) {
      case Entry.Written written -> written(written);
      case Entry.ModeChanged changed -> modeChanged(changed);
      case Entry.Removed removed -> removed(removed.path());
      case Entry.Renamed renamed -> renamed(renamed);
    }
  }

  private void written(Entry.Written entry) throws SQLException {
    content(entry);
    if (entry.shared()) {
      for (Head name : heads.otherNames(connection, entry.path(), entry.signature().inode())) {
        content(
            new Entry.Written(
                name.path(), entry.kind(), entry.mode(), entry.blob(), entry.signature()));
      }
    }
  }

  private void content(Entry.Written entry) throws SQLException {
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
    enter(store(head, Optional.empty()), wasLive ? Change.MODIFIED : Change.CREATED);
  }

  private static boolean isSame(Head head, Entry.Written entry) {
    return head.live()
        && head.kind() == entry.kind()
        && head.mode() == entry.mode()
        && head.hash().equals(entry.blob().hash());
  }

  /** Same content, but the file may look different now (touched, replaced by a copy). */
  private void refresh(Head head, Entry.Written entry) throws SQLException {
    if (!head.signature().equals(entry.signature())) {
      heads.update(
          connection,
          new Head(
              head.file(),
              head.path(),
              head.number(),
              true,
              head.kind(),
              head.mode(),
              head.size(),
              head.hash(),
              entry.signature()));
    }
  }

  private void modeChanged(Entry.ModeChanged entry) throws SQLException {
    Optional<Head> known = heads.find(connection, entry.path()).filter(Head::live);
    if (known.isEmpty()) {
      return;
    }
    mode(known.get(), entry.mode());
    if (entry.shared()) {
      long inode = known.get().signature().inode();
      for (Head name : heads.otherNames(connection, entry.path(), inode)) {
        mode(name, entry.mode());
      }
    }
  }

  private void mode(Head head, int mode) throws SQLException {
    if (head.mode() != mode) {
      Head changed =
          new Head(
              head.file(),
              head.path(),
              head.number() + 1,
              true,
              head.kind(),
              mode,
              head.size(),
              head.hash(),
              head.signature());
      enter(store(changed, Optional.empty()), Change.MODIFIED);
    }
  }

  private void removed(String path) throws SQLException {
    Optional<Head> known = heads.find(connection, path).filter(Head::live);
    if (known.isPresent()) {
      enter(end(known.get()), Change.DELETED);
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
    enter(store(renamed, origin), Change.RENAMED, Optional.of(end(from)));
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

  private void enter(Head head, Change change) throws SQLException {
    enter(head, change, Optional.empty());
  }

  private void enter(Head head, Change change, Optional<Head> from) throws SQLException {
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
            now,
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
            head.mode(),
            head.size(),
            head.hash(),
            now,
            from.map(Head::path)));
  }
}

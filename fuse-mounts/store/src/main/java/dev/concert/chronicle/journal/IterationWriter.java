package dev.concert.chronicle.journal;

import dev.concert.chronicle.content.Blob;
import dev.concert.chronicle.iteration.Change;
import dev.concert.chronicle.iteration.Entry;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.TimestampedEntry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Turns entries into iterations inside one transaction, and collects the new iterations. */
final class IterationWriter {
  private static final String LATEST = "SELECT COALESCE(MAX(sequence), 0) FROM iteration";
  private static final String INSERT =
      "INSERT INTO iteration (sequence, file, number, change, kind, mode, size, hash, timestamp,"
          + " from_file, from_number) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private final Connection connection;
  private final PreparedStatements statements;
  private final FileHeads heads;
  private final Skips skips;
  private final ExcludedIterations excluded;
  private final List<Iteration> entered = new ArrayList<>();
  private long sequence;
  private long now;

  /**
   * @param excluded paths of which only the latest iteration is kept
   */
  IterationWriter(Connection connection, PreparedStatements statements, Predicate<String> excluded)
      throws SQLException {
    this.connection = connection;
    this.statements = statements;
    this.heads = new FileHeads(statements);
    this.skips = new Skips(statements);
    this.excluded = new ExcludedIterations(statements, excluded);
    try (ResultSet row = statements.with(connection, LATEST).executeQuery()) {
      this.sequence = row.getLong(1);
    }
  }

  List<Iteration> entered() {
    return entered;
  }

  void enter(TimestampedEntry dated) throws SQLException {
    now = dated.time();
    switch (dated.entry()) {
      case Entry.Written written -> written(written);
      case Entry.Skipped skipped -> skips.add(connection, skipped, now);
      case Entry.ModeChanged changed -> modeChanged(changed);
      case Entry.Removed removed -> removed(removed.path());
      case Entry.Renamed renamed -> renamed(renamed);
      case Entry.Exchanged exchanged -> exchanged(exchanged);
    }
  }

  private void written(Entry.Written entry) throws SQLException {
    content(entry);
    if (entry.shared()) {
      for (FileHead name : heads.otherNames(connection, entry.path(), entry.signature().inode())) {
        content(
            new Entry.Written(
                name.path(), entry.kind(), entry.mode(), entry.blob(), entry.signature()));
      }
    }
  }

  private void content(Entry.Written entry) throws SQLException {
    Optional<FileHead> known = heads.find(connection, entry.path());
    if (known.filter(head -> isSame(head, entry)).isPresent()) {
      refresh(known.get(), entry);
      return;
    }
    boolean wasLive = known.filter(FileHead::live).isPresent();
    FileHead head =
        new FileHead(
            known.map(FileHead::file).orElse(0L),
            entry.path(),
            known.map(FileHead::number).orElse(0L) + 1,
            true,
            entry.kind(),
            entry.mode(),
            entry.blob().size(),
            entry.blob().hash(),
            entry.signature());
    enter(store(head, Optional.empty()), wasLive ? Change.MODIFIED : Change.CREATED);
  }

  private static boolean isSame(FileHead head, Entry.Written entry) {
    return head.live()
        && head.kind() == entry.kind()
        && head.mode() == entry.mode()
        && head.hash().equals(entry.blob().hash());
  }

  /** Same content, but the file may look different now (touched, replaced by a copy). */
  private void refresh(FileHead head, Entry.Written entry) throws SQLException {
    if (!head.signature().equals(entry.signature())) {
      heads.update(
          connection,
          new FileHead(
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
    Optional<FileHead> known = heads.find(connection, entry.path()).filter(FileHead::live);
    if (known.isEmpty()) {
      return;
    }
    mode(known.get(), entry.mode());
    if (entry.shared()) {
      long inode = known.get().signature().inode();
      for (FileHead name : heads.otherNames(connection, entry.path(), inode)) {
        mode(name, entry.mode());
      }
    }
  }

  private void mode(FileHead head, int mode) throws SQLException {
    if (head.mode() != mode) {
      FileHead changed =
          new FileHead(
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
    Optional<FileHead> known = heads.find(connection, path).filter(FileHead::live);
    if (known.isPresent()) {
      enter(end(known.get()), Change.DELETED);
    }
  }

  private void renamed(Entry.Renamed entry) throws SQLException {
    if (entry.from().equals(entry.to())) {
      return;
    }
    for (FileHead head : heads.liveBelow(connection, entry.from())) {
      rename(head, entry.to() + head.path().substring(entry.from().length()));
    }
    Optional<FileHead> file = heads.find(connection, entry.from()).filter(FileHead::live);
    Optional<Entry.Skipped> skipped = skips.latest(connection, entry.from());
    if (file.isPresent()) {
      rename(file.get(), entry.to());
    } else if (skipped.isEmpty()) {
      // What had the new name is gone; what has it now was not recorded yet and will be.
      removed(entry.to());
    }
    if (skipped.isPresent()) {
      Entry.Skipped version = skipped.get();
      skips.add(connection, new Entry.Skipped(entry.to(), version.size(), version.reason()), now);
    }
  }

  /**
   * A path that was there before and after has other content now; one that was there on one side
   * only is renamed.
   */
  private void exchanged(Entry.Exchanged entry) throws SQLException {
    if (entry.one().equals(entry.other())) {
      return;
    }
    Map<String, FileHead> one = atOrBelow(entry.one());
    Map<String, FileHead> other = atOrBelow(entry.other());
    for (Map.Entry<String, FileHead> file : one.entrySet()) {
      FileHead replaced = other.remove(file.getKey());
      if (replaced == null) {
        rename(file.getValue(), entry.other() + file.getKey());
      } else {
        replace(replaced, file.getValue());
        replace(file.getValue(), replaced);
      }
    }
    for (Map.Entry<String, FileHead> file : other.entrySet()) {
      rename(file.getValue(), entry.one() + file.getKey());
    }
  }

  /** What is there, by the rest of its path. */
  private Map<String, FileHead> atOrBelow(String path) throws SQLException {
    Map<String, FileHead> found = new TreeMap<>();
    heads.find(connection, path).filter(FileHead::live).ifPresent(head -> found.put("", head));
    for (FileHead head : heads.liveBelow(connection, path)) {
      found.put(head.path().substring(path.length()), head);
    }
    return found;
  }

  private void replace(FileHead replaced, FileHead by) throws SQLException {
    content(
        new Entry.Written(
            replaced.path(), by.kind(), by.mode(), new Blob(by.hash(), by.size()), by.signature()));
  }

  private void rename(FileHead from, String to) throws SQLException {
    Optional<FileHead> known = heads.find(connection, to);
    Optional<FileHead> origin = known.isPresent() ? Optional.empty() : Optional.of(from);
    FileHead renamed =
        new FileHead(
            known.map(FileHead::file).orElse(0L),
            to,
            known.map(FileHead::number).orElse(from.number()) + 1,
            true,
            from.kind(),
            from.mode(),
            from.size(),
            from.hash(),
            from.signature());
    enter(store(renamed, origin), Change.RENAMED, Optional.of(end(from)));
  }

  private FileHead store(FileHead head, Optional<FileHead> origin) throws SQLException {
    if (head.file() != 0) {
      heads.update(connection, head);
      return head;
    }
    long file = heads.insert(connection, head, origin);
    return new FileHead(
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

  private FileHead end(FileHead head) throws SQLException {
    FileHead ended =
        new FileHead(
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

  private void enter(FileHead head, Change change) throws SQLException {
    enter(head, change, Optional.empty());
  }

  private void enter(FileHead head, Change change, Optional<FileHead> from) throws SQLException {
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
            from.map(FileHead::file).orElse(null),
            from.map(FileHead::number).orElse(null))
        .executeUpdate();
    excluded.entered(connection, head, sequence);
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
            from.map(FileHead::path)));
  }
}

package dev.concert.platform.command.sync;

import dev.concert.chronicle.localsync.ConflictPolicy;
import dev.concert.chronicle.replication.conflict.Conflict;
import dev.concert.chronicle.replication.wire.PathVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** Asks the user at the terminal how to resolve a conflict. */
final class ConflictDialog implements AutoCloseable {
  private final Terminal terminal;
  private final LineReader reader;

  ConflictDialog() {
    try {
      this.terminal = TerminalBuilder.builder().system(true).dumb(true).build();
      this.reader = LineReaderBuilder.builder().terminal(terminal).build();
    } catch (IOException e) {
      throw new UncheckedIOException("The terminal cannot be opened", e);
    }
  }

  /**
   * Blocks until the user answers. Ctrl-D leaves the conflict open.
   *
   * @throws org.jline.reader.UserInterruptException on Ctrl-C
   */
  ConflictPolicy ask(Conflict conflict) {
    terminal
        .writer()
        .printf(
            "%n%s was changed on both sides: here %s, in the workspace %s.%n",
            SyncReport.printable(conflict.path()),
            text(conflict.local()),
            text(conflict.upstream()));
    while (true) {
      switch (answer()) {
        case "l", "local", "keep-local" -> {
          return ConflictPolicy.KEEP_LOCAL;
        }
        case "u", "upstream", "accept-upstream" -> {
          return ConflictPolicy.ACCEPT_UPSTREAM;
        }
        case "m", "merge" -> {
          return ConflictPolicy.MERGE;
        }
        case "b", "both", "keep-both" -> {
          return ConflictPolicy.KEEP_BOTH;
        }
        case "s", "skip", "" -> {
          return ConflictPolicy.ASK;
        }
        default -> {
          // Not an answer: ask again.
        }
      }
    }
  }

  private String answer() {
    try {
      return reader
          .readLine("  keep [l]ocal, accept [u]pstream, [m]erge, keep [b]oth, [s]kip: ")
          .strip()
          .toLowerCase(Locale.ROOT);
    } catch (EndOfFileException e) {
      return "skip";
    }
  }

  static String text(PathVersion version) {
    return version.isDeleted() ? "deleted" : SyncReport.bytes(version.size());
  }

  @Override
  public void close() {
    try {
      terminal.close();
    } catch (IOException e) {
      throw new UncheckedIOException("The terminal cannot be closed", e);
    }
  }
}

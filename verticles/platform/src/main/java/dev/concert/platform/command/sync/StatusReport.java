package dev.concert.platform.command.sync;

import dev.concert.chronicle.replication.conflict.Conflict;
import dev.concert.chronicle.replication.replica.state.LeftOut;
import dev.concert.chronicle.replication.replica.state.PathProblems;
import dev.concert.chronicle.replication.replica.state.Undelivered;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/** Lists what is open: conflicts, files that have to wait, and what is left out. */
record StatusReport(Path folder, PrintWriter out) {
  private static final int SHOWN = 50;

  void conflicts(List<Conflict> conflicts) {
    for (Conflict conflict : conflicts) {
      out.printf(
          "! %s: here %s, in the workspace %s (iteration %d)%n",
          SyncReport.printable(conflict.path()),
          here(conflict),
          ConflictDialog.text(conflict.upstream()),
          conflict.upstreamSequence());
    }
    if (!conflicts.isEmpty()) {
      out.println("To resolve them, run this again with --on-conflict.");
    }
    out.flush();
  }

  private String here(Conflict conflict) {
    Path path = folder.resolve(conflict.path());
    return conflict.local().isDeleted() && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
        ? "a folder"
        : ConflictDialog.text(conflict.local());
  }

  /** Files of the workspace that the folder's disk cannot have for now. */
  void undelivered(PathProblems problems) {
    List<Undelivered.Entry> waiting = problems.undelivered();
    for (Undelivered.Entry one : waiting.stream().limit(SHOWN).toList()) {
      out.printf(
          "! %s (%s) has to wait: %s%n",
          SyncReport.printable(one.path()), ConflictDialog.text(one.version()), one.reason());
    }
    if (waiting.size() > SHOWN) {
      out.printf("… and %,d more%n", waiting.size() - SHOWN);
    }
    if (!waiting.isEmpty()) {
      out.printf(
          "%,d of the workspace's changes could not be made here. They are tried again.%n",
          waiting.size());
    }
    out.flush();
  }

  void leftOut(PathProblems problems) {
    LeftOut.Summary leftOut = problems.leftOut();
    for (LeftOut.Entry one : leftOut.first().stream().limit(SHOWN).toList()) {
      out.printf(
          "%s is left out: %s%n",
          SyncReport.printable(one.path()), SyncReport.reasonText(one.reason()));
    }
    if (leftOut.count() > SHOWN) {
      out.printf("… and %,d more%n", leftOut.count() - SHOWN);
    }
    if (leftOut.count() > 0) {
      out.printf("%,d left out in all.%n", leftOut.count());
    }
    out.flush();
  }
}

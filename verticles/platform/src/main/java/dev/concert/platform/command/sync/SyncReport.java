package dev.concert.platform.command.sync;

import dev.concert.chronicle.localsync.SyncListener;
import dev.concert.chronicle.localsync.SyncProgress;
import dev.concert.chronicle.localsync.SyncProgress.Copied;
import dev.concert.chronicle.replication.conflict.Conflict;
import dev.concert.chronicle.replication.wire.PathVersion;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Tells a person what a sync does: how far the first copy is, then each change as it happens.
 * Thread-safe.
 */
final class SyncReport implements SyncListener {
  /** So many lines of one kind are shown; the rest is in {@code --status}. */
  private static final int LEFT_OUT_SHOWN = 20;

  private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};

  private final PrintWriter out;
  private final boolean terminal;
  private final long begin = System.nanoTime();
  private final SyncProgress progress = new SyncProgress();
  private final CompletableFuture<String> ended = new CompletableFuture<>();
  private final BlockingQueue<Conflict> conflicts = new LinkedBlockingQueue<>();
  private int leftOut;
  private int delayed;
  private boolean copied;
  private boolean progressShown;
  private String lastProgress = "";
  private String lastTrouble = "";

  /**
   * @param terminal whether a line can be written over
   */
  SyncReport(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Completes with a sentence when the sync cannot go on. */
  CompletableFuture<String> ended() {
    return ended;
  }

  /** Conflicts that wait for a decision, as they come. */
  BlockingQueue<Conflict> conflictsToAsk() {
    return conflicts;
  }

  @Override
  public synchronized void received(String path, PathVersion version) {
    progress.received(version);
    change(version.isDeleted() ? "↓ ✗" : "↓", path);
  }

  @Override
  public synchronized void sent(String path, PathVersion version) {
    progress.sent(version);
    change(version.isDeleted() ? "↑ ✗" : "↑", path);
  }

  private void change(String mark, String path) {
    if (copied) {
      line("%s %s".formatted(mark, printable(path)));
    }
  }

  @Override
  public synchronized void caughtUp() {
    if (!lastTrouble.isEmpty()) {
      lastTrouble = "";
      line("Connected again.");
    }
  }

  @Override
  public synchronized void disconnected(String why) {
    if (!ended.isDone() && !why.equals(lastTrouble)) {
      lastTrouble = why;
      line("Not connected (%s); trying again.".formatted(why));
    }
  }

  @Override
  public synchronized void leftOut(String path, String reason) {
    if (leftOut++ < LEFT_OUT_SHOWN) {
      line("%s is left out: %s".formatted(printable(path), reasonText(reason)));
    } else if (leftOut == LEFT_OUT_SHOWN + 1) {
      line("More is left out; `concert sync DIR --status` lists it.");
    }
  }

  @Override
  public synchronized void delayed(String path, String reason) {
    if (delayed++ < LEFT_OUT_SHOWN) {
      line("! %s has to wait: %s; it is tried again".formatted(printable(path), reason));
    }
  }

  /** What the workspace and the folder say about a path, in words. */
  static String reasonText(String reason) {
    return switch (reason) {
      case "leads_out" -> "it is a symlink that leads out of the folder";
      case "path_invalid" -> "the workspace cannot have such a name";
      case "entry_invalid" -> "the workspace cannot have such a file";
      default -> reason;
    };
  }

  @Override
  public synchronized void conflict(Conflict conflict) {
    line("! %s was changed on both sides".formatted(printable(conflict.path())));
    conflicts.add(conflict);
  }

  @Override
  public synchronized void movedAside(String path, String name) {
    line(
        "! %s was in the way of the workspace's files; yours is now %s"
            .formatted(printable(path), printable(name)));
  }

  @Override
  public synchronized void merged(String path) {
    line("± %s merged".formatted(printable(path)));
  }

  @Override
  public void halted(String sentence) {
    ended.complete(sentence);
  }

  /** Shows how far the first copy is. */
  synchronized void progress(long waiting) {
    String now = copiedSoFar() + (waiting > 0 ? ", %,d to send".formatted(waiting) : "");
    boolean nothing = waiting == 0 && progress.received().files() + progress.sent().files() == 0;
    if (copied || nothing || now.equals(lastProgress)) {
      return;
    }
    lastProgress = now;
    if (terminal) {
      out.print("\r\u001b[K" + now);
      out.flush();
      progressShown = true;
    } else {
      line(now);
    }
  }

  /** The first copy is done: from now on each change is told. */
  synchronized void copied() {
    if (!copied) {
      line("In sync: " + copiedSoFar());
      copied = true;
    }
  }

  private String copiedSoFar() {
    Duration since = Duration.ofNanos(System.nanoTime() - begin);
    return "↓ %s, ↑ %s".formatted(text(progress.received(), since), text(progress.sent(), since));
  }

  private static String text(Copied copied, Duration since) {
    return "%,d files %s (%s/s)"
        .formatted(copied.files(), bytes(copied.bytes()), bytes(copied.rate(since)));
  }

  static String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 999.5 && unit < UNITS.length - 1) {
      value /= 1000;
      unit++;
    }
    return unit == 0
        ? bytes + " B"
        : String.format(Locale.ROOT, value < 9.95 ? "%.1f %s" : "%.0f %s", value, UNITS[unit]);
  }

  synchronized void line(String text) {
    if (progressShown) {
      out.print("\r\u001b[K");
      progressShown = false;
    }
    out.println(text);
    out.flush();
  }

  /** A name that cannot steer the terminal. */
  static String printable(String path) {
    StringBuilder text = new StringBuilder();
    path.codePoints()
        .forEach(
            c -> {
              int type = Character.getType(c);
              boolean hidden = type == Character.CONTROL || type == Character.FORMAT;
              text.append(hidden ? "\\u%04x".formatted(c) : Character.toString(c));
            });
    return text.toString();
  }
}

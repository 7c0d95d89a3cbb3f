package dev.concert.gateway.eventlog;

import io.vertx.core.Context;
import java.util.List;
import java.util.function.Consumer;

/**
 * One session's line into the journal. After a failed write it is broken for good: whatever was
 * queued behind the failure must not be written, or the session's numbers would have a hole. The
 * session goes on with a new line.
 */
final class JournalStream {
  private final Context context;
  private final Consumer<List<LogEntry>> onCommit;
  private final Consumer<Throwable> onFailure;
  private volatile boolean broken;

  /** The callbacks run on {@code context}. */
  JournalStream(Context context, Consumer<List<LogEntry>> onCommit, Consumer<Throwable> onFailure) {
    this.context = context;
    this.onCommit = onCommit;
    this.onFailure = onFailure;
  }

  boolean broken() {
    return broken;
  }

  void committed(List<LogEntry> entries) {
    context.runOnContext(_ -> onCommit.accept(entries));
  }

  void fail(Throwable why) {
    if (!broken) {
      broken = true;
      context.runOnContext(_ -> onFailure.accept(why));
    }
  }
}

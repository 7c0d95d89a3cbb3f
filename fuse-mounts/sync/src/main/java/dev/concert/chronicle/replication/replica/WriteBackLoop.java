package dev.concert.chronicle.replication.replica;

import dev.concert.chronicle.replication.replica.state.CommonAncestor;
import dev.concert.chronicle.replication.replica.state.LocalWrite;
import dev.concert.chronicle.replication.replica.state.Obstacles;
import dev.concert.chronicle.replication.replica.state.ReplicaState;
import dev.concert.chronicle.replication.wire.PathVersion;
import dev.concert.chronicle.replication.wire.RejectReason;
import dev.concert.chronicle.replication.wire.WireMessage.Accepted;
import dev.concert.chronicle.replication.wire.WireMessage.Rejected;
import dev.concert.chronicle.replication.wire.WireMessage.WriteBack;
import dev.concert.chronicle.replication.wire.WireMessage.WriteBackEntry;
import dev.concert.chronicle.replication.wire.WireMessage.WriteBackResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Sends local writes, one batch at a time. For the replica's thread. */
final class WriteBackLoop {
  private static final int BATCH = 256;

  /** What a failed write of a folder is remembered under: they are tried again together. */
  private static final String FOLDERS = "";

  private final String replica;
  private final ReplicaState state;
  private final FolderReconciler folders;
  private final ReplicaListener listener;
  private final PathReports reports;
  private final Consumer<String> lookAgain;
  private final WriteRetries retries = new WriteRetries();
  private final Map<Long, LocalWrite> inFlight = new HashMap<>();
  private boolean awaitsResult;
  private long latestAccepted;

  /**
   * @param lookAgain receives paths whose file is not the noticed one any more
   */
  WriteBackLoop(
      String replica,
      ReplicaState state,
      FolderReconciler folders,
      ReplicaListener listener,
      PathReports reports,
      Consumer<String> lookAgain) {
    this.replica = replica;
    this.state = state;
    this.folders = folders;
    this.listener = listener;
    this.reports = reports;
    this.lookAgain = lookAgain;
  }

  /** A new connection is caught up: what an earlier one did not answer became nothing. */
  void restart() {
    inFlight.clear();
    awaitsResult = false;
    state.writes().settleAll();
    retries.restart();
  }

  /** What failed before is tried again now. */
  void retryNow() {
    retries.restart();
  }

  /**
   * Whether nothing is left to send, but what waits for a decision about another path and what the
   * workspace could not take several times.
   */
  boolean isIdle() {
    Obstacles obstacles = state.obstacles();
    return !awaitsResult
        && state.writes().isIdle(path -> !obstacles.block(path) && retries.isAwaited(path))
        && (!retries.isAwaited(FOLDERS) || folders.isIdle(obstacles::block));
  }

  /** The latest iteration that a local write became. */
  long latestAccepted() {
    return latestAccepted;
  }

  /** Sends what waits, unless an answer is outstanding or it is too early to try again. */
  void send(MasterLink link, long position) throws IOException {
    if (awaitsResult) {
      return;
    }
    Obstacles obstacles = state.obstacles();
    int forFolders = retries.isDue(FOLDERS) ? BATCH : 0;
    List<WriteBackEntry> removed = folders.removed(forFolders, position);
    List<WriteBackEntry> made =
        folders.made(forFolders - Math.min(forFolders, removed.size()), position, obstacles::block);
    List<WriteBackEntry> files = new ArrayList<>();
    for (LocalWrite write :
        state
            .writes()
            .send(
                BATCH - removed.size() - made.size(),
                path -> !obstacles.block(path) && retries.isDue(path))) {
      inFlight.put(write.localSeq(), write);
      files.add(entry(write, position));
    }
    List<WriteBackEntry> batch = BatchOrder.of(removed, made, files);
    if (!batch.isEmpty()) {
      awaitsResult = true;
      link.send(new WriteBack(replica, batch));
    }
  }

  private WriteBackEntry entry(LocalWrite write, long position) {
    // Whatever was applied up to here was brought together with this write already.
    long seen = Math.max(position, state.base(write.path()).sequence());
    PathVersion version = write.version();
    return new WriteBackEntry(
        write.localSeq(),
        write.path(),
        version.hash(),
        version.size(),
        version.permissions(),
        seen);
  }

  /** Answers with whether the master knows of changes that the replica has not seen. */
  boolean result(WriteBackResult result) {
    result.accepted().forEach(this::accepted);
    boolean behind = false;
    for (Rejected rejected : result.rejected()) {
      RejectReason reason = RejectReason.of(rejected.reason());
      behind |= reason == RejectReason.CONFLICT;
      rejected(rejected, reason);
    }
    inFlight.clear();
    awaitsResult = false;
    return behind;
  }

  private void accepted(Accepted accepted) {
    if (folders.accepted(accepted.localSeq())) {
      retries.succeeded(FOLDERS);
      return;
    }
    LocalWrite sent = inFlight.remove(accepted.localSeq());
    if (sent == null) {
      return;
    }
    latestAccepted = Math.max(latestAccepted, accepted.masterIteration());
    String path = sent.path();
    retries.succeeded(path);
    reports.settled(path);
    boolean isCurrent = accepted.masterIteration() >= state.base(path).sequence();
    Optional<LocalWrite> now = state.writes().find(path);
    if (now.flatMap(LocalWrite::sent).filter(sent.version()::equals).isEmpty()) {
      // A notification that came before this answer has decided what the path is.
      return;
    }
    boolean isLatest = now.filter(write -> write.localSeq() == sent.localSeq()).isPresent();
    CommonAncestor base =
        new CommonAncestor(
            accepted.masterIteration(),
            sent.version(),
            isLatest ? sent.signature() : Optional.empty());
    if (isCurrent && isLatest) {
      state.agree(path, base);
    } else if (isCurrent) {
      state.arrived(path, base);
    } else {
      state.writes().settled(path);
    }
    listener.accepted(path, sent.version());
  }

  private void rejected(Rejected rejected, RejectReason reason) {
    boolean forGood = reason == RejectReason.PATH_INVALID || reason == RejectReason.ENTRY_INVALID;
    boolean failed = reason == RejectReason.FAILED || reason == RejectReason.CONTENT_UNAVAILABLE;
    if (folders.rejected(rejected.localSeq(), forGood)) {
      if (failed) {
        retries.failed(FOLDERS);
      }
      return;
    }
    LocalWrite sent = inFlight.remove(rejected.localSeq());
    if (sent == null) {
      return;
    }
    state.writes().settled(sent.path());
    if (failed) {
      retries.failed(sent.path());
    }
    if (reason == RejectReason.FAILED && !retries.isAwaited(sent.path())) {
      reports.delayed(sent.path(), "the workspace cannot take it now");
    }
    if (reason == RejectReason.CONTENT_UNAVAILABLE) {
      lookAgain.accept(sent.path());
    }
    if (forGood) {
      state.writes().park(sent.path());
      reports.refused(sent.path(), rejected.reason());
    }
  }
}

package dev.concert.chronicle.replication.replica;

import dev.concert.chronicle.replication.wire.RejectReason;
import dev.concert.chronicle.replication.wire.Version;
import dev.concert.chronicle.replication.wire.WireMessage.Accepted;
import dev.concert.chronicle.replication.wire.WireMessage.Rejected;
import dev.concert.chronicle.replication.wire.WireMessage.WriteBack;
import dev.concert.chronicle.replication.wire.WireMessage.WriteBackEntry;
import dev.concert.chronicle.replication.wire.WireMessage.WriteBackResult;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Sends local writes, one batch at a time. For the replica's thread. */
final class WriteBackLoop {
  private static final int BATCH = 256;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final String replica;
  private final ReplicaState state;
  private final FolderChanges folders;
  private final ReplicaListener listener;
  private final Consumer<String> lookAgain;
  private final Map<Long, LocalWrite> inFlight = new HashMap<>();
  private boolean awaitsResult;
  private Duration pause = Duration.ZERO;
  private long notBefore = System.nanoTime();
  private long latestAccepted;

  /**
   * @param lookAgain is told of paths that are not what was noticed
   */
  WriteBackLoop(
      String replica,
      ReplicaState state,
      FolderChanges folders,
      ReplicaListener listener,
      Consumer<String> lookAgain) {
    this.replica = replica;
    this.state = state;
    this.folders = folders;
    this.listener = listener;
    this.lookAgain = lookAgain;
  }

  /** A new connection is caught up: what an earlier one did not answer became nothing. */
  void restart() {
    inFlight.clear();
    awaitsResult = false;
    state.writes().settleAll();
    notBefore = System.nanoTime();
  }

  boolean isIdle() {
    return !awaitsResult && state.writes().waiting() == 0 && folders.isIdle();
  }

  /** The latest iteration that a local write became. */
  long latestAccepted() {
    return latestAccepted;
  }

  /** Sends what waits, unless an answer is outstanding or it is too early to try again. */
  void send(MasterLink link, long position) throws IOException {
    if (awaitsResult || System.nanoTime() - notBefore < 0) {
      return;
    }
    List<WriteBackEntry> removed = folders.removed(BATCH, position);
    List<WriteBackEntry> made = folders.made(BATCH - removed.size(), position);
    List<WriteBackEntry> files = new ArrayList<>();
    for (LocalWrite write : state.writes().send(BATCH - removed.size() - made.size())) {
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
    Version version = write.version();
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
    boolean failed = false;
    for (Rejected rejected : result.rejected()) {
      RejectReason reason = RejectReason.of(rejected.reason());
      behind |= reason == RejectReason.CONFLICT;
      failed |= reason == RejectReason.FAILED || reason == RejectReason.CONTENT_UNAVAILABLE;
      rejected(rejected, reason);
    }
    inFlight.clear();
    awaitsResult = false;
    pause = failed ? longer(pause) : Duration.ZERO;
    notBefore = System.nanoTime() + pause.toNanos();
    return behind;
  }

  private static Duration longer(Duration pause) {
    Duration longer = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
    return longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
  }

  private void accepted(Accepted accepted) {
    if (folders.accepted(accepted.localSeq())) {
      return;
    }
    LocalWrite sent = inFlight.remove(accepted.localSeq());
    if (sent == null) {
      return;
    }
    latestAccepted = Math.max(latestAccepted, accepted.masterIteration());
    String path = sent.path();
    boolean isCurrent = accepted.masterIteration() >= state.base(path).sequence();
    Optional<LocalWrite> now = state.writes().find(path);
    if (now.flatMap(LocalWrite::sent).filter(sent.version()::equals).isEmpty()) {
      // A notification that came before this answer has decided what the path is.
      return;
    }
    boolean isLatest = now.filter(write -> write.localSeq() == sent.localSeq()).isPresent();
    Base base =
        new Base(
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
    if (folders.rejected(rejected.localSeq(), forGood)) {
      return;
    }
    LocalWrite sent = inFlight.remove(rejected.localSeq());
    if (sent == null) {
      return;
    }
    state.writes().settled(sent.path());
    if (reason == RejectReason.CONTENT_UNAVAILABLE) {
      lookAgain.accept(sent.path());
    }
    if (forGood) {
      state.writes().park(sent.path());
      listener.refused(sent.path(), rejected.reason());
    }
  }
}

package dev.concert.chronicle.replication.replica;

import dev.concert.chronicle.replication.conflict.Conflict;
import dev.concert.chronicle.replication.conflict.Resolution;
import dev.concert.chronicle.replication.replica.files.ReplicaFiles;
import dev.concert.chronicle.replication.replica.state.PathProblems;
import dev.concert.chronicle.replication.replica.state.ReplicaState;
import dev.concert.chronicle.replication.wire.WireChannel;
import dev.concert.chronicle.replication.wire.WireException;
import dev.concert.chronicle.replication.wire.WireMessage;
import dev.concert.chronicle.replication.wire.WireMessage.BarrierConfirmation;
import dev.concert.chronicle.replication.wire.WireMessage.BarrierRequest;
import dev.concert.chronicle.replication.wire.WireMessage.FullResyncRequired;
import dev.concert.chronicle.replication.wire.WireMessage.Heartbeat;
import dev.concert.chronicle.replication.wire.WireMessage.Notification;
import dev.concert.chronicle.replication.wire.WireMessage.WriteBackResult;
import dev.concert.foundation.retry.Backoff;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replica's thread: does one thing after the other, and connects when there is no connection.
 */
final class ReplicaLoop {
  private static final Logger LOG = LoggerFactory.getLogger(ReplicaLoop.class);
  private static final Duration TICK = Duration.ofMillis(250);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Backoff RETRY = Backoff.of(Duration.ofSeconds(2), Duration.ofMinutes(1));

  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  private final ReplicaOptions options;
  private final ReplicaFiles files;
  private final Connector connector;
  private final ReplicaListener listener;
  private final PathReports reports;
  private final ReplicaState state;
  private final LocalChangeDetector local;
  private final FolderReconciler folders;
  private final Reconciler reconciling;
  private final WriteBackLoop writeBack;
  private final BoundedWorkQueue mailbox = new BoundedWorkQueue();
  private final Set<String> dirty = ConcurrentHashMap.newKeySet();
  private final List<CompletableFuture<Void>> settling = new ArrayList<>();
  private final List<CompletableFuture<Void>> behindBarrier = new ArrayList<>();
  private final WriteContents served;
  private volatile boolean stopped;
  private volatile boolean otherRules;
  private volatile boolean everythingIsDirty = true;
  private volatile Optional<MasterLink> link = Optional.empty();
  private Optional<ReplicationCursor> course = Optional.empty();
  private boolean writesBegun;
  private final Backoff backoff;
  private int failures;
  private long notBefore = System.nanoTime();
  private int retries;
  private long retryAt = System.nanoTime();

  ReplicaLoop(
      ReplicaOptions options,
      ReplicaFiles files,
      Connector connector,
      ReplicaListener listener,
      ReplicaState state,
      InstantSource clock) {
    this.options = options;
    this.backoff = new Backoff(FIRST_PAUSE, options.longestPause(), 0.5);
    this.files = files;
    this.connector = connector;
    this.listener = listener;
    this.state = state;
    this.reports = new PathReports(listener, state.leftOut());
    this.local = new LocalChangeDetector(files, state, clock, reports);
    this.folders = new FolderReconciler(files.folders(), state.folders());
    HeldContents held = new HeldContents(options.folder().resolve("held"));
    this.reconciling =
        new Reconciler(options.name(), files, state, local, folders, held, listener, reports);
    this.writeBack =
        new WriteBackLoop(options.name(), state, folders, listener, reports, dirty::add);
    this.served = new WriteContents(files, state);
  }

  void run() {
    try {
      while (!stopped) {
        if (link.isEmpty() && System.nanoTime() - notBefore >= 0) {
          connect();
        }
        mailbox
            .take(link.isPresent() || !dirty.isEmpty() ? TICK : waitForConnect())
            .ifPresent(Runnable::run);
        step(this::compareAgain);
        step(this::lookAtDirty);
        step(this::sendAndSettle);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      LOG.error("A replica stopped working", e);
      throw e;
    } finally {
      stopped = true;
      mailbox.end();
      link.ifPresent(MasterLink::close);
      settling.forEach(waiting -> waiting.cancel(false));
      behindBarrier.forEach(waiting -> waiting.cancel(false));
    }
  }

  private Duration waitForConnect() {
    return Duration.ofNanos(Math.clamp(notBefore - System.nanoTime(), 1, TICK.toNanos()));
  }

  /** Does something that may fail for now: then the connection is given up and made again. */
  private void step(Step step) {
    try {
      step.run();
    } catch (IOException | RuntimeException e) {
      // The listener tells a person; a stack trace is of use to a developer only.
      LOG.debug("A replica could not go on and tries again", e);
      lost(link, e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  private void connect() {
    try {
      WireChannel channel = new WireChannel(connector.connect());
      MasterLink made =
          MasterLink.start(
              channel,
              options.folder().resolve("staging"),
              served,
              new Deliveries(),
              options.timeout());
      link = Optional.of(made);
      ReplicationCursor begun =
          new ReplicationCursor(
              options.name(), made, mailbox, files, state, reconciling, folders, listener, reports);
      folders.restart();
      course = Optional.of(begun);
      writesBegun = false;
      begun.catchUp();
    } catch (IOException | RuntimeException e) {
      lost(link, e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  private void lost(Optional<MasterLink> which, String why) {
    which.ifPresent(MasterLink::close);
    if (stopped || !which.equals(link)) {
      return;
    }
    link = Optional.empty();
    course = Optional.empty();
    settling.addAll(behindBarrier);
    behindBarrier.clear();
    notBefore = System.nanoTime() + backoff.after(++failures).toNanos();
    listener.disconnected(why);
  }

  private final class Deliveries implements MasterLink.Receiver {
    @Override
    public void received(MasterLink from, WireMessage message) throws InterruptedException {
      mailbox.deliver(message, () -> handle(from, message));
    }

    @Override
    public void lost(MasterLink gone, String why) {
      mailbox.put(() -> ReplicaLoop.this.lost(Optional.of(gone), why));
    }
  }

  private void handle(MasterLink from, WireMessage message) {
    if (link.filter(from::equals).isPresent()) {
      step(() -> handle(course.orElseThrow(), message));
    }
  }

  private void handle(ReplicationCursor now, WireMessage message) throws IOException {
    switch (message) {
      case Notification notification -> now.notification(notification);
      case FullResyncRequired resync -> now.fullResync(resync);
      case Heartbeat heartbeat -> heartbeat(now, heartbeat);
      case WriteBackResult result -> {
        if (writeBack.result(result)) {
          now.catchUp();
        }
      }
      case BarrierConfirmation confirmation -> confirmed(confirmation);
      default ->
          throw new WireException("a master does not say " + message.getClass().getSimpleName());
    }
  }

  private void heartbeat(ReplicationCursor now, Heartbeat heartbeat) throws IOException {
    now.heartbeat(heartbeat);
    if (now.caughtUp() && !writesBegun) {
      // Not each time: an answer of this connection may still be on its way.
      writesBegun = true;
      writeBack.restart();
      retryAt = System.nanoTime();
      failures = 0;
    }
  }

  private void confirmed(BarrierConfirmation confirmation) {
    List<CompletableFuture<Void>> done = List.copyOf(behindBarrier);
    behindBarrier.clear();
    if (confirmation.satisfied()) {
      done.forEach(waiting -> waiting.complete(null));
    } else {
      settling.addAll(done);
    }
  }

  private void lookAtDirty() {
    if (everythingIsDirty) {
      everythingIsDirty = false;
      try {
        local.lookAtAll(position());
        folders.lookAtAll();
      } catch (RuntimeException e) {
        everythingIsDirty = true;
        throw e;
      }
    }
    for (String path : List.copyOf(dirty)) {
      dirty.remove(path);
      try {
        local.look(path, position());
        folders.lookAround(path);
      } catch (RuntimeException e) {
        dirty.add(path);
        throw e;
      }
    }
  }

  private long position() {
    return course.map(ReplicationCursor::position).orElseGet(state::position);
  }

  private void sendAndSettle() throws IOException {
    if (course.filter(ReplicationCursor::caughtUp).isEmpty()) {
      return;
    }
    retryUndelivered();
    writeBack.send(link.orElseThrow(), position());
    if (!settling.isEmpty() && behindBarrier.isEmpty() && isQuiet()) {
      behindBarrier.addAll(settling);
      settling.clear();
      link.orElseThrow().send(new BarrierRequest(writeBack.latestAccepted()));
    }
  }

  /** What the disk could not have may fit by now. */
  private void retryUndelivered() throws IOException {
    if (state.obstacles().here().isEmpty()) {
      retries = 0;
    } else if (System.nanoTime() - retryAt >= 0) {
      reconciling.retry(course.orElseThrow()::content);
      retryAt = System.nanoTime() + RETRY.after(++retries).toNanos();
    }
  }

  private boolean isQuiet() {
    return !otherRules && dirty.isEmpty() && !everythingIsDirty && writeBack.isIdle();
  }

  void changed(Collection<String> paths) {
    dirty.addAll(paths);
    mailbox.put(() -> {});
  }

  void rescan() {
    everythingIsDirty = true;
    mailbox.put(() -> {});
  }

  CompletableFuture<Void> settle() {
    CompletableFuture<Void> settled = new CompletableFuture<>();
    put(
        settled,
        () -> {
          settling.add(settled);
          writeBack.retryNow();
          retryAt = System.nanoTime();
        });
    return settled;
  }

  <T> CompletableFuture<T> ask(Supplier<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    put(answer, () -> answer.complete(question.get()));
    return answer;
  }

  /** What takes part may be different now; nothing is sent before everything was compared. */
  void resync() {
    otherRules = true;
    mailbox.put(() -> {});
  }

  private void compareAgain() throws IOException {
    if (otherRules && course.filter(ReplicationCursor::caughtUp).isPresent()) {
      otherRules = false;
      course.get().compareAgain();
    }
  }

  CompletableFuture<Optional<byte[]>> upstreamContent(String path, int longest) {
    CompletableFuture<Optional<byte[]>> answer = new CompletableFuture<>();
    put(answer, () -> answer.complete(reconciling.heldContent(path, longest)));
    return answer;
  }

  CompletableFuture<Boolean> resolve(String path, Resolution resolution, long upstreamSequence) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    put(
        done,
        () -> {
          boolean decided =
              reconciling.resolve(
                  path,
                  resolution,
                  upstreamSequence,
                  version ->
                      course
                          .orElseThrow(() -> new IOException("There is no connection"))
                          .content(version));
          done.complete(decided);
        });
    return done;
  }

  private void put(CompletableFuture<?> answer, Step step) {
    mailbox.put(
        () -> {
          try {
            step.run();
          } catch (IOException | RuntimeException e) {
            answer.completeExceptionally(e);
          }
        });
    if (stopped) {
      answer.completeExceptionally(new CancellationException("The replica is closed"));
    }
  }

  List<Conflict> conflicts() {
    return state.conflicts();
  }

  /** What is wrong with single paths. */
  PathProblems problems() {
    return new PathProblems(state.undelivered().all(), state.leftOut().summary());
  }

  ReplicaStatus status() {
    return new ReplicaStatus(
        link.isPresent(),
        course.filter(ReplicationCursor::caughtUp).isPresent(),
        position(),
        state.writes().waiting(),
        state.held().size());
  }

  void stop() {
    stopped = true;
    link.ifPresent(MasterLink::close);
    mailbox.put(() -> {});
  }
}

package dev.concert.chronicle.replication.master;

import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.replication.exchange.ContentFetcher;
import dev.concert.chronicle.replication.exchange.ContentServer;
import dev.concert.chronicle.replication.exchange.Watchdog;
import dev.concert.chronicle.replication.wire.FolderEntry;
import dev.concert.chronicle.replication.wire.Transport;
import dev.concert.chronicle.replication.wire.WireChannel;
import dev.concert.chronicle.replication.wire.WireException;
import dev.concert.chronicle.replication.wire.WireMessage;
import dev.concert.chronicle.replication.wire.WireMessage.Accepted;
import dev.concert.chronicle.replication.wire.WireMessage.Ack;
import dev.concert.chronicle.replication.wire.WireMessage.BarrierRequest;
import dev.concert.chronicle.replication.wire.WireMessage.CatchupRequest;
import dev.concert.chronicle.replication.wire.WireMessage.ContentFetchRequest;
import dev.concert.chronicle.replication.wire.WireMessage.ContentFetchResponse;
import dev.concert.chronicle.replication.wire.WireMessage.ContentNotFound;
import dev.concert.chronicle.replication.wire.WireMessage.WriteBack;
import dev.concert.chronicle.replication.wire.WireMessage.WriteBackEntry;
import dev.concert.chronicle.replication.wire.WireMessage.WriteBackResult;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of one replica. Four virtual threads: one reads and never sends, one sends
 * iterations, one serves contents, one applies writes. Where any of them fails, the connection
 * ends.
 */
final class ReplicaSession implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReplicaSession.class);

  @FunctionalInterface
  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  private final Master master;
  private final MasterWorkspace workspace;
  private final MasterOptions options;
  private final Transport transport;
  private final FetchGrants offered = new FetchGrants();
  private final FolderNotifications folders;
  private final BlockingQueue<Optional<String>> asked =
      new ArrayBlockingQueue<>(2 * ContentFetcher.WINDOW);
  private final BlockingQueue<Optional<WriteBack>> writes = new ArrayBlockingQueue<>(2);
  private final CountDownLatch writesDone = new CountDownLatch(1);
  private volatile boolean closed;
  private volatile long acknowledged;
  private String name = "";
  private WireChannel channel;
  private ChangeFeed pump;
  private ContentFetcher contents;

  ReplicaSession(
      Master master, MasterWorkspace workspace, MasterOptions options, Transport transport) {
    this.master = master;
    this.workspace = workspace;
    this.options = options;
    this.transport = transport;
    this.folders = new FolderNotifications(workspace);
  }

  void start() {
    try {
      channel = new WireChannel(transport);
    } catch (IOException e) {
      LOG.debug("A replica was gone before it began", e);
      writesDone.countDown();
      close();
      return;
    }
    pump = new ChangeFeed(channel, workspace, options, offered, folders);
    contents = new ContentFetcher(channel, options.staging());
    run("sync-pump", pump::run);
    run("sync-serving", this::serve);
    run("sync-writes", this::takeWrites);
    run("sync-reader", this::read);
    Watchdog.watch(channel, options.timeout(), () -> !closed);
  }

  private void run(String thread, Work work) {
    Thread.ofVirtual()
        .name(thread)
        .start(
            () -> {
              try {
                work.run();
              } catch (WireException e) {
                LOG.warn(
                    "A replica of workspace {} is cut off: {}",
                    master.workspaceId(),
                    e.getMessage());
              } catch (IOException e) {
                LOG.debug("A replica of workspace {} is gone", master.workspaceId(), e);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (RuntimeException e) {
                LOG.error("A replica of workspace {} is cut off", master.workspaceId(), e);
              } finally {
                close();
              }
            });
  }

  private void read() throws IOException, InterruptedException {
    Optional<WireMessage> message = channel.receive();
    while (message.isPresent()) {
      if (name.isEmpty() && !(message.get() instanceof CatchupRequest)) {
        throw new WireException("a connection begins with a CatchupRequest");
      }
      dispatch(message.get());
      message = channel.receive();
    }
  }

  private void dispatch(WireMessage message) throws IOException, InterruptedException {
    switch (message) {
      case CatchupRequest request -> catchUp(request);
      case Ack ack -> {
        acknowledged = ack.upToSequence();
        offered.acknowledged(ack.upToSequence());
      }
      case ContentFetchRequest request -> queue(asked, request.contentHash());
      case ContentFetchResponse response -> contents.received(response);
      case ContentNotFound missing -> contents.notFound(missing.contentHash());
      case BarrierRequest barrier -> pump.barrier(barrier.sequence());
      case WriteBack batch -> {
        if (!batch.sandboxId().equals(name)) {
          throw new WireException("a replica writes under another name than its own");
        }
        queue(writes, batch);
      }
      case WireMessage.Notification unexpected -> throw unexpected(unexpected);
      case WireMessage.Heartbeat unexpected -> throw unexpected(unexpected);
      case WireMessage.WriteBackResult unexpected -> throw unexpected(unexpected);
      case WireMessage.BarrierConfirmation unexpected -> throw unexpected(unexpected);
      case WireMessage.FullResyncRequired unexpected -> throw unexpected(unexpected);
    }
  }

  private static WireException unexpected(WireMessage message) {
    return new WireException("a replica does not say " + message.getClass().getSimpleName());
  }

  private static <T> void queue(BlockingQueue<Optional<T>> queue, T request) throws WireException {
    if (!queue.offer(Optional.of(request))) {
      throw new WireException("a replica asks for too much at a time");
    }
  }

  private void catchUp(CatchupRequest request) throws WireException, InterruptedException {
    if (request.sandboxId().isEmpty() || request.sandboxId().length() > 128) {
      throw new WireException("a replica's name has 1 to 128 characters");
    }
    if (name.isEmpty()) {
      name = request.sandboxId();
      master.named(name, this);
    } else if (!name.equals(request.sandboxId())) {
      throw new WireException("a replica changes its name");
    }
    pump.catchUp(request.sinceSequence());
  }

  private void serve() throws IOException, InterruptedException {
    try (ContentServer serving =
        new ContentServer(
            hash ->
                offered
                    .size(hash)
                    .or(() -> liveSize(hash))
                    .flatMap(size -> workspace.content(hash, size)))) {
      Optional<String> hash = asked.take();
      while (hash.isPresent() && !closed) {
        channel.send(serving.answer(hash.get()));
        hash = asked.take();
      }
    }
  }

  /** A replica whose disk was full asks for what the workspace still has, after it was told. */
  private Optional<Long> liveSize(String hash) {
    return workspace.snapshot().live().stream()
        .filter(live -> live.hash().equals(hash))
        .map(Iteration::size)
        .findFirst();
  }

  private void takeWrites() throws IOException, InterruptedException {
    WriteBackHandler taking =
        new WriteBackHandler(
            master.workspaceId(),
            workspace,
            options,
            contents,
            folders,
            master.reconciling(),
            () -> !closed);
    try {
      Optional<WriteBack> batch = writes.take();
      while (batch.isPresent() && !closed) {
        WriteBackResult result = taking.take(batch.get());
        folders.taken(taken(batch.get(), result), () -> channel.send(result));
        batch = writes.take();
      }
    } finally {
      writesDone.countDown();
    }
  }

  /** The folders among the entries that were taken. */
  private static List<WriteBackEntry> taken(WriteBack batch, WriteBackResult result) {
    Set<Long> taken =
        result.accepted().stream().map(Accepted::localSeq).collect(Collectors.toSet());
    return batch.entries().stream()
        .filter(FolderEntry::isOne)
        .filter(entry -> taken.contains(entry.localSeq()))
        .toList();
  }

  void advanced() {
    if (pump != null) {
      pump.advanced();
    }
  }

  long acknowledged() {
    return acknowledged;
  }

  /** Waits until nothing is written any more; the session is closed. */
  void awaitWrites() throws InterruptedException {
    if (!writesDone.await(options.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
      LOG.warn("A write of a replica of workspace {} takes very long", master.workspaceId());
    }
  }

  @Override
  public void close() {
    closed = true;
    transport.close();
    if (pump != null) {
      pump.end();
      contents.close();
    }
    asked.clear();
    asked.offer(Optional.empty());
    writes.clear();
    writes.offer(Optional.empty());
    master.ended(this);
  }
}

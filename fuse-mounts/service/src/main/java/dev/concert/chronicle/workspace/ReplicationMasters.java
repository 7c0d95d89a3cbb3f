package dev.concert.chronicle.workspace;

import dev.concert.chronicle.replication.master.Master;
import dev.concert.chronicle.replication.master.MasterOptions;
import dev.concert.chronicle.replication.transport.UnixListener;
import dev.concert.chronicle.replication.wire.Transport;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The masters of this host's workspaces, each made when the first replica comes, and the sockets of
 * those that are in use. Thread-safe.
 */
public final class ReplicationMasters implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReplicationMasters.class);
  private static final int WRITERS = 4;

  private final Workspaces workspaces;
  private final MasterOptions options;
  private final ExecutorService writers =
      Executors.newFixedThreadPool(
          WRITERS, Thread.ofPlatform().daemon().name("sync-writer-", 0).factory());
  private final Map<String, Master> masters = new ConcurrentHashMap<>();
  private final Map<String, UnixListener> listeners = new ConcurrentHashMap<>();

  public ReplicationMasters(Workspaces workspaces, Path staging) {
    this.workspaces = workspaces;
    this.options = MasterOptions.of(staging);
  }

  /** On whose threads live workspaces are changed. */
  public ExecutorService writers() {
    return writers;
  }

  /** A replica came. Does not block. */
  public void accept(String id, Transport transport) {
    masters
        .computeIfAbsent(id, key -> new Master(key, workspaces.replicated(key, writers), options))
        .accept(transport);
  }

  /** The workspace has new iterations. Does not block. */
  public void advanced(String id) {
    Optional.ofNullable(masters.get(id)).ifPresent(Master::advanced);
  }

  /** How many replicas are connected. */
  public int replicas() {
    return masters.values().stream().mapToInt(Master::replicas).sum();
  }

  /** Lets replicas of this host in; one that is let in already stays. */
  public void listen(String id) {
    listeners.computeIfAbsent(
        id, key -> listening(key, workspaces.folder(key).socket()).orElse(null));
  }

  /** Sees to it that the workspace exists; answers with its id. */
  public String prepare(String id) {
    return workspaces.existing(id);
  }

  /** A workspace without a socket is better than none. */
  private Optional<UnixListener> listening(String id, Path socket) {
    try {
      return Optional.of(UnixListener.listen(socket, transport -> accept(id, transport)));
    } catch (UncheckedIOException e) {
      LOG.warn(
          "Replicas of this host cannot reach workspace {}: {}", id, e.getCause().getMessage());
      return Optional.empty();
    }
  }

  public void stopListening(String id) {
    try {
      Optional.ofNullable(listeners.remove(id)).ifPresent(UnixListener::close);
    } catch (UncheckedIOException e) {
      // On a disk that can only be read the socket stays; the next one takes its place.
      LOG.warn("The socket of workspace {} stays behind: {}", id, e.getCause().getMessage());
    }
  }

  /** The workspace is being deleted: its replicas are cut off. */
  public void forget(String id) {
    stopListening(id);
    Optional.ofNullable(masters.remove(id)).ifPresent(Master::close);
  }

  @Override
  public void close() {
    listeners.keySet().forEach(this::stopListening);
    masters.values().forEach(Master::close);
    writers.shutdown();
  }
}

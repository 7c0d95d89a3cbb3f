package dev.concert.chronicle.replication.master;

import dev.concert.chronicle.replication.wire.Transport;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The master of one workspace. Thread-safe. */
public final class Master implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Master.class);

  private final String workspaceId;
  private final MasterWorkspace workspace;
  private final MasterOptions options;
  private final Set<ReplicaSession> sessions = ConcurrentHashMap.newKeySet();
  private final Map<String, ReplicaSession> named = new ConcurrentHashMap<>();

  /** One write at a time is compared with the journal and made. */
  private final ReentrantLock reconciling = new ReentrantLock(true);

  private volatile boolean closed;

  /**
   * @param workspaceId for the log
   */
  public Master(String workspaceId, MasterWorkspace workspace, MasterOptions options) {
    this.workspaceId = workspaceId;
    this.workspace = workspace;
    this.options = options;
  }

  /** Takes over a connection of a replica. Does not block. */
  public void accept(Transport transport) {
    if (closed || sessions.size() >= options.maxReplicas()) {
      LOG.warn("Workspace {} takes no more replicas", workspaceId);
      transport.close();
      return;
    }
    ReplicaSession session = new ReplicaSession(this, workspace, options, transport);
    sessions.add(session);
    session.start();
    if (closed) {
      session.close();
    }
  }

  /** The workspace has new iterations. Does not block. */
  public void advanced() {
    sessions.forEach(ReplicaSession::advanced);
  }

  /** How many replicas are connected. */
  public int replicas() {
    return sessions.size();
  }

  /** Up to which sequence each replica said that it has everything, by its name. */
  public Map<String, Long> acknowledged() {
    Map<String, Long> sequences = new ConcurrentHashMap<>();
    named.forEach((name, session) -> sequences.put(name, session.acknowledged()));
    return Map.copyOf(sequences);
  }

  /**
   * The session says who it is. An older one of the same name is closed, and what it was writing is
   * written when this returns.
   */
  void named(String name, ReplicaSession session) throws InterruptedException {
    ReplicaSession older = named.put(name, session);
    if (older != null && older != session) {
      older.close();
      older.awaitWrites();
    }
  }

  void ended(ReplicaSession session) {
    sessions.remove(session);
    named.values().removeIf(session::equals);
  }

  String workspaceId() {
    return workspaceId;
  }

  ReentrantLock reconciling() {
    return reconciling;
  }

  @Override
  public void close() {
    closed = true;
    List.copyOf(sessions).forEach(ReplicaSession::close);
  }
}

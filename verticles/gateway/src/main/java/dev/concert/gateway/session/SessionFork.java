package dev.concert.gateway.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bus.Addresses;
import dev.concert.gateway.eventlog.MessagePoint;
import dev.concert.json.Json;
import dev.concert.protocol.Identity;
import dev.concert.protocol.RewindMessage.ForkSession;
import dev.concert.protocol.SessionEvent;
import dev.concert.protocol.SessionMeta;
import dev.concert.protocol.SessionState;
import dev.concert.workspace.SnapshotMessages.ForkWorkspace;
import dev.concert.workspace.SnapshotMessages.WorkspaceForked;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Makes a new session of an earlier point of another: its messages and its files. The new session's
 * row is hidden until everything is there, as that of a session whose deletion was begun: wherever
 * the process ends, the new session is whole, or the next start removes what there is of it.
 * Thread-safe.
 */
final class SessionFork {
  private static final Duration TIMEOUT = Duration.ofMinutes(9);
  private static final int PAGE = 500;

  private final SessionServices services;
  private final SessionDeletion deletion;

  SessionFork(SessionServices services, SessionDeletion deletion) {
    this.services = services;
    this.deletion = deletion;
  }

  /**
   * Forks a session whose events are all in its database.
   *
   * @return what a list shows of the new session
   */
  Future<SessionMeta> run(SessionMeta source, Identity who, ForkSession message) {
    return services
        .databases()
        .with(source.id(), store -> store.point(Optional.ofNullable(message.messageId())))
        .compose(point -> fork(source, who, message, point));
  }

  private Future<SessionMeta> fork(
      SessionMeta source, Identity who, ForkSession message, MessagePoint point) {
    // The present files where the latest message is meant, and what people wrote since with them.
    boolean present = message.messageId() == null && point.isAnswer();
    long files = present ? MessagePoint.NOW : point.filesAfter();
    if (files == MessagePoint.UNKNOWN) {
      return Future.failedFuture(SessionRewind.unknownFiles(point));
    }
    SessionMeta fork = meta(source, who, message, point);
    return services
        .registries()
        .insertHidden(fork)
        .compose(_ -> forkFiles(source, fork, files))
        .compose(forked -> copy(source, fork, point, forked.latest()))
        .map(copied -> fork.withState(SessionState.INACTIVE, copied, fork.updatedAt()))
        .compose(whole -> services.registries().reveal(whole).map(whole))
        .recover(
            failure ->
                deletion
                    .run(fork, Future::succeededFuture)
                    .transform(_ -> Future.failedFuture(failure)));
  }

  private static SessionMeta meta(
      SessionMeta source, Identity who, ForkSession message, MessagePoint point) {
    long now = System.currentTimeMillis();
    return new SessionMeta(
        UUID.randomUUID().toString(),
        source.tenantId(),
        message.name() == null ? source.name() : message.name(),
        source.agentType(),
        source.model(),
        source.projectId(),
        SessionState.INACTIVE,
        false,
        who.userId(),
        now,
        now,
        0,
        metadata(source.metadata(), source.id(), point.messageId()),
        source.visibility());
  }

  private static JsonNode metadata(JsonNode ofSource, String sessionId, String messageId) {
    ObjectNode metadata =
        ofSource instanceof ObjectNode given ? given.deepCopy() : Json.MAPPER.createObjectNode();
    metadata.putObject("forkedFrom").put("sessionId", sessionId).put("messageId", messageId);
    return metadata;
  }

  private Future<WorkspaceForked> forkFiles(SessionMeta source, SessionMeta fork, long files) {
    return services
        .bus()
        .request(
            Addresses.FORK_WORKSPACE,
            new ForkWorkspace(
                AgentClient.instanceId(source.id()),
                files == MessagePoint.NOW ? "" : "#" + files,
                AgentClient.instanceId(fork.id())),
            TIMEOUT);
  }

  /** Copies the messages; the number of the last. */
  private Future<Long> copy(SessionMeta source, SessionMeta fork, MessagePoint point, long files) {
    return copyAfter(source, fork, new Progress(0, 0), point)
        .compose(
            copied ->
                services
                    .databases()
                    .with(
                        fork.id(),
                        store -> {
                          store.beginsWith(files);
                          return copied.copied();
                        }));
  }

  /**
   * @param read number of the last message that was read, in the source
   * @param copied number of the last message that was written, in the fork
   */
  private record Progress(long read, long copied) {}

  private Future<Progress> copyAfter(
      SessionMeta source, SessionMeta fork, Progress before, MessagePoint point) {
    return services
        .databases()
        .with(source.id(), store -> store.messagesBetween(before.read(), point.seq(), PAGE))
        .compose(
            page ->
                page.isEmpty()
                    ? Future.succeededFuture(before)
                    : write(fork, page, before.copied())
                        .compose(
                            copied ->
                                copyAfter(
                                    source,
                                    fork,
                                    new Progress(page.getLast().seq(), copied),
                                    point)));
  }

  private Future<Long> write(SessionMeta fork, List<SessionEvent> page, long copied) {
    List<SessionEvent> events = new ArrayList<>();
    long seq = copied;
    for (SessionEvent one : page) {
      events.add(new SessionEvent(fork.id(), ++seq, one.ts(), one.turnId(), one.event()));
    }
    long last = seq;
    return services
        .databases()
        .with(
            fork.id(),
            store -> {
              store.append(events);
              return last;
            });
  }
}

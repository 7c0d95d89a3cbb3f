package dev.concert.automations.engine;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.automations.schedule.Schedules;
import dev.concert.automations.store.EventStore.Event;
import dev.concert.automations.store.FileWatchStore.FileWatch;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.foundation.client.GatewayClient;
import dev.concert.json.Json;
import dev.concert.workspace.WorkspaceMessages.ChangesSince;
import dev.concert.workspace.WorkspaceMessages.FileChange;
import dev.concert.workspace.WorkspaceMessages.FileChanges;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Chronicle what changed in the workspaces for which automations of one tenant wait. Changes
 * become an event when no more have come since the last look, or when they have come for long. On
 * one context.
 */
public final class FileWatches {
  private static final Logger LOG = LoggerFactory.getLogger(FileWatches.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final int LISTED = 100;

  private final TenantAutomations tenant;
  private final String tenantId;
  private final ConcertBus bus;
  private final GatewayClient gateway;
  private final InstantSource clock;

  /** Changes that have come and are not an event yet. */
  private final Map<String, Unsettled> unsettled = new HashMap<>();

  private boolean looks;
  private boolean isFailing;

  private record Unsettled(long latest, Instant since) {}

  public FileWatches(
      TenantAutomations tenant,
      String tenantId,
      ConcertBus bus,
      GatewayClient gateway,
      InstantSource clock) {
    this.tenant = tenant;
    this.tenantId = tenantId;
    this.bus = bus;
    this.gateway = gateway;
    this.clock = clock;
  }

  /** Never fails. */
  public Future<Void> look() {
    if (looks) {
      return Future.succeededFuture();
    }
    looks = true;
    return tenant
        .stores()
        .files()
        .all()
        .compose(
            watches -> {
              Future<Void> all = Future.succeededFuture();
              for (FileWatch watch : watches) {
                // A workspace that cannot be asked now is asked again.
                all = all.compose(_ -> look(watch).onFailure(this::failed).otherwiseEmpty());
              }
              return all;
            })
        .onFailure(this::failed)
        .otherwiseEmpty()
        .onComplete(_ -> looks = false);
  }

  /** Says it once: the next look is two seconds away. */
  private void failed(Throwable failure) {
    if (!isFailing) {
      LOG.warn("The changed files of tenant {} are not known now", tenantId, failure);
    }
    isFailing = true;
  }

  private Future<Void> look(FileWatch watch) {
    long known = watch.sequence().orElse(Long.MAX_VALUE - 1);
    return bus.request(
            Addresses.CHANGES_SINCE, new ChangesSince("agent_" + watch.sessionId(), known), TIMEOUT)
        .compose(
            answer ->
                watch.sequence().isEmpty()
                    ? tenant.stores().files().advance(watch, answer.latest())
                    : changed(watch, answer));
  }

  private Future<Void> changed(FileWatch watch, FileChanges answer) {
    if (answer.changes().isEmpty()) {
      return Future.succeededFuture();
    }
    long last = answer.changes().stream().mapToLong(FileChange::sequence).max().orElseThrow();
    PathMatcher glob = Schedules.glob(watch.glob());
    List<FileChange> matching =
        answer.changes().stream().filter(one -> glob.matches(Path.of(one.path()))).toList();
    if (matching.isEmpty()) {
      return tenant.stores().files().advance(watch, last);
    }
    Instant now = clock.instant();
    Unsettled before = unsettled.get(watch.automationId());
    Instant since = before == null ? now : before.since();
    boolean isSettled = before != null && before.latest() == last;
    if (!isSettled && now.isBefore(since.plus(LONGEST))) {
      unsettled.put(watch.automationId(), new Unsettled(last, since));
      return Future.succeededFuture();
    }
    unsettled.remove(watch.automationId());
    return mayRead(watch)
        .compose(
            may ->
                may
                    ? tenant.take(watch, last, event(watch, last, matching))
                    : tenant.stores().files().advance(watch, last));
  }

  /** Whether the owner sees the session now. */
  private Future<Boolean> mayRead(FileWatch watch) {
    return gateway
        .call(
            tenantId,
            watch.owner(),
            "get_session",
            GatewayClient.request().put("sessionId", watch.sessionId()))
        .map(true)
        .otherwise(false);
  }

  private static Event event(FileWatch watch, long last, List<FileChange> changes) {
    ObjectNode payload =
        Json.MAPPER
            .createObjectNode()
            .put("source", "file")
            .put("sessionId", watch.sessionId())
            .put("changes", changes.size());
    ArrayNode paths = payload.putArray("paths");
    changes.stream()
        .limit(LISTED)
        .forEach(one -> paths.addObject().put("path", one.path()).put("change", one.change()));
    return new Event("files:%s:%d".formatted(watch.sessionId(), last), payload.toString(), 0);
  }
}

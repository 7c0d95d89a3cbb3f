package dev.concert.coordinator.instance;

import dev.concert.bus.Accepted;
import dev.concert.bus.Addresses;
import dev.concert.coordinator.state.AgentState;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.deletion.DeletedIds;
import dev.concert.foundation.files.FolderRemoval;
import dev.concert.inference.InferenceMessages.UsageReport;
import dev.concert.podium.PodiumMessages.AgentEvents;
import dev.concert.podium.PodiumMessages.Answer;
import dev.concert.podium.PodiumMessages.DeleteInstance;
import dev.concert.podium.PodiumMessages.DeliverMessage;
import dev.concert.podium.PodiumMessages.EventsStored;
import dev.concert.podium.PodiumMessages.InstanceStarted;
import dev.concert.podium.PodiumMessages.Interrupt;
import dev.concert.podium.PodiumMessages.ReplayEvents;
import dev.concert.podium.PodiumMessages.ResetInstance;
import dev.concert.podium.PodiumMessages.StartInstance;
import dev.concert.podium.PodiumMessages.Steer;
import dev.concert.podium.PodiumMessages.StopInstance;
import dev.concert.workspace.WorkspaceMessages.DeleteWorkspace;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The instances of this coordinator, by their ids. Failures are {@link ConcertException}s. Belongs
 * to one event loop.
 */
public final class Instances {
  private static final long DELETE_GRACE_MS = 1000;
  private static final Duration DELETE_TIMEOUT = Duration.ofSeconds(60);
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,128}");

  private final InstanceServices services;
  private final Map<String, Instance> instances = new HashMap<>();

  /** A start that was on its way when its instance was deleted must not bring it back. */
  private final DeletedIds deleted = new DeletedIds();

  private boolean closed;

  public Instances(InstanceServices services) {
    this.services = services;
  }

  public Future<InstanceStarted> start(StartInstance request) {
    requireId(request.instanceId());
    if (closed) {
      throw new ConcertException(ErrorCode.PODIUM_UNAVAILABLE, "The coordinator is stopping.");
    }
    if (deleted.contains(request.instanceId())) {
      throw new ConcertException(ErrorCode.SESSION_NOT_FOUND, "This instance was deleted.");
    }
    if (request.agentType() == null) {
      throw new ConcertException(ErrorCode.INVALID_MESSAGE, "agentType is missing.");
    }
    if (request.subscriber() == null || request.subscriber().isEmpty()) {
      throw new ConcertException(ErrorCode.INVALID_MESSAGE, "subscriber is missing.");
    }
    return instances
        .computeIfAbsent(request.instanceId(), id -> new Instance(services, id))
        .start(request);
  }

  private static void requireId(String id) {
    if (id == null || !ID.matcher(id).matches()) {
      throw new ConcertException(
          ErrorCode.INVALID_MESSAGE, "instanceId must be 1 to 128 letters, digits, '_' and '-'.");
    }
  }

  public Future<Accepted> stop(StopInstance request) {
    String reason = request.reason() == null ? "stopped" : request.reason();
    return find(request.instanceId())
        .map(
            instance ->
                instance
                    .stop(reason, services.options().timeouts().shutdown().toMillis())
                    .onComplete(stopped -> tidy(request.instanceId())))
        .orElse(Future.succeededFuture())
        .map(Accepted.ACCEPTED);
  }

  /** Fails where the agent's state may still be there; then it may be called again. */
  public Future<Accepted> reset(ResetInstance request) {
    String id = request.instanceId();
    requireId(id);
    return stop(new StopInstance(id, request.reason()))
        .compose(
            _ -> AgentState.forget(services.options().instances().resolve(id), services.workers()))
        .map(Accepted.ACCEPTED);
  }

  /** Fails where something of it is left; then it may be called again. */
  public Future<Accepted> delete(DeleteInstance request) {
    String id = request.instanceId();
    requireId(id);
    deleted.add(id);
    long grace = Math.min(DELETE_GRACE_MS, services.options().timeouts().shutdown().toMillis());
    return find(id)
        .map(instance -> instance.stop("deleted", grace))
        .orElse(Future.succeededFuture())
        .otherwiseEmpty()
        .compose(
            _ ->
                services
                    .bus()
                    .request(Addresses.DELETE_WORKSPACE, new DeleteWorkspace(id), DELETE_TIMEOUT))
        .compose(
            _ ->
                services
                    .workers()
                    .executeBlocking(
                        () -> {
                          Path folder = services.options().instances().resolve(id);
                          services.users().forget(folder);
                          FolderRemoval.remove(folder);
                          return Accepted.ACCEPTED;
                        },
                        false))
        .onSuccess(_ -> instances.remove(id));
  }

  public Future<Accepted> deliver(DeliverMessage message) {
    if (message.messageId() == null || message.messageId().isEmpty() || message.text() == null) {
      throw new ConcertException(ErrorCode.INVALID_MESSAGE, "messageId or text is missing.");
    }
    return withAgent(message.instanceId(), message.epoch(), run -> run.deliver(message));
  }

  public Future<Accepted> steer(Steer steer) {
    return withAgent(steer.instanceId(), steer.epoch(), run -> run.steer(steer.text()));
  }

  public Future<Accepted> interrupt(Interrupt interrupt) {
    return withAgent(
        interrupt.instanceId(), interrupt.epoch(), run -> run.interrupt(interrupt.messageId()));
  }

  public Future<Accepted> answer(Answer answer) {
    return withAgent(answer.instanceId(), answer.epoch(), run -> run.answer(answer));
  }

  private Future<Accepted> withAgent(
      String instanceId, String epoch, Function<AgentRun, Future<Accepted>> action) {
    return find(instanceId)
        .flatMap(Instance::run)
        .filter(run -> isFor(epoch, run))
        .map(action)
        .orElseThrow(() -> notRunning(instanceId));
  }

  /** A message that comes late must not reach the process that came after. */
  private static boolean isFor(String epoch, AgentRun run) {
    return epoch == null || epoch.isEmpty() || epoch.equals(run.stream().epoch());
  }

  private static ConcertException notRunning(String instanceId) {
    return new ConcertException(
        ErrorCode.SESSION_INACTIVE, "Instance %s has no agent here.".formatted(instanceId));
  }

  public Future<AgentEvents> replay(ReplayEvents request) {
    return Future.succeededFuture(
        find(request.instanceId())
            .map(instance -> instance.replay(request))
            .orElseGet(() -> new AgentEvents(request.instanceId(), request.epoch(), 0, List.of())));
  }

  public Future<Accepted> used(UsageReport usage) {
    find(usage.instanceId()).orElseThrow(() -> notRunning(usage.instanceId())).used(usage);
    return Future.succeededFuture(Accepted.ACCEPTED);
  }

  public Future<Accepted> stored(EventsStored stored) {
    find(stored.instanceId()).ifPresent(instance -> instance.stored(stored));
    tidy(stored.instanceId());
    return Future.succeededFuture(Accepted.ACCEPTED);
  }

  private Optional<Instance> find(String instanceId) {
    return Optional.ofNullable(instances.get(instanceId));
  }

  private void tidy(String instanceId) {
    find(instanceId)
        .filter(Instance::isForgettable)
        .ifPresent(instance -> instances.remove(instanceId));
  }

  /** How many agent processes run. */
  public long running() {
    return instances.values().stream().filter(instance -> instance.run().isPresent()).count();
  }

  /** Refuses new starts and stops every agent; completes when all are gone. */
  public Future<Void> close(String reason, long graceMs) {
    closed = true;
    return Future.join(
            instances.values().stream()
                .map(instance -> instance.stop(reason, graceMs).otherwiseEmpty())
                .toList())
        .mapEmpty();
  }

  /** Ends every process at once. */
  public void kill(String reason) {
    instances.values().forEach(instance -> instance.kill(reason));
  }
}

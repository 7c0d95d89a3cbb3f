package dev.concert.coordinator.instance;

import dev.concert.bus.Accepted;
import dev.concert.coordinator.Host;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.inference.InferenceMessages.UsageReport;
import dev.concert.podium.PodiumMessages.AgentEvents;
import dev.concert.podium.PodiumMessages.Answer;
import dev.concert.podium.PodiumMessages.DeliverMessage;
import dev.concert.podium.PodiumMessages.EventsStored;
import dev.concert.podium.PodiumMessages.InstanceStarted;
import dev.concert.podium.PodiumMessages.Interrupt;
import dev.concert.podium.PodiumMessages.ReplayEvents;
import dev.concert.podium.PodiumMessages.StartInstance;
import dev.concert.podium.PodiumMessages.Steer;
import dev.concert.podium.PodiumMessages.StopInstance;
import io.vertx.core.Future;
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
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,128}");

  private final Host host;
  private final Map<String, Instance> instances = new HashMap<>();
  private boolean closed;

  public Instances(Host host) {
    this.host = host;
  }

  public Future<InstanceStarted> start(StartInstance request) {
    requireId(request.instanceId());
    if (closed) {
      throw new ConcertException(ErrorCode.PODIUM_UNAVAILABLE, "The coordinator is stopping.");
    }
    if (request.agentType() == null) {
      throw new ConcertException(ErrorCode.INVALID_MESSAGE, "agentType is missing.");
    }
    return instances
        .computeIfAbsent(request.instanceId(), id -> new Instance(host, id))
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
                    .stop(reason, host.options().patience().shutdown().toMillis())
                    .onComplete(stopped -> tidy(request.instanceId())))
        .orElse(Future.succeededFuture())
        .map(Accepted.ACCEPTED);
  }

  public Future<Accepted> deliver(DeliverMessage message) {
    if (message.messageId() == null || message.messageId().isEmpty() || message.text() == null) {
      throw new ConcertException(ErrorCode.INVALID_MESSAGE, "messageId or text is missing.");
    }
    return withAgent(message.instanceId(), run -> run.deliver(message));
  }

  public Future<Accepted> steer(Steer steer) {
    return withAgent(steer.instanceId(), run -> run.steer(steer.text()));
  }

  public Future<Accepted> interrupt(Interrupt interrupt) {
    return withAgent(interrupt.instanceId(), run -> run.interrupt(interrupt.messageId()));
  }

  public Future<Accepted> answer(Answer answer) {
    return withAgent(answer.instanceId(), run -> run.answer(answer));
  }

  private Future<Accepted> withAgent(
      String instanceId, Function<AgentRun, Future<Accepted>> action) {
    return find(instanceId)
        .flatMap(Instance::run)
        .map(action)
        .orElseThrow(() -> notRunning(instanceId));
  }

  private static ConcertException notRunning(String instanceId) {
    return new ConcertException(
        ErrorCode.SESSION_INACTIVE, "Instance %s has no agent here.".formatted(instanceId));
  }

  public Future<AgentEvents> replay(ReplayEvents request) {
    return Future.succeededFuture(
        find(request.instanceId())
            .map(instance -> instance.replay(request))
            .orElseGet(
                () ->
                    new AgentEvents(
                        request.instanceId(), request.epoch(), request.fromNumber(), List.of())));
  }

  public Future<Accepted> used(UsageReport usage) {
    find(usage.instanceId()).orElseThrow(() -> notRunning(usage.instanceId())).used(usage);
    return Future.succeededFuture(Accepted.ACCEPTED);
  }

  public void stored(EventsStored stored) {
    find(stored.instanceId()).ifPresent(instance -> instance.stored(stored));
    tidy(stored.instanceId());
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

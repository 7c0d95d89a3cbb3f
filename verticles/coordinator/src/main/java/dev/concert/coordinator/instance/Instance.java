package dev.concert.coordinator.instance;

import dev.concert.bus.Addresses;
import dev.concert.coordinator.event.CoordinatorEvents;
import dev.concert.coordinator.event.ReplayBuffer;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.FailureLog;
import dev.concert.inference.InferenceMessages.UsageReport;
import dev.concert.podium.PodiumMessages.AgentEvents;
import dev.concert.podium.PodiumMessages.EventsStored;
import dev.concert.podium.PodiumMessages.InstanceStarted;
import dev.concert.podium.PodiumMessages.ReplayEvents;
import dev.concert.podium.PodiumMessages.StartInstance;
import dev.concert.workspace.WorkspaceMessages.Unmount;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One instance over all its processes, of which there is at most one at a time: starts that come
 * together share one, a start waits for the stop before it and the other way round. Belongs to one
 * event loop.
 */
final class Instance {
  private static final Logger LOG = LoggerFactory.getLogger(Instance.class);

  /** Epochs whose events are still kept; older ones are forgotten, stored or not. */
  private static final int KEPT_EPOCHS = 4;

  private final InstanceServices services;
  private final String id;
  private final Deque<ReplayBuffer> streams = new ArrayDeque<>();
  private Optional<AgentRun> run = Optional.empty();
  private Optional<Future<InstanceStarted>> starting = Optional.empty();
  private Future<Void> settled = Future.succeededFuture();
  private OptionalLong lastChange = OptionalLong.empty();
  private boolean mounted;
  private Promise<String> stopStarting = Promise.promise();

  Instance(InstanceServices services, String id) {
    this.services = services;
    this.id = id;
  }

  Future<InstanceStarted> start(StartInstance request) {
    if (starting.isPresent()) {
      return starting.get();
    }
    Optional<AgentRun> ready = run.filter(AgentRun::isReady);
    if (ready.isPresent()) {
      if (ready.get().stream().subscriber().equals(request.subscriber())) {
        return ready
            .get()
            .renewAccess()
            .compose(
                _ ->
                    ready.get().isReady()
                        ? Future.succeededFuture(started(ready.get(), false))
                        : start(request));
      }
      LOG.info("Instance {} has a new subscriber: its agent starts again", id);
      stop("subscriber_gone", services.options().timeouts().shutdown().toMillis());
    }
    Promise<String> stop = Promise.promise();
    stopStarting = stop;
    Future<InstanceStarted> start =
        settled
            .otherwiseEmpty()
            .compose(before -> run.map(AgentRun::ended).orElse(Future.succeededFuture()))
            .compose(before -> startUp(request, stop.future()));
    starting = Optional.of(start);
    settled = start.mapEmpty();
    start.onComplete(
        done -> {
          if (starting.filter(latest -> latest == start).isPresent()) {
            starting = Optional.empty();
          }
        });
    return start;
  }

  private Future<InstanceStarted> startUp(StartInstance request, Future<String> stop) {
    ReplayBuffer stream =
        new ReplayBuffer(
            services.bus(),
            id,
            UUID.randomUUID().toString().replace("-", ""),
            request.subscriber(),
            services.options().limits());
    streams.addLast(stream);
    if (streams.size() > KEPT_EPOCHS) {
      streams.removeFirst();
    }
    return services
        .starts()
        .run(
            request.isBackground(),
            () -> new Startup(services, request, stream, stop).run(lastChange))
        .map(
            fresh -> {
              mounted = true;
              run = Optional.of(fresh);
              fresh.ended().onComplete(gone -> forget(fresh));
              return started(fresh, true);
            });
  }

  private void forget(AgentRun gone) {
    lastChange = OptionalLong.of(gone.lastChange());
    run = run.filter(current -> current != gone);
  }

  private InstanceStarted started(AgentRun of, boolean fresh) {
    return new InstanceStarted(id, of.stream().epoch(), fresh, services.sandbox().name());
  }

  Future<Void> stop(String reason, long graceMs) {
    starting = Optional.empty(); // a start that comes now comes after this stop
    stopStarting.tryComplete(reason);
    settled =
        settled
            .otherwiseEmpty()
            .compose(
                before ->
                    run.map(current -> current.stop(reason, graceMs))
                        .orElse(Future.succeededFuture()))
            .compose(ended -> unmount());
    return settled;
  }

  /** Ends the process at once. */
  void kill(String reason) {
    run.ifPresent(current -> current.end(new ExitReason.Stopped(reason)));
  }

  private Future<Void> unmount() {
    if (!mounted) {
      return Future.succeededFuture();
    }
    return services
        .bus()
        .request(
            Addresses.UNMOUNT_WORKSPACE, new Unmount(id), services.options().timeouts().service())
        .onSuccess(unmounted -> mounted = false)
        .onFailure(
            failure ->
                LOG.warn("Workspace {} may still be mounted: {}", id, FailureLog.reason(failure)))
        .mapEmpty();
  }

  Optional<AgentRun> run() {
    return run;
  }

  /** Whether nothing runs and everything that happened was stored. */
  boolean isForgettable() {
    return run.isEmpty()
        && starting.isEmpty()
        && !mounted
        && settled.isComplete()
        && streams.stream().allMatch(ReplayBuffer::isStored);
  }

  void stored(EventsStored stored) {
    stream(stored.epoch()).ifPresent(stream -> stream.stored(stored.upToNumber()));
    streams.removeIf(stream -> stream != streams.peekLast() && stream.isStored());
  }

  AgentEvents replay(ReplayEvents request) {
    return stream(request.epoch())
        .map(stream -> stream.replay(request.fromNumber()))
        .orElseGet(() -> new AgentEvents(id, request.epoch(), 0, List.of()));
  }

  private Optional<ReplayBuffer> stream(String epoch) {
    return streams.stream().filter(stream -> stream.epoch().equals(epoch)).findFirst();
  }

  /** A report that comes after the process's end still belongs to it. */
  void used(UsageReport usage) {
    Optional.ofNullable(streams.peekLast())
        .orElseThrow(
            () ->
                new ConcertException(
                    ErrorCode.SESSION_INACTIVE, "Instance " + id + " has no agent here."))
        .emit(CoordinatorEvents.of(usage));
  }
}

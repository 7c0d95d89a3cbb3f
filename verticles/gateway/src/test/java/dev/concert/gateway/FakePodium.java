package dev.concert.gateway;

import dev.concert.agentevent.AgentEvent;
import dev.concert.bus.Accepted;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.podium.PodiumMessages.*;
import dev.concert.protocol.ServerEvent;
import dev.concert.testing.Await;
import dev.concert.workspace.SnapshotMessages.ForkWorkspace;
import dev.concert.workspace.SnapshotMessages.RestoreWorkspace;
import dev.concert.workspace.SnapshotMessages.WorkspaceForked;
import dev.concert.workspace.SnapshotMessages.WorkspaceRestored;
import dev.concert.workspace.WorkspaceMessages.FileChanges;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The coordinator's side of the bus, played by the test: it says what the test tells it to say, and
 * can lose messages as a bus may. The real one is tested in its own module and in the platform's
 * tests.
 */
final class FakePodium {
  final ConcertBus bus;
  private final Map<String, List<AgentEvent>> said = new ConcurrentHashMap<>();
  private final Map<String, String> subscribers = new ConcurrentHashMap<>();
  private final AtomicInteger starts = new AtomicInteger();
  final List<DeliverMessage> delivered = new CopyOnWriteArrayList<>();
  final List<Interrupt> interrupts = new CopyOnWriteArrayList<>();
  final List<StopInstance> stops = new CopyOnWriteArrayList<>();
  final List<Answer> answers = new CopyOnWriteArrayList<>();
  final AtomicLong stored = new AtomicLong();
  final List<DeleteInstance> deletions = new CopyOnWriteArrayList<>();
  final List<ResetInstance> resets = new CopyOnWriteArrayList<>();
  final List<RestoreWorkspace> restores = new CopyOnWriteArrayList<>();
  final List<ForkWorkspace> forks = new CopyOnWriteArrayList<>();
  volatile boolean refuseStart;
  volatile Optional<ErrorCode> refusedReset = Optional.empty();
  volatile Optional<ErrorCode> refusedRestore = Optional.empty();

  /** Sequence number of every workspace. */
  volatile long filesLatest;

  /** The latest number of the workspace is told when this is complete. */
  volatile Future<Void> beforeChanges = Future.succeededFuture();

  /** Why it does not tell the latest number of the workspace. */
  volatile Optional<ErrorCode> refusedChanges = Optional.empty();

  /** What the agent says to a message by itself. */
  volatile Function<DeliverMessage, List<AgentEvent>> answer = _ -> List.of();

  volatile boolean refuseDeletion;

  /** How a delivery ends though the agent has the message. */
  volatile Optional<ErrorCode> refusedDelivery = Optional.empty();

  /** How an interrupt ends. */
  volatile Optional<ErrorCode> refusedInterrupt = Optional.empty();

  FakePodium(Vertx vertx) {
    bus = new ConcertBus(vertx);
    bus.serve(
        Addresses.LIST_AGENT_TYPES,
        _ -> Future.succeededFuture(new AgentTypes(List.of(new AgentType("echo", "1.0.0", "")))));
    bus.serve(Addresses.START_INSTANCE, this::start);
    bus.serve(
        Addresses.DELIVER_MESSAGE,
        message ->
            noted(delivered, message)
                .compose(
                    accepted ->
                        refusedDelivery
                            .map(FakePodium::<Accepted>refused)
                            .orElseGet(() -> Future.succeededFuture(accepted)))
                .onSuccess(_ -> answer(message)));
    bus.serve(
        Addresses.INTERRUPT,
        message ->
            noted(interrupts, message)
                .compose(
                    accepted ->
                        refusedInterrupt
                            .map(FakePodium::<Accepted>refused)
                            .orElseGet(() -> Future.succeededFuture(accepted))));
    bus.serve(Addresses.STOP_INSTANCE, message -> noted(stops, message));
    bus.serve(
        Addresses.DELETE_INSTANCE,
        message ->
            refuseDeletion
                ? Future.failedFuture(
                    new ConcertException(ErrorCode.PODIUM_UNAVAILABLE, "Podium is away."))
                : noted(deletions, message));
    bus.serve(
        Addresses.RESET_INSTANCE,
        message ->
            refusedReset
                .map(FakePodium::<Accepted>refused)
                .orElseGet(() -> noted(resets, message)));
    // Chronicle's part.
    bus.serve(Addresses.CHANGES_SINCE, _ -> beforeChanges.compose(_ -> changes()));
    bus.serve(
        Addresses.FORK_WORKSPACE,
        message -> {
          forks.add(message);
          return Future.succeededFuture(new WorkspaceForked(1, 1));
        });
    bus.serve(Addresses.RESTORE_WORKSPACE, this::restore);
    bus.serve(Addresses.ANSWER, message -> noted(answers, message));
    bus.serve(Addresses.STEER, _ -> Future.succeededFuture(Accepted.ACCEPTED));
    bus.serve(Addresses.REPLAY_EVENTS, this::replay);
    bus.serve(
        Addresses.EVENTS_STORED,
        message -> {
          stored.set(message.upToNumber());
          return Future.succeededFuture(Accepted.ACCEPTED);
        });
  }

  private static <T> Future<T> refused(ErrorCode code) {
    return Future.failedFuture(new ConcertException(code, "Not now."));
  }

  private Future<FileChanges> changes() {
    return refusedChanges
        .<Future<FileChanges>>map(FakePodium::refused)
        .orElseGet(() -> Future.succeededFuture(new FileChanges(List.of(), filesLatest)));
  }

  private Future<WorkspaceRestored> restore(RestoreWorkspace request) {
    if (refusedRestore.isPresent()) {
      return Future.failedFuture(new ConcertException(refusedRestore.get(), "Not that."));
    }
    restores.add(request);
    return Future.succeededFuture(new WorkspaceRestored(1, 2, filesLatest, filesLatest + 3, 0));
  }

  private Future<InstanceStarted> start(StartInstance request) {
    if (refuseStart) {
      return Future.failedFuture(
          new ConcertException(ErrorCode.PODIUM_UNAVAILABLE, "No room for agents."));
    }
    subscribers.put(request.instanceId(), request.subscriber());
    boolean fresh = starts.getAndIncrement() == 0;
    return Future.succeededFuture(
        new InstanceStarted(request.instanceId(), "epoch-1", fresh, "process"));
  }

  private static <T> Future<Accepted> noted(List<T> list, T message) {
    list.add(message);
    return Future.succeededFuture(Accepted.ACCEPTED);
  }

  private void answer(DeliverMessage message) {
    AgentEvent[] said = answer.apply(message).toArray(AgentEvent[]::new);
    if (said.length > 0) {
      say(message.instanceId(), said);
    }
  }

  private Future<AgentEvents> replay(ReplayEvents request) {
    List<AgentEvent> all = said.getOrDefault(request.instanceId(), List.of());
    int from = (int) request.fromNumber() - 1;
    List<AgentEvent> rest =
        from < all.size() ? List.copyOf(all.subList(from, all.size())) : List.of();
    return Future.succeededFuture(
        new AgentEvents(request.instanceId(), "epoch-1", request.fromNumber(), rest));
  }

  /** Says something that arrives, once the agent was started. */
  void say(String instanceId, AgentEvent... events) {
    Await.until(() -> subscribers.containsKey(instanceId));
    List<AgentEvent> all = said.computeIfAbsent(instanceId, _ -> new ArrayList<>());
    long first = all.size() + 1L;
    all.addAll(List.of(events));
    bus.send(
        Addresses.AGENT_EVENTS,
        subscribers.get(instanceId),
        new AgentEvents(instanceId, "epoch-1", first, List.of(events)));
  }

  /** Says something of the instance. */
  void say(String instanceId, ServerEvent... events) {
    say(instanceId, ofInstance(events));
  }

  /** Ends a message. */
  void complete(String instanceId, String messageId, String text) {
    say(instanceId, completed(messageId, text));
  }

  static AgentEvent completed(String messageId, String text) {
    return new AgentEvent(
        messageId, new ServerEvent.TurnComplete(text, "end", ServerEvent.UsageTotals.NONE));
  }

  private static AgentEvent[] ofInstance(ServerEvent... events) {
    return Stream.of(events).map(AgentEvent::ofInstance).toArray(AgentEvent[]::new);
  }

  /** Says something that the bus loses. */
  void sayLost(String instanceId, ServerEvent... events) {
    sayLost(instanceId, ofInstance(events));
  }

  /** Says something that the bus loses. */
  void sayLost(String instanceId, AgentEvent... events) {
    said.computeIfAbsent(instanceId, _ -> new ArrayList<>()).addAll(List.of(events));
  }

  /** Says everything again. */
  void repeat(String instanceId) {
    bus.send(
        Addresses.AGENT_EVENTS,
        subscribers.get(instanceId),
        new AgentEvents(instanceId, "epoch-1", 1, List.copyOf(said.get(instanceId))));
  }
}

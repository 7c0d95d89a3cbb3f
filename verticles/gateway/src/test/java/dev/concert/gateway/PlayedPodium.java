package dev.concert.gateway;

import dev.concert.bus.Accepted;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.nativeagent.NativeEvent;
import dev.concert.podium.PodiumMessages.*;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The coordinator's side of the bus, played by the test: it says what the test tells it to say, and
 * can lose messages as a bus may. The real one is tested in its own module and in the platform's
 * tests.
 */
final class PlayedPodium {
  private final ConcertBus bus;
  private final Map<String, List<NativeEvent>> said = new ConcurrentHashMap<>();
  private final AtomicInteger starts = new AtomicInteger();
  final List<DeliverMessage> delivered = new CopyOnWriteArrayList<>();
  final List<Interrupt> interrupts = new CopyOnWriteArrayList<>();
  final List<StopInstance> stops = new CopyOnWriteArrayList<>();
  final List<Answer> answers = new CopyOnWriteArrayList<>();
  final AtomicLong stored = new AtomicLong();
  volatile boolean refuseStart;

  PlayedPodium(Vertx vertx) {
    bus = new ConcertBus(vertx);
    bus.serve(
        Addresses.LIST_AGENT_TYPES,
        _ -> Future.succeededFuture(new AgentTypes(List.of(new AgentType("echo", "1.0.0", "")))));
    bus.serve(Addresses.START_INSTANCE, this::start);
    bus.serve(Addresses.DELIVER_MESSAGE, message -> noted(delivered, message));
    bus.serve(Addresses.INTERRUPT, message -> noted(interrupts, message));
    bus.serve(Addresses.STOP_INSTANCE, message -> noted(stops, message));
    bus.serve(Addresses.ANSWER, message -> noted(answers, message));
    bus.serve(Addresses.STEER, _ -> Future.succeededFuture(Accepted.ACCEPTED));
    bus.serve(Addresses.REPLAY_EVENTS, this::replay);
    bus.listen(Addresses.EVENTS_STORED, message -> stored.set(message.upToNumber()));
  }

  private Future<InstanceStarted> start(StartInstance request) {
    if (refuseStart) {
      return Future.failedFuture(
          new ConcertException(ErrorCode.PODIUM_UNAVAILABLE, "No room for agents."));
    }
    boolean fresh = starts.getAndIncrement() == 0;
    return Future.succeededFuture(
        new InstanceStarted(request.instanceId(), "epoch-1", fresh, "process"));
  }

  private static <T> Future<Accepted> noted(List<T> list, T message) {
    list.add(message);
    return Future.succeededFuture(Accepted.ACCEPTED);
  }

  private Future<AgentEvents> replay(ReplayEvents request) {
    List<NativeEvent> all = said.getOrDefault(request.instanceId(), List.of());
    int from = (int) request.fromNumber() - 1;
    List<NativeEvent> rest =
        from < all.size() ? List.copyOf(all.subList(from, all.size())) : List.of();
    return Future.succeededFuture(
        new AgentEvents(request.instanceId(), "epoch-1", request.fromNumber(), rest));
  }

  /** Says something that arrives. */
  void say(String instanceId, NativeEvent... events) {
    List<NativeEvent> all = said.computeIfAbsent(instanceId, _ -> new ArrayList<>());
    long first = all.size() + 1L;
    all.addAll(List.of(events));
    bus.publish(
        Addresses.AGENT_EVENTS.of(instanceId),
        new AgentEvents(instanceId, "epoch-1", first, List.of(events)));
  }

  /** Says something that the bus loses. */
  void sayUnheard(String instanceId, NativeEvent... events) {
    said.computeIfAbsent(instanceId, _ -> new ArrayList<>()).addAll(List.of(events));
  }

  /** Says everything again. */
  void repeat(String instanceId) {
    bus.publish(
        Addresses.AGENT_EVENTS.of(instanceId),
        new AgentEvents(instanceId, "epoch-1", 1, List.copyOf(said.get(instanceId))));
  }
}

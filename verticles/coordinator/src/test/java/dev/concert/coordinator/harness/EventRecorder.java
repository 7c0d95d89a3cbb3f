package dev.concert.coordinator.harness;

import dev.concert.agentevent.AgentEvent;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.Registration;
import dev.concert.podium.PodiumMessages.AgentEvents;
import dev.concert.podium.PodiumMessages.EventsStored;
import dev.concert.protocol.ServerEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Plays the gateway for one instance: takes its events, says that they are stored, remembers. */
public final class EventRecorder {
  private static final long SLICE_NS = TimeUnit.MILLISECONDS.toNanos(20);

  private final ConcertBus bus;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();
  private final List<AgentEvents> batches = new ArrayList<>();
  private final Registration inbox;
  private volatile boolean acknowledges = true;

  EventRecorder(ConcertBus bus, String instanceId) {
    this.bus = bus;
    this.inbox = bus.open(Addresses.AGENT_EVENTS, address(instanceId), this::take);
  }

  /** Where the events of an instance go in tests. */
  static String address(String instanceId) {
    return "events-of-" + instanceId;
  }

  private void take(AgentEvents events) {
    lock.lock();
    try {
      batches.add(events);
      more.signalAll();
    } finally {
      lock.unlock();
    }
    if (acknowledges) {
      acknowledge(events);
    }
  }

  public void acknowledges(boolean does) {
    acknowledges = does;
  }

  /** Says that everything up to these events is stored. */
  public void acknowledge(AgentEvents events) {
    bus.notify(
        Addresses.EVENTS_STORED,
        new EventsStored(events.instanceId(), events.epoch(), events.lastNumber()));
  }

  public List<AgentEvents> batches() {
    lock.lock();
    try {
      return List.copyOf(batches);
    } finally {
      lock.unlock();
    }
  }

  public List<ServerEvent> events() {
    return agentEvents().stream().map(AgentEvent::event).toList();
  }

  private List<AgentEvent> agentEvents() {
    return batches().stream().flatMap(batch -> batch.events().stream()).toList();
  }

  /** Waits for the event that ends this message; at most 15 s. */
  public ServerEvent awaitEnd(String messageId) {
    awaitThat("the end of " + messageId, recorder -> recorder.end(messageId).isPresent());
    return end(messageId).orElseThrow();
  }

  /** The message that this event belongs to; empty for an event of the instance. */
  public Optional<String> messageOf(ServerEvent event) {
    return agentEvents().stream()
        .filter(one -> one.event() == event)
        .findFirst()
        .map(AgentEvent::messageId);
  }

  private Optional<ServerEvent> end(String messageId) {
    return agentEvents().stream()
        .filter(one -> messageId.equals(one.messageId()))
        .map(AgentEvent::event)
        .filter(
            event ->
                event instanceof ServerEvent.TurnComplete || event instanceof ServerEvent.TurnError)
        .findFirst();
  }

  public <E extends ServerEvent> List<E> events(Class<E> type) {
    return events().stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** All text of the answers, joined. */
  public String text() {
    return events(ServerEvent.TextDelta.class).stream()
        .map(ServerEvent.TextDelta::text)
        .collect(Collectors.joining(" "));
  }

  /** Waits for an event of this type for which this holds; at most 15 s. */
  public <E extends ServerEvent> E await(Class<E> type, Predicate<E> wanted) {
    awaitThat(
        "an event " + type.getSimpleName(),
        recorder -> recorder.events(type).stream().anyMatch(wanted));
    return events(type).stream().filter(wanted).findFirst().orElseThrow();
  }

  public <E extends ServerEvent> E await(Class<E> type) {
    return await(type, event -> true);
  }

  /** Waits until this holds, looking each time that something came; at most 15 s. */
  public void awaitThat(String what, Predicate<EventRecorder> holds) {
    long left = TimeUnit.SECONDS.toNanos(15);
    lock.lock();
    try {
      while (!holds.test(this)) {
        if (left <= 0) {
          throw new AssertionError("Waited in vain for " + what + "; there were " + events());
        }
        // Not all that is waited for is an event, so it is looked at now and then as well.
        left -= SLICE_NS - Math.max(0, more.awaitNanos(SLICE_NS));
      }
    } catch (InterruptedException e) {
      throw new AssertionError("Interrupted while waiting for " + what, e);
    } finally {
      lock.unlock();
    }
  }

  public void close() {
    inbox.unregister();
  }
}

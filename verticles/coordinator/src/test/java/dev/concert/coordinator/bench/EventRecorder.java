package dev.concert.coordinator.bench;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.nativeagent.NativeEvent;
import dev.concert.podium.PodiumMessages.AgentEvents;
import dev.concert.podium.PodiumMessages.EventsStored;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.List;
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
  private final MessageConsumer<AgentEvents> consumer;
  private volatile boolean acknowledges = true;

  EventRecorder(ConcertBus bus, String instanceId) {
    this.bus = bus;
    this.consumer = bus.listen(Addresses.AGENT_EVENTS.of(instanceId), this::take);
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
    bus.publish(
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

  public List<NativeEvent> events() {
    return batches().stream().flatMap(batch -> batch.events().stream()).toList();
  }

  public <E extends NativeEvent> List<E> events(Class<E> type) {
    return events().stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** All text of the answers, joined. */
  public String text() {
    return events(NativeEvent.TextDelta.class).stream()
        .map(NativeEvent.TextDelta::text)
        .collect(Collectors.joining(" "));
  }

  /** Waits for an event of this type for which this holds; at most 15 s. */
  public <E extends NativeEvent> E await(Class<E> type, Predicate<E> wanted) {
    awaitThat(
        "an event " + type.getSimpleName(),
        recorder -> recorder.events(type).stream().anyMatch(wanted));
    return events(type).stream().filter(wanted).findFirst().orElseThrow();
  }

  public <E extends NativeEvent> E await(Class<E> type) {
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
    consumer.unregister();
  }
}

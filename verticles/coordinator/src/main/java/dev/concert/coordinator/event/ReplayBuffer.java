package dev.concert.coordinator.event;

import dev.concert.agentevent.AgentEvent;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.coordinator.config.CoordinatorLimits;
import dev.concert.podium.PodiumMessages.AgentEvents;
import dev.concert.protocol.ServerEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The numbered events of one process of an instance: published as they come, and kept until the
 * gateway acknowledges them as stored. Belongs to one event loop.
 */
public final class ReplayBuffer {
  /** The size that is counted for an event that came in no frame. */
  private static final int OWN_EVENT_BYTES = 256;

  private final ConcertBus bus;
  private final String instanceId;
  private final String epoch;
  private final String subscriber;
  private final CoordinatorLimits limits;
  private final Deque<Kept> kept = new ArrayDeque<>();
  private long keptBytes;
  private long lastNumber;
  private boolean full;
  private Runnable onRoom = () -> {};

  /**
   * @param bytes what the event is counted with
   */
  public record Kept(AgentEvent event, int bytes) {}

  /**
   * @param subscriber address of the inbox that gets the events
   */
  public ReplayBuffer(
      ConcertBus bus,
      String instanceId,
      String epoch,
      String subscriber,
      CoordinatorLimits limits) {
    this.bus = bus;
    this.instanceId = instanceId;
    this.epoch = epoch;
    this.subscriber = subscriber;
    this.limits = limits;
  }

  public String epoch() {
    return epoch;
  }

  /** Address of the inbox that gets the events. */
  public String subscriber() {
    return subscriber;
  }

  /** Called each time that a full buffer has room again. */
  public void onRoom(Runnable listener) {
    this.onRoom = listener;
  }

  /** Numbers, keeps and sends one of the coordinator's own events. */
  public void emit(ServerEvent event) {
    emit(AgentEvent.ofInstance(event));
  }

  /** Numbers, keeps and sends one event of a message that no frame brought. */
  public void emit(AgentEvent event) {
    emit(List.of(new Kept(event, OWN_EVENT_BYTES)));
  }

  /** Numbers, keeps and sends events as one bus message. */
  public void emit(List<Kept> events) {
    if (events.isEmpty()) {
      return;
    }
    long first = lastNumber + 1;
    lastNumber += events.size();
    kept.addAll(events);
    events.forEach(event -> keptBytes += event.bytes());
    full |=
        kept.size() >= limits.unacknowledgedEvents() || keptBytes >= limits.unacknowledgedBytes();
    bus.send(
        Addresses.AGENT_EVENTS,
        subscriber,
        new AgentEvents(instanceId, epoch, first, events.stream().map(Kept::event).toList()));
  }

  /** Whether more waits to be stored than may. It ends when half of that was stored. */
  public boolean isFull() {
    return full;
  }

  /** Whether everything was stored. */
  public boolean isStored() {
    return kept.isEmpty();
  }

  /** Forgets the events up to this number. */
  public void stored(long upToNumber) {
    while (!kept.isEmpty() && firstNumber() <= upToNumber) {
      keptBytes -= kept.removeFirst().bytes();
    }
    if (full
        && kept.size() <= limits.unacknowledgedEvents() / 2
        && keptBytes <= limits.unacknowledgedBytes() / 2) {
      full = false;
      onRoom.run();
    }
  }

  /**
   * The kept events from this number on; the first may have a higher one, and there may be none.
   */
  public AgentEvents replay(long fromNumber) {
    long first = Math.max(fromNumber, firstNumber());
    long number = firstNumber();
    List<AgentEvent> events = new ArrayList<>();
    for (Kept one : kept) {
      if (number++ >= first) {
        events.add(one.event());
      }
    }
    return new AgentEvents(instanceId, epoch, first, List.copyOf(events));
  }

  private long firstNumber() {
    return lastNumber - kept.size() + 1;
  }
}

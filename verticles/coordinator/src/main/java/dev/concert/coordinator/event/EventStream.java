package dev.concert.coordinator.event;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.coordinator.CoordinatorLimits;
import dev.concert.nativeagent.NativeEvent;
import dev.concert.podium.PodiumMessages.AgentEvents;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The numbered events of one process of an instance: sent as they come, and kept until somebody
 * says that they are stored. Belongs to one event loop.
 */
public final class EventStream {
  /** What an event is counted with that no frame brought. */
  private static final int OWN_EVENT_BYTES = 256;

  private final ConcertBus bus;
  private final String instanceId;
  private final String epoch;
  private final CoordinatorLimits limits;
  private final Deque<Kept> kept = new ArrayDeque<>();
  private long keptBytes;
  private long lastNumber;
  private boolean full;
  private Runnable onRoom = () -> {};

  /**
   * @param bytes what the event is counted with
   */
  public record Kept(NativeEvent event, int bytes) {}

  public EventStream(ConcertBus bus, String instanceId, String epoch, CoordinatorLimits limits) {
    this.bus = bus;
    this.instanceId = instanceId;
    this.epoch = epoch;
    this.limits = limits;
  }

  public String epoch() {
    return epoch;
  }

  /** Called each time that a stream that was full has room again. */
  public void onRoom(Runnable listener) {
    this.onRoom = listener;
  }

  /** Numbers, keeps and sends one of the coordinator's own events. */
  public void emit(NativeEvent event) {
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
    bus.publish(
        Addresses.AGENT_EVENTS.of(instanceId),
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
    List<NativeEvent> events = new ArrayList<>();
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

package dev.concert.gateway.agent;

import dev.concert.agentevent.AgentEvent;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.podium.PodiumMessages.AgentEvents;
import dev.concert.podium.PodiumMessages.EventsStored;
import dev.concert.podium.PodiumMessages.ReplayEvents;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of one instance, each exactly once and in order, although the bus may lose messages.
 *
 * <p>A hole in the numbers is filled by asking the coordinator again; {@link #check} does so for
 * the end of the stream, where no later message would show the hole. Used on one context only.
 */
public final class AgentEventStream {
  private static final Logger LOG = LoggerFactory.getLogger(AgentEventStream.class);
  private static final Duration REPLAY_TIMEOUT = Duration.ofSeconds(5);

  /** Every two seconds during a turn: the coordinator may be away for half a minute. */
  private static final int MAX_UNANSWERED = 15;

  private final ConcertBus bus;
  private final String instanceId;
  private final Consumer<List<AgentEvent>> listener;
  private final Runnable onLost;
  private final Runnable removal;
  private String epoch = "";
  private long next = 1;
  private boolean replaying;
  private int unanswered;

  /**
   * Begins to listen. The listener gets events in groups that came together.
   *
   * @param onLost runs when the process that was followed is gone and its last events with it
   */
  public AgentEventStream(
      ConcertBus bus,
      AgentInbox inbox,
      String instanceId,
      Consumer<List<AgentEvent>> listener,
      Runnable onLost) {
    this.bus = bus;
    this.instanceId = instanceId;
    this.listener = listener;
    this.onLost = onLost;
    this.removal = inbox.listeners().set(instanceId, this::receive);
  }

  private void receive(AgentEvents events) {
    if (!events.epoch().equals(epoch)) {
      epoch = events.epoch();
      next = 1;
    }
    if (events.firstNumber() > next) {
      replay();
      return;
    }
    long known = next - events.firstNumber();
    if (known >= events.events().size()) {
      return;
    }
    next = events.lastNumber() + 1;
    listener.accept(events.events().subList((int) known, events.events().size()));
  }

  /** Asks whether there is more than what has arrived. */
  public void check() {
    if (!epoch.isEmpty()) {
      replay();
    }
  }

  private void replay() {
    if (replaying) {
      return;
    }
    replaying = true;
    bus.request(Addresses.REPLAY_EVENTS, new ReplayEvents(instanceId, epoch, next), REPLAY_TIMEOUT)
        .onComplete(
            answer -> {
              replaying = false;
              if (answer.succeeded()) {
                unanswered = 0;
                accept(answer.result());
              } else if (++unanswered == MAX_UNANSWERED) {
                lost();
              } else {
                LOG.warn("Events of {} could not be asked again", instanceId, answer.cause());
              }
            });
  }

  private void lost() {
    LOG.warn("The coordinator of {} does not know its process any more", instanceId);
    epoch = "";
    unanswered = 0;
    onLost.run();
  }

  private void accept(AgentEvents replayed) {
    if (replayed.firstNumber() == 0 && replayed.epoch().equals(epoch)) {
      lost();
    } else if (replayed.epoch().equals(epoch) && replayed.firstNumber() <= next) {
      receive(replayed);
    }
  }

  /** Work that tells the coordinator that everything received by now is stored. */
  public Runnable acknowledgement() {
    EventsStored stored = new EventsStored(instanceId, epoch, next - 1);
    return () -> bus.notify(Addresses.EVENTS_STORED, stored);
  }

  public void close() {
    removal.run();
  }
}

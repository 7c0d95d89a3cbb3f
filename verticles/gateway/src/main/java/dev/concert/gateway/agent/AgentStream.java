package dev.concert.gateway.agent;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.nativeagent.NativeEvent;
import dev.concert.podium.PodiumMessages.AgentEvents;
import dev.concert.podium.PodiumMessages.EventsStored;
import dev.concert.podium.PodiumMessages.ReplayEvents;
import io.vertx.core.eventbus.MessageConsumer;
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
public final class AgentStream {
  private static final Logger LOG = LoggerFactory.getLogger(AgentStream.class);
  private static final Duration REPLAY_PATIENCE = Duration.ofSeconds(5);

  private final ConcertBus bus;
  private final String instanceId;
  private final Consumer<List<NativeEvent>> listener;
  private final MessageConsumer<AgentEvents> consumer;
  private String epoch = "";
  private long next = 1;
  private boolean replaying;

  /** Begins to listen. The listener gets events in groups that came together. */
  public AgentStream(ConcertBus bus, String instanceId, Consumer<List<NativeEvent>> listener) {
    this.bus = bus;
    this.instanceId = instanceId;
    this.listener = listener;
    this.consumer = bus.listen(Addresses.AGENT_EVENTS.of(instanceId), this::receive);
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
    bus.request(Addresses.REPLAY_EVENTS, new ReplayEvents(instanceId, epoch, next), REPLAY_PATIENCE)
        .onComplete(
            answer -> {
              replaying = false;
              if (answer.succeeded()) {
                accept(answer.result());
              } else {
                LOG.warn("Events of {} could not be asked again", instanceId, answer.cause());
              }
            });
  }

  private void accept(AgentEvents replayed) {
    if (replayed.epoch().equals(epoch) && replayed.firstNumber() <= next) {
      receive(replayed);
    }
  }

  /** Work that tells the coordinator that everything received by now is stored. */
  public Runnable acknowledgement() {
    EventsStored stored = new EventsStored(instanceId, epoch, next - 1);
    return () -> bus.publish(Addresses.EVENTS_STORED, stored);
  }

  public void close() {
    consumer.unregister();
  }
}

package dev.concert.gateway.agent;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.KeyedListeners;
import dev.concert.bus.Registration;
import dev.concert.podium.PodiumMessages.AgentEvents;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * One inbox for each event loop of this gateway, so that events arrive where their session lives.
 * They are open until they are closed; their addresses differ after each start. Thread-safe.
 */
public final class AgentInboxes {
  private final Map<Context, AgentInbox> inboxes = new ConcurrentHashMap<>();
  private final List<Registration> registrations = new CopyOnWriteArrayList<>();

  private AgentInboxes() {}

  /** Opens the inboxes; completes when coordinators can send to them. */
  public static Future<AgentInboxes> open(ConcertBus bus, List<Context> contexts) {
    AgentInboxes inboxes = new AgentInboxes();
    return Future.all(contexts.stream().map(context -> inboxes.open(bus, context)).toList())
        .map(inboxes);
  }

  private Future<Void> open(ConcertBus bus, Context context) {
    KeyedListeners<AgentEvents> listeners = new KeyedListeners<>(AgentEvents::instanceId);
    String address = bus.newAddress(Addresses.AGENT_EVENTS);
    inboxes.put(context, new AgentInbox(address, listeners));
    Promise<Void> opened = Promise.promise();
    context.runOnContext(
        _ -> {
          Registration inbox = bus.open(Addresses.AGENT_EVENTS, address, listeners);
          registrations.add(inbox);
          inbox.completion().onComplete(opened);
        });
    return opened.future();
  }

  /** The inbox of an event loop that they were opened for. */
  public AgentInbox of(Context context) {
    return inboxes.get(context);
  }

  /** Receives nothing more. */
  public Future<Void> close() {
    return Future.join(registrations.stream().map(Registration::unregister).toList()).mapEmpty();
  }
}

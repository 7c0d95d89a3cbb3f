package dev.concert.foundation.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concert.automation.EventMessages.ChatEvent;
import dev.concert.automation.EventMessages.EventTaken;
import dev.concert.automation.EventMessages.RepositoryActivity;
import dev.concert.automation.EventMessages.RuleWork;
import dev.concert.bus.Address;
import dev.concert.bus.AutomationAddresses;
import dev.concert.bus.ConcertBus;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.outbox.DurableOutbox;
import dev.concert.foundation.outbox.OutboxDelivery;
import dev.concert.foundation.outbox.OutboxSender;
import dev.concert.foundation.retry.Backoff;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/**
 * Hands to the automation engine what happened outside, through the outbox of a tenant: what is put
 * there reaches the engine, whatever ends meanwhile. What belongs together reaches it in order. The
 * engine knows an event that comes again. On one context.
 */
public final class EngineHandover {
  /** So many events of a kind may wait for an engine that is away. */
  private static final int MAX_WAITING = 10_000;

  private final DurableOutbox outbox;
  private final OutboxDelivery delivery;
  private final int maxWaiting;

  /** What is handed over, named as the routes of the outbox are. */
  enum Kind {
    CHATS("automations:chats", AutomationAddresses.TAKE_CHAT_EVENT),
    EVENTS("automations:events", AutomationAddresses.TAKE_REPOSITORY_EVENT),
    RULES("automations:rules", AutomationAddresses.TAKE_RULE_WORK);

    private final String route;
    private final Address<? extends Record, EventTaken> address;

    Kind(String route, Address<? extends Record, EventTaken> address) {
      this.route = route;
      this.address = address;
    }

    String route() {
      return route;
    }

    Address<? extends Record, EventTaken> address() {
      return address;
    }
  }

  /**
   * @param others sends the messages of the outbox that are not for the engine
   * @param backoff pauses after failed attempts of those
   */
  public EngineHandover(
      Vertx vertx, ConcertBus bus, DurableOutbox outbox, OutboxSender others, Backoff backoff) {
    this(vertx, bus, outbox, others, backoff, MAX_WAITING);
  }

  EngineHandover(
      Vertx vertx,
      ConcertBus bus,
      DurableOutbox outbox,
      OutboxSender others,
      Backoff backoff,
      int maxWaiting) {
    this.outbox = outbox;
    this.delivery = new OutboxDelivery(vertx, outbox, new EngineSender(bus, others), backoff);
    this.maxWaiting = maxWaiting;
  }

  /** Sends everything of the outbox; to be started. */
  public OutboxDelivery delivery() {
    return delivery;
  }

  /**
   * A member wrote a message; durable when the future succeeds. It fails with {@code
   * AUTOMATIONS_UNAVAILABLE} where too many wait already.
   *
   * @param conversation whose messages keep their order
   */
  public Future<Void> said(String conversation, ChatEvent event) {
    return event(
        Kind.CHATS, conversation, "%s:%s".formatted(event.connectionId(), event.eventId()), event);
  }

  /**
   * Something happened in a repository; durable when the future succeeds. It fails with {@code
   * AUTOMATIONS_UNAVAILABLE} where too much waits already.
   */
  public Future<Void> happened(RepositoryActivity event) {
    return event(
        Kind.EVENTS,
        event.fullName(),
        "%s:%s".formatted(event.connectionId(), event.deliveryId()),
        event);
  }

  /** Work is other than before; durable when the future succeeds. Only the newest is told. */
  public Future<Void> changed(RuleWork work) {
    String lane = Kind.RULES.route();
    return outbox
        .put(lane, lane, work.workId(), json(work))
        .onSuccess(_ -> delivery.wake(lane))
        .mapEmpty();
  }

  private Future<Void> event(Kind kind, String subject, String key, Record content) {
    String lane = kind.route() + " " + subject;
    return outbox
        .putWithin(maxWaiting, kind.route(), lane, key, json(content))
        .compose(
            isStored -> {
              if (!isStored) {
                return Future.failedFuture(
                    new ConcertException(
                        ErrorCode.AUTOMATIONS_UNAVAILABLE,
                        "%d events wait for the automations already.".formatted(maxWaiting)));
              }
              delivery.wake(lane);
              return Future.succeededFuture();
            });
  }

  private static String json(Record content) {
    try {
      return Json.MAPPER.writeValueAsString(content);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A message cannot be written as JSON", e);
    }
  }
}

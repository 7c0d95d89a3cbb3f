package dev.concert.foundation.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concert.automation.EventMessages.EventTaken;
import dev.concert.bus.Address;
import dev.concert.bus.ConcertBus;
import dev.concert.error.Problem;
import dev.concert.foundation.client.EngineHandover.Kind;
import dev.concert.foundation.outbox.OutboxMessage;
import dev.concert.foundation.outbox.OutboxSender;
import dev.concert.foundation.outbox.SendOutcome;
import dev.concert.foundation.retry.Backoff;
import dev.concert.json.Json;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Sends the messages of an outbox that are for the automation engine; the others go their own way.
 * While the engine is away a message waits, however long that is. On one context.
 */
final class EngineSender implements OutboxSender {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Backoff AWAY =
      new Backoff(Duration.ofMillis(500), Duration.ofMinutes(1), 0.3);

  private final ConcertBus bus;
  private final OutboxSender others;

  /** How often in a row the engine was away, by lane. */
  private final Map<String, Integer> failures = new HashMap<>();

  EngineSender(ConcertBus bus, OutboxSender others) {
    this.bus = bus;
    this.others = others;
  }

  private static Optional<Kind> kind(OutboxMessage message) {
    return Stream.of(Kind.values())
        .filter(kind -> kind.route().equals(message.route()))
        .findFirst();
  }

  @Override
  public Future<Void> permit(OutboxMessage message) {
    return kind(message).isPresent() ? Future.succeededFuture() : others.permit(message);
  }

  @Override
  public Future<SendOutcome> send(OutboxMessage message) {
    return kind(message)
        .map(kind -> send(kind, kind.address(), message))
        .orElseGet(() -> others.send(message));
  }

  private <Q extends Record> Future<SendOutcome> send(
      Kind kind, Address<Q, EventTaken> address, OutboxMessage message) {
    return bus.request(address, read(message, address.request()), TIMEOUT)
        .map(
            _ -> {
              failures.remove(message.conversation());
              return taken(kind);
            })
        .otherwise(failure -> outcome(message, Problem.of(failure)));
  }

  /** What an event said is of no use here any more; of work it is known what was told. */
  private static SendOutcome taken(Kind kind) {
    return kind == Kind.RULES ? new SendOutcome.Sent("") : new SendOutcome.Done();
  }

  private SendOutcome outcome(OutboxMessage message, Problem problem) {
    return switch (problem.code().httpStatus()) {
      // The engine, its owner, or whom it asks, is away or has much to do.
      case 421, 429, 503, 504 ->
          new SendOutcome.Wait(AWAY.after(failures.merge(message.conversation(), 1, Integer::sum)));
      case 408, 500, 502, 507 -> new SendOutcome.Failed(problem.message());
      default -> {
        failures.remove(message.conversation());
        yield new SendOutcome.Refused(problem.message());
      }
    };
  }

  private static <T> T read(OutboxMessage message, Class<T> type) {
    try {
      return Json.MAPPER.readValue(message.content(), type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A stored message is not JSON", e);
    }
  }

  /** The engine knows what comes again. */
  @Override
  public Future<LookUp> lookUp(OutboxMessage message) {
    return kind(message).isPresent()
        ? Future.succeededFuture(new LookUp.Absent())
        : others.lookUp(message);
  }
}

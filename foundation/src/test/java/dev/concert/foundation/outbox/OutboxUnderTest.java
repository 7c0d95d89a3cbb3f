package dev.concert.foundation.outbox;

import dev.concert.foundation.jdbc.JdbcDatabases;
import dev.concert.foundation.lease.FencedDatabase;
import dev.concert.foundation.outbox.OutboxMessage.State;
import dev.concert.foundation.outbox.OutboxSender.LookUp;
import dev.concert.foundation.retry.Backoff;
import dev.concert.testing.Await;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An outbox with its owners and the service that it sends to. Crashes are take-overs: from then on
 * the fence lets nothing of the earlier owner through.
 */
final class OutboxUnderTest implements AutoCloseable {
  private static final List<String> SCHEMA = List.of(FencedDatabase.SCHEMA, DurableOutbox.SCHEMA);
  private static final Backoff QUICK = Backoff.of(Duration.ofMillis(1), Duration.ofMillis(5));

  /** Longer than a busy machine needs for anything. */
  private static final Duration LONG = Duration.ofMinutes(2);

  final Service service = new Service();

  /** Stands still unless it is set: pauses are real ones. */
  volatile Instant now = Instant.now();

  private final Vertx vertx = Vertx.vertx();
  private final JdbcDatabases databases;
  private long epoch;

  OutboxUnderTest(Path folder) {
    databases = new JdbcDatabases(vertx, key -> folder.resolve(key + ".db"), SCHEMA, 4);
  }

  Owner owner() {
    return owner(new Sender(service, null));
  }

  Owner owner(OutboxSender sender) {
    return new Owner("acme", sender);
  }

  static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  @Override
  public void close() {
    get(vertx.close());
  }

  /** Where an owner dies. */
  enum Step {
    BEFORE_IT_IS_MARKED,
    BEFORE_THE_REQUEST,
    AFTER_THE_REQUEST,
    WHILE_IT_LOOKS
  }

  /** Somebody else's service: it keeps messages by id, and can be asked where it has a look-up. */
  static final class Service {
    private final Map<String, String> messages = new LinkedHashMap<>();
    final Deque<SendOutcome> refusals = new ArrayDeque<>();
    final List<String> requests = new ArrayList<>();
    boolean canLookUp = true;

    synchronized SendOutcome take(OutboxMessage message) {
      requests.add(message.content());
      if (!refusals.isEmpty()) {
        return refusals.poll();
      }
      String id = message.remoteId().orElseGet(() -> "id-" + (messages.size() + 1));
      messages.put(id, message.key() + "=" + message.content());
      return new SendOutcome.Sent(id);
    }

    synchronized LookUp find(OutboxMessage message) {
      if (!canLookUp) {
        return new LookUp.Impossible();
      }
      return messages.entrySet().stream()
          .filter(entry -> entry.getValue().startsWith(message.key() + "="))
          .<LookUp>map(entry -> new LookUp.Found(entry.getKey()))
          .findFirst()
          .orElseGet(LookUp.Absent::new);
    }

    synchronized List<String> contents() {
      return List.copyOf(messages.values());
    }
  }

  /** An owner whose process ends at a step, once. */
  static class Sender implements OutboxSender {
    final Promise<Void> died = Promise.promise();
    private final Service service;
    private final Step death;

    Sender(Service service, Step death) {
      this.service = service;
      this.death = death;
    }

    private <T> Future<T> at(Step step, Future<T> result) {
      if (step == death) {
        died.tryComplete();
      }
      return died.future().isComplete() ? Promise.<T>promise().future() : result;
    }

    @Override
    public Future<Void> permit(OutboxMessage message) {
      return at(Step.BEFORE_IT_IS_MARKED, Future.succeededFuture());
    }

    @Override
    public Future<SendOutcome> send(OutboxMessage message) {
      Future<SendOutcome> before = at(Step.BEFORE_THE_REQUEST, Future.succeededFuture());
      return before.isComplete()
          ? at(Step.AFTER_THE_REQUEST, Future.succeededFuture(service.take(message)))
          : before;
    }

    @Override
    public Future<LookUp> lookUp(OutboxMessage message) {
      return at(Step.WHILE_IT_LOOKS, Future.succeededFuture(service.find(message)));
    }
  }

  /** One process after the other; each takes the work over from the one before. */
  final class Owner {
    final DurableOutbox outbox;
    final OutboxDelivery delivery;

    Owner(String tenant, OutboxSender sender) {
      this(tenant, sender, LONG);
    }

    Owner(String tenant, OutboxSender sender, Duration stopTimeout) {
      epoch++;
      outbox = new DurableOutbox(new FencedDatabase(databases, tenant, epoch), () -> now);
      delivery = new OutboxDelivery(vertx, outbox, sender, QUICK, stopTimeout);
      get(delivery.start());
    }

    void put(String conversation, String key, String content) {
      get(outbox.put("slack", conversation, key, content));
      delivery.wake(conversation);
    }

    void awaitState(String conversation, State state) {
      Await.until(
          () ->
              get(outbox.messages(conversation)).stream()
                  .allMatch(message -> message.state() == state));
    }
  }
}

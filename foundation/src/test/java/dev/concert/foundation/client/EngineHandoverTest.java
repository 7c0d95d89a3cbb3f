package dev.concert.foundation.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.automation.EventMessages.ChatEvent;
import dev.concert.automation.EventMessages.EventTaken;
import dev.concert.automation.EventMessages.RepositoryActivity;
import dev.concert.bus.AutomationAddresses;
import dev.concert.bus.BusCodecs;
import dev.concert.bus.ConcertBus;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.foundation.jdbc.JdbcDatabases;
import dev.concert.foundation.lease.FencedDatabase;
import dev.concert.foundation.outbox.DurableOutbox;
import dev.concert.foundation.outbox.OutboxMessage;
import dev.concert.foundation.outbox.OutboxSender;
import dev.concert.foundation.outbox.SendOutcome;
import dev.concert.foundation.retry.Backoff;
import dev.concert.testing.Await;
import dev.concert.testing.log.ExpectedLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Crashes are take-overs: from then on the fence lets nothing of the earlier owner through. */
class EngineHandoverTest {
  private static final int MAX_WAITING = 3;
  private static final Backoff QUICK = Backoff.of(Duration.ofMillis(1), Duration.ofMillis(5));

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final List<String> comments = new CopyOnWriteArrayList<>();
  private volatile Function<ChatEvent, Future<EventTaken>> engine = _ -> away();
  private ConcertBus bus;
  private final List<EngineHandover> handovers = new CopyOnWriteArrayList<>();
  private JdbcDatabases databases;
  private long epoch;

  @BeforeEach
  void start() {
    BusCodecs.register(vertx);
    bus = new ConcertBus(vertx);
    bus.serve(AutomationAddresses.TAKE_CHAT_EVENT, event -> engine.apply(event));
    bus.serve(AutomationAddresses.TAKE_REPOSITORY_EVENT, event -> taken(event.deliveryId()));
    databases =
        new JdbcDatabases(
            vertx,
            key -> folder.resolve(key + ".db"),
            List.of(FencedDatabase.SCHEMA, DurableOutbox.SCHEMA),
            4);
  }

  @AfterEach
  void close() {
    handovers.forEach(one -> one.delivery().stop());
    get(vertx.close());
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  private static Future<EventTaken> away() {
    return refusal(ErrorCode.AUTOMATIONS_UNAVAILABLE);
  }

  private static Future<EventTaken> refusal(ErrorCode code) {
    return Future.failedFuture(new ConcertException(code, "Not now."));
  }

  private Future<EventTaken> taken(String what) {
    heard.add(what);
    return Future.succeededFuture(new EventTaken(1));
  }

  private Future<EventTaken> taken(ChatEvent event) {
    return taken("%s %s: %s".formatted(event.tenantId(), event.channel(), event.eventId()));
  }

  private void engineIsBack() {
    engine = this::taken;
  }

  /** What is not for the engine. */
  private final class Comments implements OutboxSender {
    @Override
    public Future<Void> permit(OutboxMessage message) {
      return Future.succeededFuture();
    }

    @Override
    public Future<SendOutcome> send(OutboxMessage message) {
      comments.add(message.content());
      return Future.succeededFuture(new SendOutcome.Sent("c" + comments.size()));
    }

    @Override
    public Future<LookUp> lookUp(OutboxMessage message) {
      return Future.succeededFuture(new LookUp.Absent());
    }
  }

  /** A process that owns a tenant; an earlier one of the same tenant is dead from then on. */
  private final class Owner {
    private final String tenant;
    private final DurableOutbox outbox;
    private final EngineHandover handover;

    private Owner(String tenant) {
      this.tenant = tenant;
      this.outbox =
          new DurableOutbox(new FencedDatabase(databases, tenant, ++epoch), InstantSource.system());
      this.handover = new EngineHandover(vertx, bus, outbox, new Comments(), QUICK, MAX_WAITING);
      handovers.add(handover);
      get(handover.delivery().start());
    }

    private Future<Void> said(String channel, String id) {
      return handover.said(
          channel, new ChatEvent(tenant, id, "slack", "c", channel, "anne", "Hello", false));
    }

    private boolean isEmpty() {
      return get(outbox.openConversations()).isEmpty()
          && get(outbox.messages("automations:chats general")).isEmpty();
    }
  }

  private void awaitHeard(String... events) {
    Await.until("the engine heard " + List.of(events), () -> heard.size() >= events.length);
    assertThat(heard).containsExactly(events);
  }

  @Test
  void whatCameWhileTheEngineWasAwayReachesItInOrderWhenItIsBack() {
    Owner acme = new Owner("acme");
    for (int i = 1; i <= 3; i++) {
      get(acme.said("general", "m" + i));
    }
    engineIsBack();
    awaitHeard("acme general: m1", "acme general: m2", "acme general: m3");
    Await.until("nothing is kept", acme::isEmpty);
  }

  @Test
  void theNextProcessHandsOverWhatADeadOneLeft() {
    Promise<EventTaken> never = Promise.promise();
    engine =
        event -> {
          taken(event);
          return never.future();
        };
    Owner dead = new Owner("acme");
    get(dead.said("general", "m1"));
    get(dead.said("general", "m2"));
    awaitHeard("acme general: m1");

    engineIsBack();
    Owner next = new Owner("acme");
    // Where the answer was cut, the engine knows the event by its id.
    awaitHeard("acme general: m1", "acme general: m1", "acme general: m2");
    never.complete(new EventTaken(1));
    Await.until("nothing is kept", next::isEmpty);
  }

  @Test
  void theEventsOfOneTenantWaitForThoseOfNoOther() {
    engine = event -> event.tenantId().equals("acme") ? away() : taken(event);
    Owner acme = new Owner("acme");
    Owner zeta = new Owner("zeta");
    for (int i = 1; i <= MAX_WAITING; i++) {
      get(acme.said("general", "m" + i));
      get(zeta.said("general", "m" + i));
    }
    awaitHeard("zeta general: m1", "zeta general: m2", "zeta general: m3");

    heard.clear();
    engineIsBack();
    awaitHeard("acme general: m1", "acme general: m2", "acme general: m3");
  }

  @Test
  void whereTooManyWaitTheNextIsRefusedUntilThereIsRoomAndWhatWaitsIsNot() {
    Owner acme = new Owner("acme");
    get(acme.said("general", "m1"));
    get(acme.said("random", "m2"));
    get(acme.said("general", "m3"));

    Future<Void> refused = acme.said("random", "m4");
    Await.until("the refusal", refused::isComplete);
    Problem full = Problem.of(refused.cause());
    assertThat(full.code()).isEqualTo(ErrorCode.AUTOMATIONS_UNAVAILABLE);
    assertThat(full.message()).isEqualTo("3 events wait for the automations already.");
    get(acme.said("general", "m3"));
    get(acme.handover.happened(push("d1")));
    get(acme.outbox.put("slack", "general", "answer", "Hello"));
    acme.handover.delivery().wake("general");
    Await.until("the comment", () -> comments.equals(List.of("Hello")));
    awaitHeard("d1");

    heard.clear();
    engineIsBack();
    Await.until("all of them", () -> heard.size() == 3);
    get(acme.said("random", "m4"));
    Await.until("the next one", () -> heard.size() == 4);
    assertThat(heard)
        .containsExactlyInAnyOrder(
            "acme general: m1", "acme random: m2", "acme general: m3", "acme random: m4");
  }

  @ExpectedLog(
      logger = "dev.concert.foundation.outbox.OutboxDelivery",
      message = "A message to automations:chats is given up: Not now.")
  @Test
  void whatTheEngineRefusesHoldsUpNothing() {
    engine = event -> event.eventId().equals("m1") ? refusal(ErrorCode.NOT_FOUND) : taken(event);
    Owner acme = new Owner("acme");
    get(acme.said("general", "m1"));
    get(acme.said("general", "m2"));
    awaitHeard("acme general: m2");
  }

  private static RepositoryActivity push(String delivery) {
    return new RepositoryActivity(
        "acme", delivery, "c", 1, "push", "", "ada", "engine", 0, "bob", "", List.of(), "main",
        "{}");
  }
}

package dev.concert.foundation.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.foundation.jdbc.JdbcDatabases;
import dev.concert.foundation.lease.FencedDatabase;
import dev.concert.foundation.lease.LeaseLostException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableInboxTest {
  private static final List<String> SCHEMA = List.of(FencedDatabase.SCHEMA, DurableInbox.SCHEMA);

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-29T10:00:00Z"));

  private DurableInbox inbox(String tenant, long epoch) {
    JdbcDatabases databases =
        new JdbcDatabases(vertx, key -> folder.resolve(key).resolve("bridges.db"), SCHEMA, 4);
    return new DurableInbox(new FencedDatabase(databases, tenant, epoch), now::get);
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  @AfterEach
  void close() {
    get(vertx.close());
  }

  @Test
  void anEventIsClaimedOnceHoweverOftenAndLateItComes() {
    DurableInbox inbox = inbox("acme", 1);
    List<Future<Boolean>> claims =
        IntStream.range(0, 20).mapToObj(_ -> inbox.claim("slack/c1", "Ev1", "{}")).toList();
    get(Future.all(claims));
    assertThat(claims.stream().filter(Future::result)).hasSize(1);

    get(inbox.finish("slack/c1", "Ev1"));
    now.updateAndGet(time -> time.plusSeconds(300));
    assertThat(get(inbox(("acme"), 2).claim("slack/c1", "Ev1", "{}"))).isFalse();
    assertThat(get(inbox.unfinished(10))).isEmpty();
  }

  @Test
  void theSameIdOfAnotherSourceOrTenantIsAnotherEvent() {
    assertThat(get(inbox("acme", 1).claim("slack/c1", "Ev1", "{}"))).isTrue();
    assertThat(get(inbox("acme", 1).claim("slack/c2", "Ev1", "{}"))).isTrue();
    assertThat(get(inbox("zeta", 1).claim("slack/c1", "Ev1", "{}"))).isTrue();
    assertThat(get(inbox("zeta", 1).unfinished(10))).hasSize(1);
  }

  @Test
  void whatWasClaimedAndNotFinishedIsThereAfterARestartInItsOrder() {
    DurableInbox before = inbox("acme", 1);
    for (int i = 1; i <= 3; i++) {
      get(before.claim("slack/c1", "Ev" + i, "body " + i));
      now.updateAndGet(time -> time.plusMillis(1));
    }
    get(before.finish("slack/c1", "Ev2"));
    get(before.attempt("slack/c1", "Ev1"));

    List<InboxEvent> left = get(inbox("acme", 2).unfinished(10));
    assertThat(left).extracting(InboxEvent::eventId).containsExactly("Ev1", "Ev3");
    assertThat(left).extracting(InboxEvent::body).containsExactly("body 1", "body 3");
    assertThat(left).extracting(InboxEvent::attempts).containsExactly(1, 0);
  }

  @Test
  void anOwnerThatWasReplacedClaimsAndFinishesNothing() {
    DurableInbox paused = inbox("acme", 1);
    get(paused.claim("slack/c1", "Ev1", "{}"));
    DurableInbox next = inbox("acme", 2);
    get(next.claim("slack/c1", "Ev2", "{}"));

    assertThatThrownBy(() -> get(paused.claim("slack/c1", "Ev3", "{}")))
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(LeaseLostException.class);
    assertThatThrownBy(() -> get(paused.finish("slack/c1", "Ev1")))
        .hasCauseInstanceOf(LeaseLostException.class);
    assertThat(get(next.unfinished(10))).extracting(InboxEvent::eventId).contains("Ev1", "Ev2");
  }

  @Test
  void whatIsOldAndFinishedIsForgottenWhatIsUnfinishedIsNot() {
    DurableInbox inbox = inbox("acme", 1);
    get(inbox.claim("slack/c1", "Ev1", "{}"));
    get(inbox.claim("slack/c1", "Ev2", "{}"));
    get(inbox.fail("slack/c1", "Ev1", "refused"));
    assertThat(get(inbox.prune(Duration.ofHours(1)))).isZero();
    now.updateAndGet(time -> time.plus(Duration.ofHours(2)));
    assertThat(get(inbox.prune(Duration.ofHours(1)))).isEqualTo(1);
    assertThat(get(inbox.unfinished(10))).extracting(InboxEvent::eventId).containsExactly("Ev2");
  }
}

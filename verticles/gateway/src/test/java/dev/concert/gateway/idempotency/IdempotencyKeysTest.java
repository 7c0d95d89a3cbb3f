package dev.concert.gateway.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.gateway.registry.Registries;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The keys in a real registry, over restarts and with a clock of their own. */
class IdempotencyKeysTest {
  @TempDir Path data;
  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger runs = new AtomicInteger();
  private Instant now = Instant.parse("2026-11-29T00:00:00Z");
  private Registries registries;
  private IdempotencyKeys keys;

  @BeforeEach
  void open() {
    registries = new Registries(vertx, data);
    keys = new IdempotencyKeys(registries, clock());
  }

  @AfterEach
  void close() {
    await(registries.close());
    await(vertx.close());
  }

  private void restart() {
    await(registries.close());
    open();
  }

  private Clock clock() {
    return Clock.fixed(now, ZoneOffset.UTC);
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(3, TimeUnit.MINUTES);
    } catch (java.util.concurrent.ExecutionException e) {
      if (e.getCause() instanceof ConcertException refusal) {
        throw refusal;
      }
      throw new AssertionError(e);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static KeyedRequest request(boolean repeatable) {
    return new KeyedRequest("tenant", "user", "key", "hash", repeatable);
  }

  private StoredReply run(Supplier<Future<StoredReply>> work) {
    return await(keys.once(request(false), work));
  }

  private Future<StoredReply> reply() {
    return Future.succeededFuture(
        new StoredReply(
            201,
            Map.of("ETag", "\"1\""),
            Buffer.buffer("{\"n\":" + runs.incrementAndGet() + "}"),
            false));
  }

  private static void assertCode(Runnable call, ErrorCode code) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            ConcertException.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
  }

  @Test
  void aReplyOutlivesARestart() {
    run(this::reply);
    restart();

    StoredReply again = run(this::reply);

    assertThat(again.body().toString()).isEqualTo("{\"n\":1}");
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.headers()).containsEntry("ETag", "\"1\"");
    assertThat(again.repeated()).isTrue();
  }

  @Test
  void aWriteThatDiedInTheMiddleIsNotRunAgainButSaysSo() {
    keys.once(request(false), () -> Promise.<StoredReply>promise().future());
    awaitRow();
    restart();

    assertCode(() -> run(this::reply), ErrorCode.IDEMPOTENCY_REPLY_GONE);
    assertThat(runs).hasValue(0);
  }

  @Test
  void aWriteThatMayBeRepeatedIsRunAgainAfterItDied() {
    keys.once(request(true), () -> Promise.<StoredReply>promise().future());
    awaitRow();
    restart();

    assertThat(await(keys.once(request(true), this::reply)).repeated()).isFalse();
    assertThat(await(keys.once(request(true), this::reply)).repeated()).isTrue();
    assertThat(runs).hasValue(1);
  }

  private void awaitRow() {
    dev.concert.testing.Await.until(
        () ->
            await(
                        registries.in(
                            "tenant",
                            database ->
                                database.query(
                                    "SELECT 1 FROM idempotency_keys",
                                    io.vertx.sqlclient.Tuple.tuple())))
                    .size()
                == 1);
  }

  @Test
  void afterAnUncertainFailureTheWriteIsNotRunAgain() {
    assertCode(
        () -> run(() -> Future.failedFuture(new ConcertException(ErrorCode.TIMEOUT, "Late."))),
        ErrorCode.TIMEOUT);

    assertCode(() -> run(this::reply), ErrorCode.IDEMPOTENCY_REPLY_GONE);
  }

  @Test
  void aSecretIsNotStored() {
    run(
        () ->
            Future.succeededFuture(
                new StoredReply(201, Map.of(), Buffer.buffer("{\"key\":\"secret\"}"), true)));

    assertCode(() -> run(this::reply), ErrorCode.IDEMPOTENCY_REPLY_GONE);
    assertThat(everythingStored()).doesNotContain("secret");
  }

  private String everythingStored() {
    StringBuilder all = new StringBuilder();
    await(
            registries.in(
                "tenant",
                database ->
                    database.query(
                        "SELECT * FROM idempotency_keys", io.vertx.sqlclient.Tuple.tuple())))
        .forEach(row -> all.append(row.deepToString()));
    return all.toString();
  }

  @Test
  void aKeyIsForgottenAfterADay() {
    run(this::reply);
    now = now.plus(IdempotencyKeys.KEPT).minus(Duration.ofSeconds(1));
    restart();
    assertThat(run(this::reply).repeated()).isTrue();

    now = now.plusSeconds(2);
    restart();
    assertThat(run(this::reply).repeated()).isFalse();
  }

  @Test
  void aUserHasABoundedNumberOfKeys() {
    run(this::reply);
    await(
        registries.in(
            "tenant",
            database ->
                database.update(
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
                        + " INSERT INTO idempotency_keys (user_id, key, request_hash, created_at)"
                        + " SELECT 'user', 'k' || i, '', ? FROM n",
                    io.vertx.sqlclient.Tuple.of(IdempotencyKeys.MAX_KEYS, now.toEpochMilli()))));

    KeyedRequest another = new KeyedRequest("tenant", "user", "another", "hash", false);
    KeyedRequest ofAnother = new KeyedRequest("tenant", "neighbour", "another", "hash", false);

    assertCode(() -> await(keys.once(another, this::reply)), ErrorCode.RATE_LIMITED);
    assertThat(await(keys.once(ofAnother, this::reply)).repeated()).isFalse();
  }
}

package dev.concert.foundation.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.foundation.health.PartsHealth.Level;
import dev.concert.foundation.health.PartsHealth.Part;
import dev.concert.foundation.health.PartsHealth.Result;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartsHealthTest {
  private final Vertx vertx = Vertx.vertx();

  private PartsHealth health(Duration fresh) {
    return new PartsHealth(vertx, Duration.ofMillis(200), fresh);
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(3, TimeUnit.MINUTES);
  }

  @ParameterizedTest
  @CsvSource({
    "OK, OK, OK",
    "OK, DEGRADED, DEGRADED",
    "OK, DOWN, DEGRADED",
    "DEGRADED, OK, DEGRADED",
    "DOWN, OK, DOWN",
    "DOWN, DOWN, DOWN",
  })
  void aCriticalPartTakesAllDownAndAnotherOneDegrades(Level critical, Level other, Level all)
      throws Exception {
    Result result =
        check(
            health(Duration.ZERO)
                .critical("database", () -> part(critical))
                .optional("models", () -> part(other)));
    assertThat(result.level()).isEqualTo(all);
    assertThat(result.parts().keySet()).containsExactly("database", "models");
    assertThat(result.parts().get("database")).isEqualTo(new Part(critical, Map.of("agents", "3")));
  }

  @Test
  void aPartThatFailsOrThrowsIsDownWithTheReason() throws Exception {
    Result result =
        check(
            health(Duration.ZERO)
                .optional("failing", () -> Future.failedFuture("no connection"))
                .optional(
                    "throwing",
                    () -> {
                      throw new IllegalStateException("defect");
                    }));
    assertThat(result.level()).isEqualTo(Level.DEGRADED);
    assertThat(result.parts().get("failing").details()).containsEntry("reason", "no connection");
    assertThat(result.parts().get("throwing").level()).isEqualTo(Level.DOWN);
  }

  @Test
  void aPartThatDoesNotAnswerIsDownAndHoldsNothingUp() throws Exception {
    Result result =
        check(
            health(Duration.ZERO)
                .critical("silent", () -> Promise.<Part>promise().future())
                .optional("fine", () -> part(Level.OK)));
    assertThat(result.level()).isEqualTo(Level.DOWN);
    assertThat(result.parts().get("silent").level()).isEqualTo(Level.DOWN);
    assertThat(result.parts().get("fine").level()).isEqualTo(Level.OK);
  }

  @Test
  void whoAsksOftenCostsNothing() throws Exception {
    AtomicInteger checks = new AtomicInteger();
    PartsHealth health =
        health(Duration.ofMinutes(5))
            .critical(
                "counted",
                () -> {
                  checks.incrementAndGet();
                  return part(Level.OK);
                });
    for (int i = 0; i < 20; i++) {
      check(health);
    }
    assertThat(checks).hasValue(1);
  }

  private static Future<Part> part(Level level) {
    return Future.succeededFuture(new Part(level, Map.of("agents", "3")));
  }

  private static Result check(PartsHealth health) throws Exception {
    return health.check().toCompletionStage().toCompletableFuture().get(3, TimeUnit.MINUTES);
  }
}

package dev.concert.ensemble.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.RunningEnsemble;
import dev.concert.testing.Await;
import dev.concert.testing.log.ExpectedLog;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@ExpectedLog(
    logger = "dev.concert.ensemble.watch.ChangePoller",
    message = "Cards cannot be read: the file is gone",
    required = false)
class ChangePollerTest {
  private static final Duration PAUSE = Duration.ofMillis(5);

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final AtomicInteger readings = new AtomicInteger();

  @AfterEach
  void close() {
    RunningEnsemble.await(vertx.close());
  }

  @Test
  void goesOnAfterAReadingThatFailed() {
    reading(() -> Future.failedFuture("the file is gone"));
    Await.until(() -> readings.get() > 3);
  }

  @Test
  void readsOnceAtATimeAndNotAgainAfterItsStopWhichWaitsForTheLastOne() {
    Promise<Void> slow = Promise.promise();
    ChangePoller read = reading(slow::future);
    Await.until(() -> readings.get() == 1);

    Future<Void> stop = on(read::stop);
    assertThat(stop.isComplete()).isFalse();
    assertThat(readings).hasValue(1);

    slow.complete();
    RunningEnsemble.await(stop);
    RunningEnsemble.await(vertx.timer(20 * PAUSE.toMillis()));
    assertThat(readings).hasValue(1);
  }

  @Test
  void aReadingThatFailsAtTheEndDoesNotHinderTheStop() {
    Promise<Void> slow = Promise.promise();
    ChangePoller read = reading(slow::future);
    Await.until(() -> readings.get() == 1);
    Future<Void> stop = on(read::stop);
    slow.fail("the file is gone");
    RunningEnsemble.await(stop);
  }

  private ChangePoller reading(Supplier<Future<Void>> answer) {
    ChangePoller read =
        new ChangePoller(
            vertx,
            "Cards",
            PAUSE,
            () -> {
              readings.incrementAndGet();
              return answer.get();
            });
    context.runOnContext(now -> read.start());
    return read;
  }

  private <T> Future<T> on(Supplier<Future<T>> action) {
    Promise<Future<T>> asked = Promise.promise();
    context.runOnContext(now -> asked.complete(action.get()));
    return RunningEnsemble.await(asked.future());
  }
}

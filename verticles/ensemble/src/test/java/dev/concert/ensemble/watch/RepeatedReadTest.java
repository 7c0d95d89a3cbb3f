package dev.concert.ensemble.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.RunningEnsemble;
import dev.concert.testing.Await;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RepeatedReadTest {
  private static final Duration PAUSE = Duration.ofMillis(5);

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final AtomicInteger readings = new AtomicInteger();

  @AfterEach
  void close() {
    RunningEnsemble.await(vertx.close());
  }

  @Test
  void goes_on_after_a_reading_that_failed() {
    reading(() -> Future.failedFuture("the file is gone"));
    Await.until(() -> readings.get() > 3);
  }

  @Test
  void reads_once_at_a_time_and_not_again_after_its_stop_which_waits_for_the_last_one() {
    Promise<Void> slow = Promise.promise();
    RepeatedRead read = reading(slow::future);
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
  void a_reading_that_fails_at_the_end_does_not_hinder_the_stop() {
    Promise<Void> slow = Promise.promise();
    RepeatedRead read = reading(slow::future);
    Await.until(() -> readings.get() == 1);
    Future<Void> stop = on(read::stop);
    slow.fail("the file is gone");
    RunningEnsemble.await(stop);
  }

  private RepeatedRead reading(Supplier<Future<Void>> answer) {
    RepeatedRead read =
        new RepeatedRead(
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

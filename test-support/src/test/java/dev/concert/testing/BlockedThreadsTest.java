package dev.concert.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.testing.log.ExpectedLog;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExpectedLog(
    logger = "io.vertx.core.impl.BlockedThreadChecker",
    message = "has been blocked",
    required = false)
class BlockedThreadsTest {

  @Test
  void aBlockedEventLoopIsNoticed() throws Exception {
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setBlockedThreadCheckInterval(10)
                .setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS)
                .setMaxEventLoopExecuteTime(50));
    BlockedThreads watch = BlockedThreads.watch();
    CountDownLatch reported = new CountDownLatch(1);
    vertx.runOnContext(_ -> awaitQuietly(reported));
    Await.until(watch::reported);
    reported.countDown();
    assertThatThrownBy(watch::assertNone).hasMessageContaining("has been blocked");
    vertx.close().toCompletionStage().toCompletableFuture().get(3, TimeUnit.MINUTES);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aQuietRunPasses() {
    BlockedThreads.watch().assertNone();
  }

  @ParameterizedTest
  @CsvSource({"60, 0.5, true", "60, 2, false", "210, 4, true", "199, 4, false"})
  void theLimitGrowsWithTheNumberOfProcessesThatWaitForACore(
      long blocked, double waiting, boolean reported) {
    String report = "Thread x has been blocked for %d ms, time limit is 50 ms".formatted(blocked);

    assertThat(BlockedThreads.isBlocked(report, waiting)).isEqualTo(reported);
  }
}

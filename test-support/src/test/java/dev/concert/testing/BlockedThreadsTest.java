package dev.concert.testing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

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
    CountDownLatch done = new CountDownLatch(1);
    vertx.runOnContext(
        _ -> {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(400));
          done.countDown();
        });
    done.await();
    assertThatThrownBy(watch::assertNone).hasMessageContaining("has been blocked");
    vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
  }

  @Test
  void aQuietRunPasses() {
    BlockedThreads.watch().assertNone();
  }
}

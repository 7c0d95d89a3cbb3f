package dev.concert.ensemble;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BlockedThreadsTest {

  @Test
  void noticesABlockedEventLoop() {
    BlockedThreads blocked = new BlockedThreads();
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setMaxEventLoopExecuteTime(TimeUnit.MILLISECONDS.toNanos(50))
                .setBlockedThreadCheckInterval(20));
    Promise<Boolean> waited = Promise.promise();
    vertx.runOnContext(now -> waited.complete(waitInVain()));
    RunningEnsemble.await(waited.future());
    RunningEnsemble.await(vertx.close());

    assertThatThrownBy(blocked::requireNone).hasMessageContaining("has been blocked");
  }

  private static boolean waitInVain() {
    try {
      return new CountDownLatch(1).await(300, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}

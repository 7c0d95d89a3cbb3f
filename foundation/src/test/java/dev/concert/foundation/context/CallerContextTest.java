package dev.concert.foundation.context;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallerContextTest {
  private final VertxInternal vertx = (VertxInternal) Vertx.vertx();

  @AfterEach
  void close() {
    get(vertx.close());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theCallerGoesOnWhereItAsked(boolean completedBefore) {
    Context caller = vertx.createEventLoopContext();
    Promise<String> elsewhere = vertx.createEventLoopContext().promise();
    if (completedBefore) {
      elsewhere.complete("done");
      get(elsewhere.future());
    }
    Promise<Context> answeredOn = Promise.promise();

    caller.runOnContext(
        _ -> {
          CallerContext.now(vertx)
              .complete(elsewhere.future())
              .onComplete(_ -> answeredOn.complete(Vertx.currentContext()));
          if (!completedBefore) {
            elsewhere.complete("done");
          }
        });

    assertThat(get(answeredOn.future())).isSameAs(caller);
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }
}

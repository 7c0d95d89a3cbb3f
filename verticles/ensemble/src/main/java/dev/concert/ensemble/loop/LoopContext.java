package dev.concert.ensemble.loop;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Supplier;

/** The context on which something lives, such as a call. Any thread may use it. */
public final class LoopContext {
  private final Vertx vertx;
  private final Context context;

  private LoopContext(Vertx vertx, Context context) {
    this.vertx = vertx;
    this.context = context;
  }

  /** Where the caller runs. */
  public static LoopContext here(Vertx vertx) {
    return new LoopContext(vertx, vertx.getOrCreateContext());
  }

  public boolean isHere() {
    return Vertx.currentContext() == context;
  }

  public void run(Runnable work) {
    context.runOnContext(now -> work.run());
  }

  /**
   * Does work there, at once if that is here.
   *
   * @param work may throw, and then the future fails
   * @return completes on the caller's context
   */
  public <T> Future<T> ask(Supplier<T> work) {
    if (isHere()) {
      return Future.succeededFuture().map(now -> work.get());
    }
    Promise<T> answer = Promise.promise();
    Future<T> moved = moved(vertx, answer.future());
    run(() -> Future.succeededFuture().map(now -> work.get()).onComplete(answer));
    return moved;
  }

  /** The same future on the caller's context, where another one completes it. */
  public static <T> Future<T> moved(Vertx vertx, Future<T> elsewhere) {
    Context asking = vertx.getOrCreateContext();
    Promise<T> answer = Promise.promise();
    elsewhere.onComplete(done -> asking.runOnContext(now -> answer.handle(done)));
    return answer.future();
  }
}

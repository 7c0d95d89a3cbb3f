package dev.concert.coordinator.instance;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has to be taken back when a later step fails. Belongs to one event loop. */
final class Undo {
  private static final Logger LOG = LoggerFactory.getLogger(Undo.class);

  private final Deque<Step> steps = new ArrayDeque<>();

  private record Step(String name, Supplier<? extends Future<?>> action) {}

  void add(String name, Supplier<? extends Future<?>> action) {
    steps.push(new Step(name, action));
  }

  void add(String name, Runnable action) {
    add(
        name,
        () -> {
          action.run();
          return Future.succeededFuture();
        });
  }

  /** Somebody else answers for the steps from now on. */
  void forget(String name) {
    steps.removeIf(step -> step.name().equals(name));
  }

  /**
   * Takes everything back, the latest first; one that fails is logged and does not stop the rest.
   */
  Future<Void> run() {
    Future<Void> done = Future.succeededFuture();
    for (Step step : steps) {
      done =
          done.compose(earlier -> step.action().get().<Void>mapEmpty())
              .onFailure(failure -> LOG.warn("Cannot {}: {}", step.name(), failure.getMessage()))
              .otherwiseEmpty();
    }
    steps.clear();
    return done;
  }
}

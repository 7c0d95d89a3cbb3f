package dev.concert.coordinator.instance;

import dev.concert.error.FailureLog;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps that are undone when a later one fails. Belongs to one event loop. */
final class Rollback {
  private static final Logger LOG = LoggerFactory.getLogger(Rollback.class);

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

  /** Removes a step that another owner undoes from now on. */
  void forget(String name) {
    steps.removeIf(step -> step.name().equals(name));
  }

  /** Undoes every step, the latest first. A failure is logged and does not stop the rest. */
  Future<Void> run() {
    Future<Void> done = Future.succeededFuture();
    for (Step step : steps) {
      done =
          done.compose(earlier -> step.action().get().<Void>mapEmpty())
              .onFailure(
                  failure -> LOG.warn("Cannot {}: {}", step.name(), FailureLog.reason(failure)))
              .otherwiseEmpty();
    }
    steps.clear();
    return done;
  }
}

package dev.concert.ensemble.pipeline;

import io.vertx.core.Future;

/** A stage of the pipeline. One instance serves all calls; it never blocks. */
@FunctionalInterface
interface CallStage {
  /**
   * Handles a call. What a stage takes for the call (a reservation, a row) it registers with {@link
   * Call#onRefused} and {@link Call#onSettled}, so that it is returned or settled.
   *
   * @return fails, or the method throws, with a {@code ConcertException} if the call must not be
   *     made; then no later stage runs
   */
  Future<Void> handle(Call call);
}

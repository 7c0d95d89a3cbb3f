package dev.concert.gateway.inference;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.inference.InferenceMessages.ListModels;
import dev.concert.inference.InferenceMessages.Models;
import io.vertx.core.Future;
import java.time.Duration;

/** The models that Ensemble serves. Thread-safe. */
public record ServedModels(ConcertBus bus) {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** Fails with {@code ENSEMBLE_UNAVAILABLE} where Ensemble does not answer. */
  public Future<Models> list() {
    return bus.request(Addresses.LIST_MODELS, new ListModels(), TIMEOUT);
  }

  /**
   * Fails with {@code MODEL_UNKNOWN}, which names the models, when Ensemble has none of this name.
   * Where Ensemble does not answer, the first turn finds out.
   *
   * @param name null for the default model
   */
  public Future<Void> require(String name) {
    return name == null
        ? Future.succeededFuture()
        : list().map(models -> verify(name, models)).recover(ServedModels::unlessUnavailable);
  }

  private static Void verify(String name, Models models) {
    if (!models.names().contains(name)) {
      throw new ConcertException(
          ErrorCode.MODEL_UNKNOWN,
          "There is no model '%s'; there are: %s."
              .formatted(
                  name,
                  String.join(", ", models.models().stream().map(model -> model.id()).toList())));
    }
    return null;
  }

  private static Future<Void> unlessUnavailable(Throwable failure) {
    return failure instanceof ConcertException known && known.code() == ErrorCode.MODEL_UNKNOWN
        ? Future.failedFuture(known)
        : Future.succeededFuture();
  }
}

package dev.concert.ensemble.provider;

import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * Creates a provider that is part of the installation and needs no configuration, such as the demo
 * model. Ensemble finds implementations with {@link java.util.ServiceLoader} and prefers every
 * configured provider to them.
 */
public interface BuiltInProvider {
  /**
   * Creates the provider. Called once for each Ensemble, on its context.
   *
   * @param pause between two blocks of an answer, so that a person sees it stream; zero: none
   */
  Provider create(Vertx vertx, Duration pause);
}

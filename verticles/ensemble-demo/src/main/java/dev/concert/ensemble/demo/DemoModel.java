package dev.concert.ensemble.demo;

import dev.concert.ensemble.provider.BuiltInProvider;
import dev.concert.ensemble.provider.Provider;
import io.vertx.core.Vertx;
import java.time.Duration;

/** Adds the demo model to an Ensemble that has this module on its class path. */
public final class DemoModel implements BuiltInProvider {
  @Override
  public Provider create(Vertx vertx, Duration pause) {
    return new DemoProvider(vertx, pause);
  }
}

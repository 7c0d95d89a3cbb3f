package dev.concert.ensemble.metrics;

import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.usage.CallReport;
import dev.concert.ensemble.usage.UsageReporter;
import dev.concert.error.ErrorCode;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Counts calls as they begin and end. Thread-safe. */
public final class EnsembleMetrics implements UsageReporter {
  private static final Duration[] FIRST_TOKEN = {
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2_500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30)
  };

  private static final Duration[] OVERHEAD = {
    Duration.ofNanos(100_000),
    Duration.ofNanos(250_000),
    Duration.ofNanos(500_000),
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(25),
    Duration.ofMillis(100)
  };

  private static final int MOST_MODELS = 1_000;

  private final MeterRegistry registry;
  private final Set<String> models = ConcurrentHashMap.newKeySet();

  public EnsembleMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * Counts a call that is sent to a provider.
   *
   * @param form the API format of the client
   * @param nanos the time that Ensemble itself took, from the whole request to the provider's call
   */
  public void asked(String form, long nanos) {
    Timer.builder("ensemble.overhead")
        .description("Time that Ensemble itself takes before a provider is asked")
        .tag("form", form)
        .serviceLevelObjectives(OVERHEAD)
        .register(registry)
        .record(Duration.ofNanos(nanos));
  }

  /** Counts a call that was refused. */
  public void refused(ErrorCode why) {
    registry.counter("ensemble.refused", "code", why.name().toLowerCase(Locale.ROOT)).increment();
  }

  @Override
  public Future<Void> report(CallReport call) {
    Tags model = Tags.of("model", named(call.model().id()), "provider", call.model().provider());
    registry.counter("ensemble.calls", model.and("outcome", call.end().outcome())).increment();
    if (call.attempts() > 1) {
      registry.counter("ensemble.retries", model).increment(call.attempts() - 1.0);
    }
    call.times().firstBlock().ifPresent(first -> times(call, first, model));
    tokens(call.tokens(), model);
    registry.counter("ensemble.cost.dollars", model).increment(call.cost().doubleValue());
    return Future.succeededFuture();
  }

  /** A wildcard may stand for any number of models, and metrics may not. */
  private String named(String model) {
    boolean room = models.size() < MOST_MODELS || models.contains(model);
    if (room) {
      models.add(model);
    }
    return room ? model : "other";
  }

  private void times(CallReport call, Instant first, Tags model) {
    Timer.builder("ensemble.time.to.first.token")
        .description("From the asking of the first provider to the first piece of an answer")
        .tags(model)
        .serviceLevelObjectives(FIRST_TOKEN)
        .register(registry)
        .record(Duration.between(call.times().started(), first));
    speed(call.tokens().output(), Duration.between(first, call.times().ended()))
        .ifPresent(
            perSecond -> registry.summary("ensemble.tokens.per.second", model).record(perSecond));
  }

  /** Records tokens per second, unless the answer came at once. */
  private static Optional<Double> speed(long tokens, Duration time) {
    return tokens > 0 && time.toMillis() > 0
        ? Optional.of(tokens * 1_000.0 / time.toMillis())
        : Optional.empty();
  }

  private void tokens(TokenCount tokens, Tags model) {
    count("input", tokens.input(), model);
    count("cached", tokens.cached(), model);
    count("cache_write", tokens.cacheWrite(), model);
    count("output", tokens.output(), model);
  }

  private void count(String kind, long tokens, Tags model) {
    if (tokens > 0) {
      registry.counter("ensemble.tokens", model.and("kind", kind)).increment(tokens);
    }
  }
}

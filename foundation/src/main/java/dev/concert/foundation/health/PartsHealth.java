package dev.concert.foundation.health;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Checks the parts of a server with Vert.x Health Check: all at the same time, each with a time
 * limit, and not again while the last result is fresh.
 *
 * <p>Not thread-safe: lives on one context.
 */
public final class PartsHealth {
  /** The health of one part, or of all together. */
  public enum Level {
    OK,
    DEGRADED,
    DOWN
  }

  /**
   * The health of one part.
   *
   * @param details what a reader of the health page may see: no secrets, no paths
   */
  public record Part(Level level, Map<String, String> details) {}

  /** The health of all: parts in the order in which they were added. */
  public record Result(Level level, Map<String, Part> parts) {}

  private static final String LEVEL = "level";
  private static final String DETAILS = "details";

  private final HealthChecks checks;
  private final Duration timeout;
  private final Duration fresh;
  private final Map<String, Boolean> criticalByName = new LinkedHashMap<>();
  private Optional<Future<Result>> last = Optional.empty();
  private long checkedAt;

  /**
   * @param timeout after which a part that does not answer is down
   * @param fresh for how long a result is given out again
   */
  public PartsHealth(Vertx vertx, Duration timeout, Duration fresh) {
    this.checks = HealthChecks.create(vertx);
    this.timeout = timeout;
    this.fresh = fresh;
  }

  /** Adds a part without which the server is down. */
  public PartsHealth critical(String name, Supplier<Future<Part>> check) {
    return add(name, true, check);
  }

  /** Adds a part without which the server is degraded. */
  public PartsHealth optional(String name, Supplier<Future<Part>> check) {
    return add(name, false, check);
  }

  private PartsHealth add(String name, boolean critical, Supplier<Future<Part>> check) {
    criticalByName.put(name, critical);
    checks.register(
        name,
        timeout.toMillis(),
        promise ->
            Future.succeededFuture()
                // An exception of the check is a failure of its part.
                .compose(_ -> check.get())
                .map(PartsHealth::status)
                .otherwise(failure -> status(down(failure.getMessage())))
                .onComplete(promise));
    return this;
  }

  /** Never fails: a part that cannot be checked is down, with the reason among its details. */
  public Future<Result> check() {
    long now = System.nanoTime();
    if (last.isEmpty() || now - checkedAt > fresh.toNanos()) {
      checkedAt = now;
      last = Optional.of(checks.checkStatus().map(found -> result(found.toJson())));
    }
    return last.get();
  }

  private Result result(JsonObject found) {
    Map<String, Part> byName = new LinkedHashMap<>();
    criticalByName.keySet().forEach(name -> byName.put(name, down("no result")));
    JsonArray results = found.getJsonArray("checks", new JsonArray());
    for (int i = 0; i < results.size(); i++) {
      JsonObject one = results.getJsonObject(i);
      byName.put(one.getString("id"), part(one.getJsonObject("data", new JsonObject())));
    }
    return new Result(level(byName), byName);
  }

  private Level level(Map<String, Part> byName) {
    boolean down =
        byName.entrySet().stream()
            .anyMatch(
                part -> criticalByName.get(part.getKey()) && part.getValue().level() == Level.DOWN);
    boolean ok = byName.values().stream().allMatch(part -> part.level() == Level.OK);
    return down ? Level.DOWN : ok ? Level.OK : Level.DEGRADED;
  }

  private static Part down(String reason) {
    return new Part(Level.DOWN, Map.of("reason", String.valueOf(reason)));
  }

  private static Status status(Part part) {
    JsonObject details = new JsonObject();
    part.details().forEach(details::put);
    return new Status()
        .setOk(part.level() != Level.DOWN)
        .setData(new JsonObject().put(LEVEL, part.level().name()).put(DETAILS, details));
  }

  private static Part part(JsonObject data) {
    if (!data.containsKey(LEVEL)) {
      // Vert.x gives the cause of a time-out or of a check that broke.
      return down(data.getString("cause", "no answer in time"));
    }
    Map<String, String> details = new LinkedHashMap<>();
    data.getJsonObject(DETAILS)
        .forEach(detail -> details.put(detail.getKey(), String.valueOf(detail.getValue())));
    return new Part(Level.valueOf(data.getString(LEVEL)), details);
  }
}

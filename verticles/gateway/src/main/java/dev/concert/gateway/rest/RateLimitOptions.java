package dev.concert.gateway.rest;

import dev.concert.contract.ApiOperation;
import dev.concert.contract.ContractTable;
import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.ConfigReader;
import java.util.HashMap;
import java.util.Map;

/**
 * How often HTTP routes may be called: section {@code gateway.rateLimits} of the configuration.
 *
 * @param perMinute requests of one user to one route in a minute; 0 for no limit
 * @param routes the same for single routes, by the name of their operation
 */
public record RateLimitOptions(int perMinute, Map<String, Integer> routes) {
  private static final int MOST = 1_000_000;

  public static final RateLimitOptions DEFAULT = new RateLimitOptions(6000, Map.of());

  /**
   * @throws ConfigException that names the setting
   */
  public static RateLimitOptions from(ConfigReader section) {
    Map<String, Integer> routes = new HashMap<>();
    ConfigReader byName = section.section("routes");
    for (String name : byName.keys()) {
      boolean isRoute =
          ContractTable.rows().stream()
              .filter(row -> row.http().isPresent())
              .map(ApiOperation::name)
              .anyMatch(name::equals);
      if (!isRoute) {
        throw byName.wrong(name, "is no operation with a route: see /openapi.json");
      }
      routes.put(name, byName.number(name, 0, MOST, 0));
    }
    int perMinute = section.number("perMinute", 0, MOST, DEFAULT.perMinute());
    section.refuseUnknown();
    return new RateLimitOptions(perMinute, Map.copyOf(routes));
  }

  /** The limit of one route. */
  int of(String operation) {
    return routes.getOrDefault(operation, perMinute);
  }
}

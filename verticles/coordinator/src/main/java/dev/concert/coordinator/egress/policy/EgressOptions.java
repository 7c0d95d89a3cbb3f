package dev.concert.coordinator.egress.policy;

import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.ConfigReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the operator says about the network of agents.
 *
 * @param policy for tenants that have none of their own
 * @param tenants policies of single tenants, by their ids
 * @param limits for each agent
 */
public record EgressOptions(
    EgressPolicy policy, Map<String, EgressPolicy> tenants, EgressLimits limits) {
  private static final String SECTION = "coordinator.egress";

  /** Every public destination, and no other. */
  public static final EgressOptions DEFAULT = of(EgressPolicy.Mode.OPEN);

  public EgressOptions {
    tenants = Map.copyOf(tenants);
  }

  private static EgressOptions of(EgressPolicy.Mode mode) {
    return new EgressOptions(
        EgressPolicy.of(mode, List.of(), SECTION), Map.of(), EgressLimits.DEFAULT);
  }

  /**
   * Reads key {@code egress} of a section: {@code policy} ({@code open}, {@code allow-list}, {@code
   * none}), {@code allow} (a list of destinations), {@code tenants} (for each tenant a section with
   * these two; its list is added to the general one), {@code maxConnections}, {@code
   * connectTimeoutMs}, {@code idleTimeoutMs}. All of them may be left out.
   *
   * @param fallback the policy where none is named
   * @throws ConfigException with a sentence that names the key
   */
  public static EgressOptions from(ConfigReader coordinator, EgressPolicy.Mode fallback) {
    ConfigReader section = coordinator.section("egress");
    EgressPolicy.Mode mode = section.choice("policy", EgressPolicy.Mode.class, fallback);
    List<AllowedDestination> allowed = allowed(section);
    Map<String, EgressPolicy> tenants = new HashMap<>();
    ConfigReader named = section.section("tenants");
    for (String tenant : named.keys()) {
      ConfigReader own = named.section(tenant);
      List<AllowedDestination> all = new ArrayList<>(allowed);
      all.addAll(allowed(own));
      tenants.put(
          tenant,
          new EgressPolicy(
              own.choice("policy", EgressPolicy.Mode.class, mode),
              all,
              SECTION + ".tenants." + tenant));
    }
    return new EgressOptions(new EgressPolicy(mode, allowed, SECTION), tenants, limits(section));
  }

  private static EgressLimits limits(ConfigReader section) {
    EgressLimits usual = EgressLimits.DEFAULT;
    return new EgressLimits(
        section.number("maxConnections", 1, 10_000, usual.connections()),
        usual.lookups(),
        section.millis(
            "connectTimeoutMs", Duration.ofMillis(1), Duration.ofMinutes(5), usual.connect()),
        section.millis("idleTimeoutMs", Duration.ofMillis(1), Duration.ofHours(6), usual.idle()));
  }

  private static List<AllowedDestination> allowed(ConfigReader section) {
    List<AllowedDestination> allowed = new ArrayList<>();
    for (String entry : section.texts("allow")) {
      try {
        allowed.add(AllowedDestination.parse(entry));
      } catch (IllegalArgumentException e) {
        throw section.wrong(
            "allow[%d]".formatted(allowed.size()),
            "must be a host, '*.domain', 'host:port' or '[IPv6]:port'");
      }
    }
    return allowed;
  }

  /** The policy for the agents of a tenant. */
  public EgressPolicy of(String tenantId) {
    return tenants.getOrDefault(tenantId, policy);
  }
}

package dev.concert.automations.delivery;

import dev.concert.foundation.config.ConfigReader;
import java.time.Duration;
import java.util.Set;

/**
 * How items of inboxes are delivered.
 *
 * @param privateTargets {@code host:port} of servers that are not on the public internet and that
 *     webhooks may reach all the same, also without TLS
 * @param timeout for one webhook, from the connection to the end of the answer
 */
public record DeliveryOptions(Set<String> privateTargets, Duration timeout) {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  /** To the public internet only. */
  public static final DeliveryOptions DEFAULT = new DeliveryOptions(Set.of(), TIMEOUT);

  public DeliveryOptions {
    privateTargets = Set.copyOf(privateTargets);
  }

  /**
   * @param section {@code automations.delivery}
   * @throws dev.concert.foundation.config.ConfigException with a sentence that names the wrong key
   */
  public static DeliveryOptions from(ConfigReader section) {
    Set<String> targets = Set.copyOf(section.texts("privateTargets"));
    targets.stream()
        .filter(one -> !one.matches("(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9.-]+):\\d{1,5}"))
        .findFirst()
        .ifPresent(
            _ -> {
              throw section.wrong(
                  "privateTargets", "must be a list of hosts with ports, such as hooks.lan:8443");
            });
    DeliveryOptions options =
        new DeliveryOptions(targets, section.seconds("timeoutSeconds", TIMEOUT));
    section.refuseUnknown();
    return options;
  }
}

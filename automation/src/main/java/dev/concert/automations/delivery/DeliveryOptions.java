package dev.concert.automations.delivery;

import dev.concert.foundation.config.ConfigReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * How items of inboxes are delivered.
 *
 * @param privateTargets {@code host:port} of servers that are not on the public internet and that
 *     webhooks may reach all the same, also without TLS
 * @param timeout for one webhook, from the connection to the end of the answer
 * @param caFile PEM with the authorities that are trusted instead of those of Java
 * @param contact where services of Web Push find the operator, {@code mailto:} or {@code https:}
 */
public record DeliveryOptions(
    Set<String> privateTargets, Duration timeout, Optional<Path> caFile, String contact) {
  private static final String CONTACT = "mailto:concert@example.com";
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  /** To the public internet only. */
  public static final DeliveryOptions DEFAULT = new DeliveryOptions(Set.of(), TIMEOUT);

  /** With the authorities of Java. */
  public DeliveryOptions(Set<String> privateTargets, Duration timeout) {
    this(privateTargets, timeout, Optional.empty(), CONTACT);
  }

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
    String contact = section.text("contact", CONTACT);
    if (!contact.matches("(mailto:.+@.+|https://.+)")) {
      throw section.wrong(
          "contact", "must be like mailto:admin@example.com or https://example.com");
    }
    DeliveryOptions options =
        new DeliveryOptions(
            targets,
            section.seconds("timeoutSeconds", TIMEOUT),
            section.optionalPath("caFile"),
            contact);
    section.refuseUnknown();
    return options;
  }
}

package dev.concert.gateway.inference;

import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.ConfigReader;
import java.util.Map;

/**
 * How sessions that nobody named get a name: section {@code gateway.naming}.
 *
 * @param model the model that is asked; used in mode {@code MODEL} only
 * @param ensemble where it is asked
 */
public record NamingOptions(Mode mode, String model, EnsembleEndpoint ensemble) {
  /** Where a name comes from. */
  public enum Mode {
    /** The first words of the first message; costs nothing. */
    MESSAGE,
    /** A model, which is asked for a title. */
    MODEL,
    /** Sessions keep their default name. */
    OFF
  }

  public static final NamingOptions DEFAULT =
      new NamingOptions(Mode.MESSAGE, "", new EnsembleEndpoint.OnTheBus());

  /**
   * @throws ConfigException that names the setting
   */
  public static NamingOptions from(ConfigReader section, Map<String, String> environment) {
    NamingOptions options =
        new NamingOptions(
            section.choice("mode", Mode.class, DEFAULT.mode()),
            section.text("model", DEFAULT.model()),
            EnsembleEndpoint.from(environment));
    if (options.mode() == Mode.MODEL && options.model().isBlank()) {
      throw new ConfigException(
          "gateway.naming.model",
          "gateway.naming.model must name the model that gives sessions their names.");
    }
    return options;
  }
}

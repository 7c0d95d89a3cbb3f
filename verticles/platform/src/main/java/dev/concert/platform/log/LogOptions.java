package dev.concert.platform.log;

import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.foundation.config.DeploymentMode;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Section {@code logging} of the configuration.
 *
 * @param level empty: as the program has it without any configuration
 */
public record LogOptions(LogFormat format, Optional<LogLevel> level) {
  /** The first that is set counts. */
  private static final String[] VARIABLES = {"CONCERT_LOG_LEVEL", "LOG_LEVEL"};

  /**
   * Reads the section of the whole configuration.
   *
   * @param environment whose {@code CONCERT_LOG_LEVEL} or {@code LOG_LEVEL} overrides the section's
   *     level
   * @throws ConfigException one sentence that names the wrong setting
   */
  public static LogOptions from(JsonObject config, Map<String, String> environment) {
    ConfigReader section = ConfigReader.of(config, "logging");
    LogFormat usual =
        DeploymentMode.from(config) == DeploymentMode.PRODUCTION ? LogFormat.JSON : LogFormat.TEXT;
    LogFormat format = section.choice("format", LogFormat.class, usual);
    Optional<LogLevel> level =
        section.optionalText("level").map(word -> level("logging.level", "logging.level", word));
    section.refuseUnknown();
    return new LogOptions(format, of(environment).or(() -> level));
  }

  private static Optional<LogLevel> of(Map<String, String> environment) {
    return Stream.of(VARIABLES)
        .filter(name -> !environment.getOrDefault(name, "").isBlank())
        .findFirst()
        .map(name -> level("", name, environment.get(name)));
  }

  private static LogLevel level(String setting, String name, String word) {
    return LogLevel.parse(word)
        .orElseThrow(
            () ->
                new ConfigException(
                    setting, name + " must be one of: trace, debug, info, warn, error."));
  }
}

package dev.concert.foundation.config;

import io.vertx.core.json.JsonObject;

/** Key {@code mode} of the configuration: what may stand in for a part that is not there. */
public enum DeploymentMode {
  /** A part that is missing is replaced, with a warning, where that makes Concert run at all. */
  DEVELOPMENT,
  /** Nothing insecure is a replacement: Concert refuses to start, and names what is missing. */
  PRODUCTION;

  /**
   * Of a whole configuration; {@link #DEVELOPMENT} where it says nothing.
   *
   * @throws ConfigException when it is another word
   */
  public static DeploymentMode from(JsonObject configuration) {
    return ConfigReader.root(configuration).choice("mode", DeploymentMode.class, DEVELOPMENT);
  }
}

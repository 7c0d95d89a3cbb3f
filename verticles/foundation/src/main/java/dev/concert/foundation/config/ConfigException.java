package dev.concert.foundation.config;

/** A configuration that cannot be used. The message is one sentence that names the place. */
public final class ConfigException extends RuntimeException {
  public ConfigException(String message) {
    super(message, null, false, false);
  }
}

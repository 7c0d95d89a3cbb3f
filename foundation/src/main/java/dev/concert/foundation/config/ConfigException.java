package dev.concert.foundation.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A configuration that cannot be used. The message is one sentence that names the file or the
 * setting, and never shows a text value, which may be a secret.
 */
public final class ConfigException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String setting;

  /** A failure of the file as a whole. */
  public ConfigException(String message) {
    this("", message);
  }

  /**
   * @param setting for example {@code ensemble.providers[0].name}; empty: no single setting is
   *     wrong
   */
  public ConfigException(String setting, String message) {
    super(message);
    this.setting = setting;
  }

  /** The path of the wrong setting; empty when the file as a whole is wrong. */
  public Optional<String> setting() {
    return Optional.of(setting).filter(path -> !path.isEmpty());
  }

  /**
   * The same failure, with the file and the line of its setting in front. Blocking: reads the file.
   *
   * @param settingInFile path of the setting within the file, where it differs from {@link
   *     #setting}
   */
  public ConfigException in(Path file, String settingInFile) {
    OptionalInt line = SettingLocation.line(file, settingInFile);
    String where = line.isPresent() ? file + " line " + line.getAsInt() : file.toString();
    return new ConfigException(setting, where + ": " + getMessage());
  }

  /** No stack trace: the message tells a person all there is. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}

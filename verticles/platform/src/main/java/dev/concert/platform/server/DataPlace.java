package dev.concert.platform.server;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the commands of this user keep their data, so that {@code turn} and {@code up} share it.
 */
public final class DataPlace {
  /** Stands for it as the default of an option. */
  public static final String SHOWN = "the data folder of this user";

  private static final Path CONCERT = Path.of("concert");

  private DataPlace() {}

  /** For this process. */
  public static Path usual() {
    return usual(System.getenv());
  }

  /** For this user, with these variables. */
  public static Path usual(Map<String, String> environment) {
    return usual(
        environment, Path.of(System.getProperty("user.home")), System.getProperty("os.name"));
  }

  /**
   * {@code CONCERT_DATA}, or its older name {@code DATA_DIR}; else where programs of this system
   * keep the data of a user (on Linux by the XDG Base Directory Specification).
   *
   * @param userHome the user's folder
   * @param system as in {@code os.name}
   */
  public static Path usual(Map<String, String> environment, Path userHome, String system) {
    return named(environment).orElseGet(() -> ofSystem(environment, userHome, system));
  }

  /** The folder that a variable names; empty where none does. */
  public static Optional<Path> named(Map<String, String> environment) {
    return Stream.of("CONCERT_DATA", "DATA_DIR")
        .flatMap(name -> value(environment, name).stream())
        .findFirst();
  }

  private static Path ofSystem(Map<String, String> environment, Path userHome, String system) {
    if (system.toLowerCase(Locale.ROOT).startsWith("mac")) {
      return userHome.resolve("Library").resolve("Application Support").resolve("Concert");
    }
    return value(environment, "XDG_DATA_HOME")
        // The specification has relative paths ignored.
        .filter(Path::isAbsolute)
        .orElseGet(() -> userHome.resolve(".local").resolve("share"))
        .resolve(CONCERT);
  }

  private static Optional<Path> value(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name))
        .map(String::strip)
        .filter(text -> !text.isEmpty())
        .map(Path::of);
  }
}

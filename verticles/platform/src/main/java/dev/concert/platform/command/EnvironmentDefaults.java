package dev.concert.platform.command;

import dev.concert.platform.server.DataPlace;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * What variables of the environment say for options that are not given: {@code CONCERT_DATA} is the
 * data folder of every command that has one by default, {@code PORT} and {@code CONCERT_HOST} are
 * where {@code concert up} listens.
 *
 * <p>{@code HOSTNAME} is none of them. Shells and containers set it to the name of the machine, and
 * a server that listened there would be reached by others although nobody asked for that.
 */
final class EnvironmentDefaults implements IDefaultValueProvider {
  private static final String PORT = "PORT";

  private final Map<String, String> environment;

  EnvironmentDefaults(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Null, as picocli wants it, where the option's own default holds. */
  @Override
  public String defaultValue(ArgSpec argument) {
    return argument instanceof OptionSpec option && option.defaultValue() != null
        ? value(option).orElse(null)
        : null;
  }

  private Optional<String> value(OptionSpec option) {
    boolean isServer = option.command().userObject() instanceof UpCommand;
    return switch (option.longestName()) {
      case "--data" -> Optional.of(DataPlace.usual(environment).toString());
      case "--port" -> isServer ? value(PORT, option) : Optional.empty();
      case "--host" -> isServer ? value("CONCERT_HOST", option) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private Optional<String> value(String name, OptionSpec option) {
    Optional<String> value =
        Optional.ofNullable(environment.get(name)).map(String::strip).filter(it -> !it.isEmpty());
    if (name.equals(PORT) && value.filter(text -> !text.matches("\\d{1,5}")).isPresent()) {
      throw new ParameterException(
          option.command().commandLine(),
          "The variable PORT must be a port from 0 to 65535. Correct it, or name one with --port.");
    }
    return value;
  }
}

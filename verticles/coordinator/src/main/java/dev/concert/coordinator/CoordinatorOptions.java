package dev.concert.coordinator;

import dev.concert.coordinator.sandbox.SandboxMode;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a coordinator needs to know.
 *
 * @param instances folder with one folder for each instance; made when it is not there; one
 *     coordinator at a time may use it
 * @param agents folder with one folder for each agent type (each with its {@code agent.json}) and
 *     the Python SDK in {@code sdk/python}
 * @param sandbox how agents are shut in
 * @param maxTokens {@code init.config.max_tokens} where the agent's manifest says nothing
 * @param limits what one instance may use
 * @param patience how long the coordinator waits for what
 */
public record CoordinatorOptions(
    Path instances,
    Path agents,
    SandboxMode sandbox,
    int maxTokens,
    CoordinatorLimits limits,
    CoordinatorPatience patience) {

  public CoordinatorOptions {
    instances = instances.toAbsolutePath().normalize();
    agents = agents.toAbsolutePath().normalize();
  }

  /** The defaults on these two folders. */
  public CoordinatorOptions(Path instances, Path agents) {
    this(
        instances,
        agents,
        SandboxMode.AUTO,
        8192,
        CoordinatorLimits.DEFAULT,
        CoordinatorPatience.DEFAULT);
  }

  /**
   * Reads key {@code coordinator}: {@code instances}, {@code agents} (paths), {@code sandbox}
   * ({@code auto}, {@code bubblewrap}, {@code process}), {@code maxTokens}, {@code maxProcesses},
   * {@code maxUnacknowledgedEvents}, {@code maxUnacknowledgedBytes}, {@code readyTimeoutMs}, {@code
   * interruptTimeoutMs}, {@code shutdownTimeoutMs}, {@code serviceTimeoutMs}. All of them may be
   * left out.
   *
   * @throws IllegalArgumentException with a sentence that names the key
   */
  public static CoordinatorOptions from(JsonObject configuration) {
    Settings settings = Settings.of(configuration, "coordinator");
    return new CoordinatorOptions(
        settings.path("instances", "data/instances"),
        settings.path("agents", "agents"),
        mode(settings.text("sandbox", "auto")),
        (int) settings.positive("maxTokens", 8192, Integer.MAX_VALUE),
        CoordinatorLimits.from(settings),
        CoordinatorPatience.from(settings));
  }

  private static SandboxMode mode(String name) {
    return Arrays.stream(SandboxMode.values())
        .filter(mode -> mode.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "coordinator.sandbox is '%s', but must be one of: %s."
                        .formatted(
                            name,
                            Arrays.stream(SandboxMode.values())
                                .map(mode -> mode.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", ")))));
  }
}

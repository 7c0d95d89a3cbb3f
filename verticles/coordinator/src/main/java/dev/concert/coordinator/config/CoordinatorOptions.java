package dev.concert.coordinator.config;

import dev.concert.coordinator.egress.policy.EgressOptions;
import dev.concert.coordinator.egress.policy.EgressPolicy;
import dev.concert.coordinator.profile.AgentProfiles;
import dev.concert.coordinator.sandbox.SandboxMode;
import dev.concert.coordinator.sandbox.UserRange;
import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.foundation.config.DeploymentMode;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a coordinator needs to know.
 *
 * @param instances folder with one folder for each instance; made when it is not there; one
 *     coordinator at a time may use it
 * @param agents folder with one folder for each agent type (each with its {@code agent.json}) and
 *     the Python SDK in {@code sdk/python}
 * @param mode whether an insecure replacement of a part is refused
 * @param sandbox how agents are shut in
 * @param users whom agents are on this host, where this process is root
 * @param maxTokens {@code init.config.max_tokens} where the agent's manifest says nothing
 * @param profiles what tenants and users add to the configuration of their agents
 * @param egress where agents may connect to
 * @param limits what one instance may use
 * @param timeouts how long the coordinator waits for what
 * @param toolchains the home below which agents find the developer's toolchains; empty where they
 *     find none
 */
public record CoordinatorOptions(
    Path instances,
    Path agents,
    DeploymentMode mode,
    SandboxMode sandbox,
    UserRange users,
    int maxTokens,
    AgentProfiles profiles,
    EgressOptions egress,
    CoordinatorLimits limits,
    CoordinatorTimeouts timeouts,
    Optional<Path> toolchains) {

  public CoordinatorOptions {
    instances = instances.toAbsolutePath().normalize();
    agents = agents.toAbsolutePath().normalize();
  }

  /** The same without toolchains. */
  public CoordinatorOptions(
      Path instances,
      Path agents,
      DeploymentMode mode,
      SandboxMode sandbox,
      UserRange users,
      int maxTokens,
      AgentProfiles profiles,
      EgressOptions egress,
      CoordinatorLimits limits,
      CoordinatorTimeouts timeouts) {
    this(
        instances,
        agents,
        mode,
        sandbox,
        users,
        maxTokens,
        profiles,
        egress,
        limits,
        timeouts,
        Optional.empty());
  }

  /** The defaults on these two folders. */
  public CoordinatorOptions(Path instances, Path agents) {
    this(
        instances,
        agents,
        DeploymentMode.DEVELOPMENT,
        SandboxMode.AUTO,
        UserRange.DEFAULT,
        8192,
        AgentProfiles.NONE,
        EgressOptions.DEFAULT,
        CoordinatorLimits.DEFAULT,
        CoordinatorTimeouts.DEFAULT);
  }

  /**
   * Reads key {@code coordinator}: {@code instances}, {@code agents} (paths), {@code sandbox}
   * ({@code auto}, {@code bubblewrap}, {@code process}), {@code firstAgentUser}, {@code
   * agentUsers}, {@code maxTokens}, {@code profiles}, {@code personalProfile}, {@code resources},
   * {@code maxUnacknowledgedEvents}, {@code maxUnacknowledgedBytes}, {@code readyTimeoutMs}, {@code
   * interruptTimeoutMs}, {@code shutdownTimeoutMs}, {@code serviceTimeoutMs}, {@code egress}
   * ({@link EgressOptions}), {@code toolchains} (a home, or {@code none}); and {@code mode} of the
   * whole. All of them may be left out.
   *
   * @throws ConfigException with a sentence that names the key, also for one that is not known
   */
  public static CoordinatorOptions from(JsonObject configuration) {
    ConfigReader section = ConfigReader.of(configuration, "coordinator");
    CoordinatorOptions options =
        new CoordinatorOptions(
            section.path("instances", Path.of("data/instances")),
            section.path("agents", Path.of("agents")),
            DeploymentMode.from(configuration),
            section.choice("sandbox", SandboxMode.class, SandboxMode.AUTO),
            users(section),
            section.number("maxTokens", 1, Integer.MAX_VALUE, 8192),
            AgentProfiles.from(section),
            EgressOptions.from(section, usualPolicy(DeploymentMode.from(configuration))),
            CoordinatorLimits.from(section),
            CoordinatorTimeouts.from(section),
            toolchains(section));
    section.refuseUnknown();
    return options;
  }

  private static Optional<Path> toolchains(ConfigReader section) {
    return section.optionalText("toolchains").filter(home -> !home.equals("none")).map(Path::of);
  }

  private static EgressPolicy.Mode usualPolicy(DeploymentMode mode) {
    return switch (mode) {
      case DEVELOPMENT -> EgressPolicy.Mode.OPEN;
      case PRODUCTION -> EgressPolicy.Mode.ALLOW_LIST;
    };
  }

  private static UserRange users(ConfigReader section) {
    UserRange usual = UserRange.DEFAULT;
    return new UserRange(
        section.number("firstAgentUser", 1, 2_000_000_000, usual.first()),
        section.number("agentUsers", 1, 100_000_000, usual.count()));
  }
}

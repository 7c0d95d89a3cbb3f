package dev.concert.coordinator.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.coordinator.egress.policy.EgressLimits;
import dev.concert.coordinator.egress.policy.EgressOptions;
import dev.concert.coordinator.egress.policy.EgressPolicy;
import dev.concert.coordinator.profile.AgentProfiles;
import dev.concert.coordinator.sandbox.SandboxMode;
import dev.concert.coordinator.sandbox.UserRange;
import dev.concert.foundation.config.ByteSize;
import dev.concert.foundation.config.DeploymentMode;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoordinatorOptionsTest {

  @Test
  void anEmptyConfigurationGivesTheDocumentedDefaults() {
    CoordinatorOptions options = CoordinatorOptions.from(new JsonObject());
    assertThat(options)
        .isEqualTo(new CoordinatorOptions(Path.of("data/instances"), Path.of("agents")));
    assertThat(options.limits())
        .isEqualTo(new CoordinatorLimits(8, ResourceLimits.DEFAULT, 4096, 8L << 20));
    assertThat(options.timeouts().ready()).isEqualTo(Duration.ofSeconds(10));
    assertThat(options.timeouts().interrupt()).isEqualTo(Duration.ofSeconds(1));
    assertThat(options.timeouts().shutdown()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void everySettingIsRead() {
    CoordinatorOptions options =
        CoordinatorOptions.from(
            new JsonObject(
                """
                {"mode": "production", "coordinator": {"instances": "/i", "agents": "/a", "sandbox": "process",
                 "firstAgentUser": 300, "agentUsers": 40, "maxTokens": 1, "profiles": "/p",
                 "personalProfile": "/me", "maxStartsAtOnce": 1,
                 "resources": {"memory": "64MiB", "cpus": 0.5, "processes": 2, "openFiles": 16,
                 "scratch": 65536, "workspace": "1 TiB", "workspaceFiles": 7}, "maxUnacknowledgedEvents": 3,
                 "maxUnacknowledgedBytes": 4, "readyTimeoutMs": 5, "interruptTimeoutMs": 6,
                 "shutdownTimeoutMs": 7, "queueTimeoutMs": 8, "serviceTimeoutMs": 9,
                 "egress": {"policy": "none"}}}
                """));
    assertThat(options)
        .isEqualTo(
            new CoordinatorOptions(
                Path.of("/i"),
                Path.of("/a"),
                DeploymentMode.PRODUCTION,
                SandboxMode.PROCESS,
                new UserRange(300, 40),
                1,
                new AgentProfiles(Optional.of(Path.of("/p")), Optional.of(Path.of("/me"))),
                new EgressOptions(
                    EgressPolicy.of(EgressPolicy.Mode.NONE, List.of(), "coordinator.egress"),
                    Map.of(),
                    EgressLimits.DEFAULT),
                new CoordinatorLimits(
                    1,
                    new ResourceLimits(
                        ByteSize.mib(64), 0.5, 2, 16, ByteSize.kib(64), ByteSize.gib(1024), 7),
                    3,
                    4),
                new CoordinatorTimeouts(
                    Duration.ofMillis(5),
                    Duration.ofMillis(6),
                    Duration.ofMillis(7),
                    Duration.ofMillis(8),
                    Duration.ofMillis(9))));
  }

  @ParameterizedTest
  @CsvSource({"development, OPEN", "production, ALLOW_LIST"})
  void agentsReachThePublicInternetInDevelopmentAndTheAllowListInProduction(
      String mode, EgressPolicy.Mode policy) {
    CoordinatorOptions options = CoordinatorOptions.from(new JsonObject().put("mode", mode));

    assertThat(options.egress().of("tenant").mode()).isEqualTo(policy);
    assertThat(options.egress().of("tenant").allowed()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"coordinator\": 7} | coordinator must be a mapping",
        "{\"coordinator\": {\"sandbox\": \"docker\"}} | must be one of: auto, bubblewrap, process",
        "{\"coordinator\": {\"instances\": \"\"}} | coordinator.instances must be a text that is"
            + " not empty",
        "{\"coordinator\": {\"resources\": {\"processes\": 0}}} | coordinator.resources.processes"
            + " must be a whole number from 1 to 1000000, not 0",
        "{\"coordinator\": {\"resources\": {\"memory\": \"much\"}}} | coordinator.resources.memory"
            + " must be a size from 16 MiB to 1024 TiB, such as 2GiB",
        "{\"coordinator\": {\"resources\": {\"memmory\": 9}}} | coordinator.resources.memmory is"
            + " not known; the known keys are: cpus, memory",
        "{\"coordinator\": {\"readyTimeoutMs\": \"soon\"}} | coordinator.readyTimeoutMs must be a"
            + " whole number",
        "{\"coordinator\": {\"maxTokns\": 9}} | coordinator.maxTokns is not known; the known keys"
            + " are: agentUsers, agents, egress, firstAgentUser, instances, interruptTimeoutMs",
      })
  void whatIsWrongIsNamed(String configuration, String sentence) {
    assertThatThrownBy(() -> CoordinatorOptions.from(new JsonObject(configuration)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(sentence);
  }
}

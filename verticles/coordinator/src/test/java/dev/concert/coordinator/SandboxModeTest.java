package dev.concert.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.bus.Addresses;
import dev.concert.bus.HealthReport;
import dev.concert.coordinator.config.CoordinatorLimits;
import dev.concert.coordinator.config.CoordinatorOptions;
import dev.concert.coordinator.config.CoordinatorTimeouts;
import dev.concert.coordinator.egress.policy.EgressOptions;
import dev.concert.coordinator.harness.CoordinatorHarness;
import dev.concert.coordinator.profile.AgentProfiles;
import dev.concert.coordinator.sandbox.SandboxMode;
import dev.concert.coordinator.sandbox.UserRange;
import dev.concert.foundation.config.DeploymentMode;
import dev.concert.testing.log.ExpectedLog;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a host that has no sandbox. */
class SandboxModeTest {
  @TempDir Path root;

  private CoordinatorOptions options(DeploymentMode mode) {
    return new CoordinatorOptions(
        root.resolve("instances"),
        CoordinatorHarness.AGENTS,
        mode,
        SandboxMode.PROCESS,
        UserRange.DEFAULT,
        8192,
        AgentProfiles.NONE,
        EgressOptions.DEFAULT,
        CoordinatorLimits.DEFAULT,
        CoordinatorTimeouts.DEFAULT);
  }

  @Test
  void productionDoesNotStartWithoutASandboxAndSaysWhy() {
    try (CoordinatorHarness coordinator =
        CoordinatorHarness.empty(root, options(DeploymentMode.PRODUCTION))) {
      assertThatThrownBy(coordinator::deploy)
          .hasMessageContaining("mode is 'production'")
          .hasMessageContaining("agents run without a sandbox")
          .hasMessageContaining("concert doctor");
    }
  }

  @ExpectedLog(
      logger = "dev.concert.coordinator.CoordinatorVerticle",
      message = "Agents are not shut in as they should be: agents run without a sandbox")
  @Test
  void developmentStartsAndReportsWhatIsMissing() {
    try (CoordinatorHarness coordinator =
        CoordinatorHarness.open(root, options(DeploymentMode.DEVELOPMENT))) {
      HealthReport health = coordinator.ask(Addresses.PODIUM_HEALTH, new HealthReport.Probe());

      assertThat(health.details()).containsEntry("sandbox", "process");
      assertThat(health.details().get("sandboxLacks")).contains("see this whole host");
    }
  }
}

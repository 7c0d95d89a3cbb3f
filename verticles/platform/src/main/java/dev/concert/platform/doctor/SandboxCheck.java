package dev.concert.platform.doctor;

import dev.concert.coordinator.process.Isolation;
import dev.concert.coordinator.sandbox.SandboxMode;
import dev.concert.coordinator.sandbox.UserRange;
import java.nio.file.Path;
import java.util.List;

/** Finds out which layers keep agents from this host. Blocks: starts short processes. */
final class SandboxCheck {
  private static final String PART = "Sandbox";

  private SandboxCheck() {}

  /**
   * @param mode of the configuration
   */
  static CheckResult of(SandboxMode mode) {
    try {
      Isolation found = Isolation.find(mode, UserRange.DEFAULT, Path.of("doctor").toAbsolutePath());
      found.groups().close();
      return result(found.sandbox().name(), found.missing());
    } catch (IllegalStateException required) {
      return CheckResult.missing(PART, required.getMessage(), remedy(required.getMessage()));
    }
  }

  private static CheckResult result(String name, List<String> missing) {
    return missing.isEmpty()
        ? CheckResult.ok(PART, name + ", with every layer")
        : CheckResult.fallback(
            PART, String.join("; ", missing), remedy(String.join("; ", missing)));
  }

  private static String remedy(String missing) {
    if (missing.contains("installed")) {
      return "apt-get install bubblewrap socat";
    }
    if (missing.contains("configured")) {
      return "set coordinator.sandbox to auto or bubblewrap";
    }
    return "run as root on Linux, in a container with --privileged; docs/sandbox.md explains it";
  }
}

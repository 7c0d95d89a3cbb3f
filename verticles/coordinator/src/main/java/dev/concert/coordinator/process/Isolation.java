package dev.concert.coordinator.process;

import dev.concert.coordinator.cgroup.CgroupController;
import dev.concert.coordinator.sandbox.Sandbox;
import dev.concert.coordinator.sandbox.SandboxMode;
import dev.concert.coordinator.sandbox.SandboxProbe;
import dev.concert.coordinator.sandbox.UserRange;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How agents are kept from this host and from each other.
 *
 * @param sandbox what they see and may do
 * @param groups bound what they may use
 */
public record Isolation(Sandbox sandbox, ResourceGroups groups) {

  /**
   * The best that this host has. Starts processes: not for event loops.
   *
   * @throws IllegalStateException when a sandbox is required and does not work
   */
  public static Isolation find(SandboxMode mode, UserRange users, Path instances) {
    return new Isolation(SandboxProbe.choose(mode, users), ResourceGroups.find(instances));
  }

  /** The layers that are missing, as parts of sentences; production has none missing. */
  public List<String> missing() {
    List<String> missing = new ArrayList<>(sandbox.missing());
    if (!groups.kind().equals("cgroup")) {
      missing.add("no control group can be written, so an agent can use all memory of this host");
    } else {
      groups.missing().forEach(controller -> missing.add(unlimited(controller)));
    }
    return missing;
  }

  private static String unlimited(CgroupController controller) {
    return switch (controller) {
      case MEMORY -> "no control group limits memory, so an agent can use all of this host";
      case CPU -> "no control group limits CPU, so an agent can slow the others down";
      case PIDS -> "no control group limits processes, so an agent can start too many";
    };
  }
}

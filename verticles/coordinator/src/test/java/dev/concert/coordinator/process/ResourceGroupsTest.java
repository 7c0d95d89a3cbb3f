package dev.concert.coordinator.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.coordinator.cgroup.CgroupController;
import dev.concert.coordinator.cgroup.CgroupHierarchy;
import dev.concert.coordinator.cgroup.FakeCgroups;
import dev.concert.coordinator.harness.CoordinatorHarness;
import dev.concert.testing.RequiresRoot;
import dev.concert.testing.log.ExpectedLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResourceGroupsTest {
  private static final Path SOCKET = Path.of("/a/socket/of/ResourceGroupsTest");

  @TempDir Path folder;

  @Test
  @RequiresRoot("it makes control groups")
  void aProcessIsInItsGroupBeforeItsFirstInstruction() throws Exception {
    try (ResourceGroups groups = ResourceGroups.find(folder)) {
      ResourceGroup group = groups.of("one", SOCKET, CoordinatorHarness.LIMITS);
      String seen = run(launch(group, List.of("cat", "/proc/self/cgroup")));
      assertThat(group.folders()).isNotEmpty();
      assertThat(seen.lines().filter(line -> line.endsWith(".one")))
          .hasSize(group.folders().size());
      group.killAll();
      group.close();
      assertThat(group.folders()).allSatisfy(made -> assertThat(made).doesNotExist());
    }
  }

  @Test
  @RequiresRoot("it makes control groups")
  void whatLeftItsSessionAndItsParentIsStillKilledWithTheGroup() throws Exception {
    try (ResourceGroups groups = ResourceGroups.find(folder)) {
      ResourceGroup group = groups.of("one", SOCKET, CoordinatorHarness.LIMITS);
      run(launch(group, List.of("sh", "-c", "setsid sh -c 'sleep 600 >/dev/null 2>&1 &'")));
      assertThat(group.members()).isNotEmpty();
      group.killAll();
      assertThat(group.members()).isEmpty();
      group.close();
    }
  }

  @Test
  @RequiresRoot("it makes control groups")
  @ExpectedLog(
      logger = "dev.concert.coordinator.process.ResourceGroups",
      message = "Killing what is left in control group")
  void theNextCoordinatorOfTheSameFolderKillsWhatIsInTheGroupsOfTheOneBefore() throws Exception {
    Process left;
    ResourceGroup group;
    try (ResourceGroups killed = ResourceGroups.find(folder)) {
      group = killed.of("one", SOCKET, CoordinatorHarness.LIMITS);
      left = launch(group, List.of("sleep", "600"));
      while (group.members().isEmpty()) {
        Thread.onSpinWait();
      }
    }
    try (ResourceGroups next = ResourceGroups.find(folder)) {
      next.killOrphans();
      assertThat(left.waitFor(3, TimeUnit.MINUTES)).isTrue();
      assertThat(group.folders()).allSatisfy(made -> assertThat(made).doesNotExist());
    }
  }

  @Test
  void aProcessEntersAGroupOfVersionTwo() throws Exception {
    FakeCgroups host = new FakeCgroups(folder, "/a.service", "cpu memory pids");
    try (ResourceGroups groups =
        ResourceGroups.in(CgroupHierarchy.find(host.process(), host), folder)) {
      assertThat(groups.kind()).isEqualTo("cgroup");
      assertThat(groups.missing()).isEmpty();
      ResourceGroup group = groups.of("one", SOCKET, CoordinatorHarness.LIMITS);
      Process process = launch(group, List.of("sleep", "600"));
      assertThat(group.folders()).hasSize(1);
      Path members = group.folders().getFirst().resolve("cgroup.procs");
      while (Files.readString(members).isBlank()) {
        Thread.onSpinWait();
      }
      assertThat(members).hasContent(Long.toString(process.pid()));
      assertThat(group.overrun()).isEmpty();
      Files.writeString(group.folders().getFirst().resolve("memory.events"), "oom 1\noom_kill 1\n");
      assertThat(group.overrun()).contains(ResourceOverrun.MEMORY);
      process.destroyForcibly().waitFor();
      Files.writeString(members, "");
      group.killAll();
      group.close();
      assertThat(group.folders().getFirst()).doesNotExist();
    }
  }

  @Test
  void aHostWithoutControlGroupsSaysWhatIsNotLimited() throws IOException {
    try (ResourceGroups groups = ResourceGroups.in(List.of(), folder)) {
      assertThat(groups.kind()).isEqualTo("watch");
      assertThat(groups.missing()).containsExactlyInAnyOrder(CgroupController.values());
      ResourceGroup group = groups.of("one", SOCKET, CoordinatorHarness.LIMITS);
      assertThat(run(launch(group, List.of("sh", "-c", "ulimit -n; ulimit -c"))))
          .isEqualTo("256\n0\n");
      group.close();
    }
  }

  private static Process launch(ResourceGroup group, List<String> command) throws IOException {
    return new ProcessBuilder(
            LaunchPrefix.before(command, group.entrances(), CoordinatorHarness.LIMITS.openFiles()))
        .redirectErrorStream(true)
        .start();
  }

  private static String run(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}

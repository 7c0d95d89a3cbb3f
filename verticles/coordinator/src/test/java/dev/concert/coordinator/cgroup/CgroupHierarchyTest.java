package dev.concert.coordinator.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.coordinator.config.ResourceLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupHierarchyTest {
  private static final String SERVICE = "/system.slice/concert.service";

  @TempDir Path folder;

  @Test
  void aServiceOfVersionTwoMovesIntoAGroupOfItsOwnAndPassesTheControllersOn() throws IOException {
    FakeCgroups host = new FakeCgroups(folder, SERVICE, "cpuset cpu io memory pids");
    Path own = host.root().resolve(SERVICE.substring(1));
    CgroupHierarchy hierarchy = found(host);
    assertThat(hierarchy.version()).isEqualTo(CgroupVersion.V2);
    assertThat(hierarchy.folder()).isEqualTo(own.resolve("concert"));
    assertThat(hierarchy.controllers())
        .containsExactlyInAnyOrder(
            CgroupController.MEMORY, CgroupController.CPU, CgroupController.PIDS);
    assertThat(own.resolve("concert-server/cgroup.procs"))
        .hasContent(Long.toString(ProcessHandle.current().pid()));
    assertThat(own.resolve("cgroup.subtree_control")).hasContent("+memory +cpu +pids");
    assertThat(own.resolve("concert/cgroup.subtree_control")).hasContent("+memory +cpu +pids");
    assertThat(hierarchy.names()).isEmpty();
  }

  @Test
  void theNextStartFromTheSameShellUsesTheSameGroups() throws IOException {
    FakeCgroups host = new FakeCgroups(folder, SERVICE + "/concert-server", "memory pids");
    assertThat(found(host).folder())
        .isEqualTo(host.root().resolve(SERVICE.substring(1)).resolve("concert"));
  }

  @Test
  void whereAStrangerSharesTheGroupThisProcessIsNotMoved() throws IOException {
    FakeCgroups host = new FakeCgroups(folder, SERVICE, "memory pids");
    Path own = host.root().resolve(SERVICE.substring(1));
    Files.writeString(
        own.resolve("cgroup.procs"), "%d\n999999999\n".formatted(ProcessHandle.current().pid()));
    found(host);
    assertThat(own.resolve("concert-server")).doesNotExist();
  }

  @Test
  void theLimitsOfAnAgentAreThoseOfVersionTwo() throws IOException {
    FakeCgroups host = new FakeCgroups(folder, SERVICE, "cpu memory pids");
    CgroupHierarchy hierarchy = found(host);
    Cgroup group = Cgroup.create(List.of(hierarchy), "mark.one", ResourceLimits.DEFAULT);
    Path made = hierarchy.folder().resolve("mark.one");
    assertThat(group.folders()).containsExactly(made);
    assertThat(made.resolve("memory.max")).hasContent(Long.toString(2L << 30));
    assertThat(made.resolve("memory.swap.max")).hasContent("0");
    assertThat(made.resolve("memory.oom.group")).hasContent("1");
    assertThat(made.resolve("cpu.max")).hasContent("200000 100000");
    assertThat(made.resolve("pids.max")).hasContent("512");
    assertThat(Cgroup.memoryKills(Files.readString(group.memoryEvents().orElseThrow()))).isZero();
    group.killAll();
    assertThat(made.resolve("cgroup.kill")).hasContent("1");
    group.remove();
    hierarchy.removeIfEmpty();
    assertThat(hierarchy.folder()).doesNotExist();
  }

  @Test
  void aControllerThatTheHostDoesNotPassOnIsMissing() throws IOException {
    FakeCgroups host = new FakeCgroups(folder, "/", "pids");
    assertThat(found(host).controllers()).containsExactly(CgroupController.PIDS);
  }

  @Test
  void withoutControllersOrRightsThereIsNoHierarchy() throws IOException {
    FakeCgroups host = new FakeCgroups(folder, SERVICE, "hugetlb");
    assertThat(CgroupHierarchy.find(host.process(), host)).isEmpty();
    assertThat(CgroupHierarchy.find(folder.resolve("no-proc"), host)).isEmpty();
    FakeCgroups locked = new FakeCgroups(folder.resolve("locked"), SERVICE, "memory pids");
    CgroupFolders refusing =
        new CgroupFolders() {
          @Override
          public void make(Path group) throws IOException {
            throw new IOException("Permission denied");
          }

          @Override
          public void remove(Path group) {}
        };
    assertThat(CgroupHierarchy.find(locked.process(), refusing)).isEmpty();
  }

  @Test
  void aHostWithBothVersionsGivesEachControllerOnce() throws IOException {
    Path self = Files.createDirectories(folder.resolve("self"));
    Path memory = Files.createDirectories(folder.resolve("fs/memory/job/7"));
    Path cpu = Files.createDirectories(folder.resolve("fs/cpu,cpuacct"));
    Path unified = Files.createDirectories(folder.resolve("fs/unified"));
    Files.writeString(unified.resolve("cgroup.controllers"), "pids hugetlb\n");
    Files.writeString(
        self.resolve("cgroup"),
        """
        5:memory:/job/7
        4:cpu,cpuacct:/not/to/be/seen/here
        1:name=systemd:/init.scope
        0::/
        """);
    Files.writeString(
        self.resolve("mountinfo"),
        """
        31 23 0:28 / /sys rw - tmpfs tmpfs rw,mode=755
        35 31 0:32 / %s rw,relatime - cgroup cgroup rw,memory
        36 31 0:33 /docker/x %s rw,relatime master:9 - cgroup cgroup rw,cpu,cpuacct
        40 31 0:37 / %s rw,relatime - cgroup cgroup rw,name=systemd
        41 31 0:38 / %s rw,relatime - cgroup2 cgroup2 rw
        """
            .formatted(folder.resolve("fs/memory"), cpu, folder.resolve("fs/systemd"), unified));
    assertThat(CgroupMount.read(self))
        .containsExactly(
            new CgroupMount(
                CgroupVersion.V1,
                Set.of(CgroupController.MEMORY),
                folder.resolve("fs/memory"),
                memory),
            new CgroupMount(CgroupVersion.V1, Set.of(CgroupController.CPU), cpu, cpu),
            new CgroupMount(CgroupVersion.V2, Set.of(CgroupController.PIDS), unified, unified));
  }

  private static CgroupHierarchy found(FakeCgroups host) {
    List<CgroupHierarchy> found = CgroupHierarchy.find(host.process(), host);
    assertThat(found).hasSize(1);
    return found.getFirst();
  }
}

package dev.concert.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bus.Addresses;
import dev.concert.coordinator.harness.CoordinatorHarness;
import dev.concert.coordinator.harness.EventRecorder;
import dev.concert.coordinator.harness.WithCoordinator;
import dev.concert.podium.PodiumMessages.InstanceStarted;
import dev.concert.podium.PodiumMessages.Steer;
import dev.concert.protocol.ServerEvent;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

@WithCoordinator
class SecrecyTest {
  @Test
  void theTokenOfAnAgentIsNeverWrittenWhereItCouldBeRead(CoordinatorHarness coordinator)
      throws IOException {
    EventRecorder events = coordinator.record("one");
    coordinator.start("one");
    String token = coordinator.ensemble().token("one");
    coordinator.tell("one", "m1", "leak");
    events.await(ServerEvent.TextDelta.class, text -> text.text().equals("go on"));
    assertThat(CoordinatorHarness.processesWith(token)).isEmpty();
    coordinator.ask(Addresses.STEER, new Steer("one", "", "die"));
    ServerEvent.TurnError failed = events.await(ServerEvent.TurnError.class);
    assertThat(events.text())
        .contains("environ has it: False", "cmdline has it: False", "pid 1 has it: False");
    assertThat(failed.details())
        .contains("the token is ***", "in two pieces: *** end", "logged ***")
        .doesNotContain(token);
    assertThat(Files.readString(coordinator.folder("one").resolve("logs/agent.log")))
        .contains("the token is ***", "ERROR m: logged ***")
        .doesNotContain(token);
    events.await(ServerEvent.SandboxRemoved.class);
    events.awaitThat("the end of the token", all -> coordinator.ensemble().token("one").isEmpty());
  }

  @Test
  void theEnvironmentHoldsWhatIsDocumentedAndNothingOfTheHost(CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    boolean sandboxed = coordinator.start("one").sandbox().equals("bubblewrap");
    coordinator.tell("one", "m1", "environ");
    events.await(ServerEvent.TurnComplete.class);
    Set<String> documented =
        new TreeSet<>(
            Set.of(
                "AGENT_WORKSPACE",
                "CONCERT_AGENT_TYPE",
                "CONCERT_IPC_SOCKET",
                "HOME",
                "LANG",
                "PATH",
                "PYTHONDONTWRITEBYTECODE",
                "PYTHONPATH",
                "PYTHONUNBUFFERED",
                "TMPDIR"));
    if (sandboxed) {
      documented.addAll(Set.of("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy"));
      documented.addAll(
          Set.of("https_proxy", "all_proxy", "no_proxy", "MAVEN_OPTS", "NODE_USE_ENV_PROXY"));
    }
    Set<String> seen = new JsonObject(events.text()).fieldNames();
    seen.remove("PWD"); // of the shell that some sandboxes start with
    assertThat(seen).isEqualTo(documented);
  }

  @Test
  void insideBubblewrapTheHostsDataIsOutOfSightAndTheSystemCannotBeChanged(
      CoordinatorHarness coordinator) throws IOException {
    EventRecorder events = coordinator.record("one");
    InstanceStarted started = coordinator.start("one");
    coordinator.start("two");
    org.junit.jupiter.api.Assumptions.assumeTrue(started.sandbox().equals("bubblewrap"));
    Files.writeString(coordinator.root().resolve("database"), "of another");
    String look =
        "ls %1$s; ls %1$s/instances; ls %1$s/instances/one; ls %1$s/workspaces; ls %2$s; ls /proc |"
            + " grep -c '^[0-9]'; touch /usr/x /etc/x /x %2$s/scripted/x; echo core >"
            + " /proc/sys/kernel/core_pattern; ls /etc/shadow; echo ok > mine; cat mine; touch"
            + " /tmp/a $HOME/b && echo scratch";
    coordinator.tell(
        "one", "m1", "shell " + look.formatted(coordinator.root(), CoordinatorHarness.AGENTS));
    events.await(ServerEvent.TurnComplete.class);
    List<String> lines = events.text().lines().toList();
    assertThat(lines.subList(0, 7))
        .containsExactly("instances", "workspaces", "one", "ipc.sock", "one", "scripted", "sdk");
    assertThat(Integer.parseInt(lines.get(7))).isLessThan(10);
    assertThat(lines.subList(8, 10)).containsExactly("ok", "scratch");
    assertThat(events.text())
        .contains("touch: cannot touch '/usr/x'", "touch: cannot touch '/x'")
        .contains("touch: cannot touch '" + CoordinatorHarness.AGENTS + "/scripted/x'")
        .contains("cannot create /proc/sys/kernel/core_pattern")
        .contains("cannot access '/etc/shadow'");
    assertThat(coordinator.chronicle().folder("one").resolve("mine")).hasContent("ok");
  }
}

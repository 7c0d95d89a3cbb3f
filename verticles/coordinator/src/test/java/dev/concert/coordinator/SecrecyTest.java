package dev.concert.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bus.Addresses;
import dev.concert.coordinator.bench.EventRecorder;
import dev.concert.coordinator.bench.OnStage;
import dev.concert.coordinator.bench.Stage;
import dev.concert.nativeagent.NativeEvent;
import dev.concert.podium.PodiumMessages.InstanceStarted;
import dev.concert.podium.PodiumMessages.Steer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

@OnStage
class SecrecyTest {
  @Test
  void theTokenOfAnAgentIsNeverWrittenWhereItCouldBeRead(Stage stage) throws IOException {
    EventRecorder events = stage.record("one");
    stage.start("one");
    String token = stage.ensemble().token("one");
    stage.tell("one", "m1", "leak");
    events.await(NativeEvent.TextDelta.class, text -> text.text().equals("go on"));
    assertThat(Stage.processesWith(token)).isEmpty();
    stage.ask(Addresses.STEER, new Steer("one", "die"));
    NativeEvent.Failed failed = events.await(NativeEvent.Failed.class);
    assertThat(events.text())
        .contains("environ has it: False", "cmdline has it: False", "pid 1 has it: False");
    assertThat(failed.message())
        .contains("the token is ***", "in two pieces: *** end", "logged ***")
        .doesNotContain(token);
    assertThat(Files.readString(stage.folder("one").resolve("logs/agent.log")))
        .contains("the token is ***", "ERROR m: logged ***")
        .doesNotContain(token);
    events.await(NativeEvent.SandboxRemoved.class);
    events.awaitThat("the end of the token", all -> stage.ensemble().token("one").isEmpty());
  }

  @Test
  void theEnvironmentHoldsWhatIsDocumentedAndNothingOfTheHost(Stage stage) {
    EventRecorder events = stage.record("one");
    stage.start("one");
    stage.tell("one", "m1", "environ");
    events.await(NativeEvent.Complete.class);
    assertThat(events.text().replaceAll("\"([A-Z_]+)\": \"[^\"]*\",?", "$1"))
        .isEqualTo(
            "{AGENT_WORKSPACE CONCERT_AGENT_TYPE CONCERT_IPC_SOCKET HOME LANG PATH"
                + "@PWD PYTHONDONTWRITEBYTECODE PYTHONPATH PYTHONUNBUFFERED TMPDIR}"
                    .replace("@PWD", events.text().contains("\"PWD\"") ? " PWD" : ""));
  }

  @Test
  void insideBubblewrapTheHostsDataIsOutOfSightAndTheSystemCannotBeChanged(Stage stage)
      throws IOException {
    EventRecorder events = stage.record("one");
    InstanceStarted started = stage.start("one");
    stage.start("two");
    org.junit.jupiter.api.Assumptions.assumeTrue(started.sandbox().equals("bubblewrap"));
    Files.writeString(stage.root().resolve("database"), "of another");
    String look =
        "ls %1$s; ls %1$s/instances; ls %1$s/instances/one; ls %1$s/workspaces; ls %2$s; ls /proc |"
            + " grep -c '^[0-9]'; touch /usr/x /etc/x /x %2$s/scripted/x; echo core >"
            + " /proc/sys/kernel/core_pattern; ls /etc/shadow; echo ok > mine; cat mine; touch"
            + " /tmp/a $HOME/b && echo scratch";
    stage.tell("one", "m1", "shell " + look.formatted(stage.root(), Stage.AGENTS));
    events.await(NativeEvent.Complete.class);
    List<String> lines = events.text().lines().toList();
    assertThat(lines.subList(0, 7))
        .containsExactly("instances", "workspaces", "one", "ipc.sock", "one", "scripted", "sdk");
    assertThat(Integer.parseInt(lines.get(7))).isLessThan(10);
    assertThat(lines.subList(8, 10)).containsExactly("ok", "scratch");
    assertThat(events.text())
        .contains("touch: cannot touch '/usr/x'", "touch: cannot touch '/x'")
        .contains("touch: cannot touch '" + Stage.AGENTS + "/scripted/x'")
        .contains("cannot create /proc/sys/kernel/core_pattern")
        .contains("cannot access '/etc/shadow'");
    assertThat(stage.chronicle().folder("one").resolve("mine")).hasContent("ok");
  }
}

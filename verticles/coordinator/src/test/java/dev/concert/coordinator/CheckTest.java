package dev.concert.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bus.Addresses;
import dev.concert.coordinator.harness.CoordinatorHarness;
import dev.concert.coordinator.harness.WithCoordinator;
import dev.concert.coordinator.sandbox.SandboxMode;
import dev.concert.error.ErrorCode;
import dev.concert.podium.PodiumMessages.CheckOutcome;
import dev.concert.podium.PodiumMessages.RunCheck;
import dev.concert.testing.RequiresRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands on copies of workspaces, also those that want more than to look at files. */
@RequiresRoot("it makes control groups")
@WithCoordinator(SandboxMode.BUBBLEWRAP)
class CheckTest {
  private static CheckOutcome run(CoordinatorHarness coordinator, String command) {
    return run(coordinator, command, 60);
  }

  private static CheckOutcome run(CoordinatorHarness coordinator, String command, int seconds) {
    return coordinator.ask(Addresses.RUN_CHECK, new RunCheck("check_one", command, seconds));
  }

  @Test
  void aCommandSeesTheWorkspaceAndItsExitCodeAndItsLastWordsAreTheAnswer(
      CoordinatorHarness coordinator) throws IOException {
    Path workspace = Files.createDirectories(coordinator.chronicle().folder("check_one"));
    Files.writeString(workspace.resolve("work.txt"), "done");

    CheckOutcome found = run(coordinator, "pwd >/dev/null; cat work.txt; exit 3");
    CheckOutcome next = run(coordinator, "true");

    assertThat(found).isEqualTo(new CheckOutcome(3, "", "done"));
    assertThat(next.exitCode()).isZero();
    assertThat(coordinator.chronicle().isMounted("check_one")).isFalse();
  }

  @Test
  void aCommandThatHangsIsKilledWithEverythingThatItStarted(CoordinatorHarness coordinator) {
    // A shell that outlives the last command by a moment would print "Killed".
    CheckOutcome hung =
        run(coordinator, "echo begun; (setsid sleep 900 &) ; nohup sleep 901 & exec sleep 902", 1);

    assertThat(hung).isEqualTo(new CheckOutcome(null, "It took longer than 1 s.", "begun"));
    assertThat(CoordinatorHarness.processesWith("sleep\00090")).isEmpty();
  }

  @Test
  void whatACommandLeavesInTheBackgroundEndsWithIt(CoordinatorHarness coordinator) {
    CheckOutcome left = run(coordinator, "(setsid sleep 903 >/dev/null 2>&1 &); exit 0");

    assertThat(left.exitCode()).isZero();
    assertThat(CoordinatorHarness.processesWith("sleep\000903")).isEmpty();
  }

  @Test
  void endlessOutputIsBounded(CoordinatorHarness coordinator) {
    CheckOutcome loud = run(coordinator, "yes 0123456789 | head -c 30000000; echo end");

    assertThat(loud.exitCode()).isZero();
    assertThat(loud.output()).hasSizeLessThanOrEqualTo(2048).endsWith("end");
    assertThat(coordinator.folder("check_one").resolve("logs/agent.log"))
        .satisfies(log -> assertThat(Files.size(log)).isLessThan(5L << 20));
  }

  @Test
  void aForkBombIsHeldByTheLimitOfProcesses(CoordinatorHarness coordinator) {
    CheckOutcome bomb =
        run(coordinator, "i=0; while [ $i -lt 300 ]; do sleep 60 & i=$((i+1)); done; echo all", 30);

    assertThat(bomb.output()).doesNotEndWith("all");
    assertThat(run(coordinator, "exit 0").exitCode()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "a network~python3 -c \"import socket; socket.create_connection(('1.1.1.1', 80), 5)\"",
        "the loopback of the host~python3 -c \"import socket;"
            + " socket.create_connection(('127.0.0.1', 8080), 5)\"",
        "files of root~cat /root/.bashrc",
        "passwords~cat /etc/shadow",
        "the server's environment~cat /proc/$PPID/environ | tr '\\0' '\\n' | grep -i java",
        "another workspace~ls ../check_other",
        "other processes~test $(ls -d /proc/[0-9]* | wc -l) -gt 20",
        "the system's files~touch /usr/here",
        "a token~env | grep -i token",
      })
  void aCommandDoesNotReach(String what, String command, CoordinatorHarness coordinator)
      throws IOException {
    Files.createDirectories(coordinator.chronicle().folder("check_other"));

    assertThat(run(coordinator, command).exitCode()).as(what).isNotZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"agent_session", "check_", "check_../x"})
  void noCheckRunsWhereAnAgentMayBe(String id, CoordinatorHarness coordinator) {
    assertThat(coordinator.refusal(Addresses.RUN_CHECK, new RunCheck(id, "true", 5)).code())
        .isEqualTo(ErrorCode.INVALID_MESSAGE);
    assertThat(coordinator.folder(id)).doesNotExist();
  }
}

package dev.concert.platform.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.foundation.files.LockFile;
import dev.concert.platform.harness.HostWarnings;
import dev.concert.platform.harness.Leftovers;
import dev.concert.platform.harness.Program;
import dev.concert.platform.harness.ProgramRun;
import dev.concert.platform.harness.ServerProcess;
import dev.concert.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code concert turn} where no server runs: it is one itself, for as long as the turn takes. */
class EmbeddedTurnTest {
  @TempDir Path data;

  @Test
  void aTurnLeavesNothingRunningAndItsSessionGoesOnLater() {
    ProgramRun first = turn("--agent", "echo", "!write a.txt kept").expect(0);
    new Leftovers(data).verifyNone();
    Matcher session = Pattern.compile("session ([0-9a-f-]{36})").matcher(first.out());
    assertThat(session.find()).isTrue();

    ProgramRun second = turn("--session", session.group(1), "!read a.txt").expect(0);

    assertThat(second.out()).contains("kept");
    assertThat(HostWarnings.removedFrom(first.err() + second.err())).isEmpty();
    new Leftovers(data).verifyNone();
  }

  @Test
  void whoIsToldToStopInTheMiddleLeavesNothing() throws Exception {
    Path out = data.resolveSibling(data.getFileName() + ".out");
    Path err = data.resolveSibling(data.getFileName() + ".err");
    try {
      Process process =
          Program.run(
              Map.of(),
              out,
              err,
              "turn",
              "--data",
              data.toString(),
              "--agent",
              "echo",
              "!sleep 60");
      Await.until("the turn to run", () -> !process.isAlive() || read(out).contains("sleeping"));
      assertThat(new Leftovers(data).agents()).isNotEmpty();

      process.destroy();

      assertThat(process.waitFor(Duration.ofMinutes(1))).isTrue();
      assertThat(process.exitValue()).isNotZero();
      new Leftovers(data).verifyNone();
    } finally {
      Files.deleteIfExists(out);
      Files.deleteIfExists(err);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void dataThatAnotherServerUsesIsOneSentence() {
    try (ServerProcess server = ServerProcess.start(data)) {
      turn("hello").expectOneSentence(data.toString(), "Another Concert", "--data");
      assertThat(HostWarnings.removedFrom(server.complaints())).isEmpty();
    }
  }

  @Test
  void whatWorksInATemporaryFolderSaysSo() throws Exception {
    LockFile held = LockFile.tryLock(data.resolve("concert.lock")).orElseThrow();
    try (held) {
      ProgramRun run = at(data).run("sessions").expect(0);

      assertThat(run.err()).contains(data.toString(), "temporary folder");
    }
  }

  /** It is not taken for one that another process uses. */
  @Test
  void aDataFolderThatCannotBeMadeIsOneSentence() throws Exception {
    Path file = Files.createFile(data.resolve("file"));

    at(file.resolve("data")).run("turn", "hello").expectOneSentence("cannot be written", "--data");
  }

  /** With this as the data folder of the user, and no server at the port of {@code concert up}. */
  private static ProgramRun.Setting at(Path usual) {
    return new ProgramRun.Setting(
        Program.home(), Map.of("CONCERT_DATA", usual.toString(), "PORT", "1"));
  }

  @Test
  void doctorNamesEveryPartAndSaysWhetherATurnCanRun() {
    ProgramRun run = ProgramRun.of("doctor").expect(0);

    assertThat(run.out())
        .contains(
            "Java",
            "Python",
            "FUSE",
            "Sandbox",
            "Model",
            "Data",
            "Chromium",
            "Concert can run a turn here.");
    assertThat(run.err()).isEmpty();
  }

  private ProgramRun turn(String... arguments) {
    String[] all = new String[arguments.length + 3];
    all[0] = "turn";
    all[1] = "--data";
    all[2] = data.toString();
    System.arraycopy(arguments, 0, all, 3, arguments.length);
    return ProgramRun.of(all);
  }
}

package dev.concert.platform.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.harness.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./concert test} prints at its end, and when it fails. */
class TestSummaryTest {
  private static final String GREEN =
      "<testcase name=\"works\" classname=\"dev.concert.GoodTest\"/>";
  private static final String RED =
      "<testcase name=\"breaks\" classname=\"dev.concert.BadTest\">"
          + "<failure message=\"expected 1 but was 2\"/></testcase>";
  private static final String SKIPPED =
      "<testcase name=\"\" classname=\"dev.concert.RootTest\">"
          + "<skipped message=\"needs root: becomes another user\"/></testcase>";

  @TempDir Path home;
  private Path log;

  private record Summary(int code, String text) {}

  @BeforeEach
  void copyTheScript() throws IOException {
    Files.copy(
        Program.home().resolve(".ci/summary"),
        Files.createDirectory(home.resolve(".ci")).resolve("summary"));
    log = Files.writeString(home.resolve("test.log"), "[INFO] BUILD SUCCESS\n");
  }

  @Test
  void aRunWithoutFailuresPassesAndNamesWhatItSkipped() throws Exception {
    report("first", GREEN + SKIPPED);

    Summary summary = summarize();

    assertThat(summary.code()).isZero();
    assertThat(summary.text())
        .containsPattern("first +1 +0 +1")
        .contains("skipped (1):", "RootTest: needs root: becomes another user");
  }

  @Test
  void aClassThatTakesLongIsNamedWithItsTime() throws Exception {
    report("first", "12.5", GREEN);
    report("second", GREEN);

    assertThat(summarize().text())
        .contains("slowest classes (1):", "SuiteOf_first: 12 s")
        .doesNotContain("SuiteOf_second");
  }

  @Test
  void aFailingModuleIsNamedBesideTheResultsOfTheOthers() throws Exception {
    report("first", RED);
    report("second", GREEN);

    Summary summary = summarize();

    assertThat(summary.code()).isEqualTo(1);
    assertThat(summary.text())
        .containsPattern("first +1 +1 +0")
        .containsPattern("second +1 +0 +0")
        .contains("failed (1):", "BadTest.breaks: expected 1 but was 2");
  }

  @Test
  void aTestJvmThatDiedFailsTheRunThoughNoTestFailed() throws Exception {
    report("first", GREEN);
    Files.writeString(log, "[ERROR] The forked VM terminated without properly saying goodbye.\n");

    Summary summary = summarize();

    assertThat(summary.code()).isEqualTo(1);
    assertThat(summary.text()).contains("test JVMs that died (1):");
  }

  @Test
  void aWarningThatNoTestExpectedIsShown() throws Exception {
    report("first", GREEN);
    Files.writeString(log, "12:00:00.000 WARN  d.c.Disk - the disk is full\n");

    assertThat(summarize().text())
        .contains("warnings and errors that no test expected (1):", "the disk is full");
  }

  private void report(String module, String cases) throws IOException {
    report(module, "1.5", cases);
  }

  private void report(String module, String seconds, String cases) throws IOException {
    Path folder = Files.createDirectories(home.resolve(module + "/target/surefire-reports"));
    Files.writeString(
        folder.resolve("TEST-" + module + ".xml"),
        "<testsuite name=\"dev.concert.SuiteOf_%s\" time=\"%s\">%s</testsuite>"
            .formatted(module, seconds, cases));
  }

  private Summary summarize() throws Exception {
    Process process =
        new ProcessBuilder("python3", home.resolve(".ci/summary").toString(), log.toString())
            .redirectErrorStream(true)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Summary(process.waitFor(), text);
  }
}

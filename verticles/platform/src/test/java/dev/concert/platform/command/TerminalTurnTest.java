package dev.concert.platform.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.harness.Leftovers;
import dev.concert.platform.harness.Program;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code concert turn} before a person: a real terminal at which somebody types. */
class TerminalTurnTest {
  private static final String REQUEST =
      "create hello.py that prints the first ten primes and run it";

  /** What JLine shows when it waits for the answer. */
  private static final String PROMPT = "[a]lways";

  @TempDir Path data;

  private record Shown(int code, String text) {}

  @Test
  void whoSaysYesSeesTheCommandRun() throws Exception {
    Shown shown = turn("yes");

    assertThat(shown.text()).contains("allowed", "29", "hello.py");
    assertThat(shown.code()).isZero();
    new Leftovers(data).verifyNone();
  }

  @Test
  void whoSaysNoGetsAnAnswerWithoutIt() throws Exception {
    Shown shown = turn("no");

    assertThat(shown.text()).contains("refused").doesNotContain("terminal");
    assertThat(shown.code()).isOne();
    new Leftovers(data).verifyNone();
  }

  @Test
  void whoInterruptsWhileTheAgentWorksStopsTheTurn() throws Exception {
    Shown shown = turn("interrupt", "sleeping", "--agent", "echo", "!sleep 60");

    assertThat(shown.text()).contains("stopped").doesNotContain("Exception", "CRASHED");
    assertThat(shown.code()).isEqualTo(130);
    new Leftovers(data).verifyNone();
  }

  @Test
  void whoInterruptsInsteadOfAnsweringStopsTheTurn() throws Exception {
    Shown shown = turn("interrupt");

    assertThat(shown.text()).contains("stopped").doesNotContain("Exception");
    assertThat(shown.code()).isEqualTo(130);
    new Leftovers(data).verifyNone();
  }

  private Shown turn(String typed) throws Exception {
    return turn(typed, PROMPT, REQUEST);
  }

  private Shown turn(String typed, String question, String... request) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "python3",
                Path.of(getClass().getResource("/at_a_terminal.py").toURI()).toString(),
                typed,
                question));
    command.addAll(Program.command("turn", "--no-dir", "--data", data.toString()));
    command.addAll(List.of(request));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("CONCERT_URL");
    builder.environment().remove("OPENAI_API_KEY");
    builder.environment().put("TERM", "xterm");
    Process process = builder.redirectInput(new File("/dev/null")).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    return new Shown(process.exitValue(), text);
  }
}

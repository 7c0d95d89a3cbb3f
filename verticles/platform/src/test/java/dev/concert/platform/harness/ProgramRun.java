package dev.concert.platform.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What the program said when it was run to its end. */
public record ProgramRun(int exitCode, String out, String err) {
  private static final long TIMEOUT_SECONDS = 300;

  /** Runs the program with these arguments and nothing special around it. */
  public static ProgramRun of(String... arguments) {
    return new Setting(Program.home(), Map.of()).run(arguments);
  }

  /** Runs the program where the environment says that a server is at this URL. */
  public static ProgramRun at(String url, String... arguments) {
    return new Setting(Program.home(), Map.of("CONCERT_URL", url)).run(arguments);
  }

  /** What surrounds a run. */
  public record Setting(Path home, Map<String, String> environment) {

    public Setting with(String name, String value) {
      Map<String, String> more = new HashMap<>(environment);
      more.put(name, value);
      return new Setting(home, more);
    }

    /** Runs the program. Blocking. */
    public ProgramRun run(String... arguments) {
      try {
        Path out = Files.createTempFile("concert-run", ".out");
        Path err = Files.createTempFile("concert-run", ".err");
        try {
          Process process = Program.start(home, Arrays.asList(arguments), environment, out, err);
          if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new AssertionError(
                "`concert %s` did not end; it said:%n%s%n%s"
                    .formatted(
                        String.join(" ", arguments), Files.readString(out), Files.readString(err)));
          }
          return new ProgramRun(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
          Files.delete(out);
          Files.delete(err);
        }
      } catch (IOException e) {
        throw new AssertionError("The program could not be run", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("Interrupted while the program ran", e);
      }
    }
  }

  public List<String> outLines() {
    return out.lines().toList();
  }

  /** Fails unless the program ended so. */
  public ProgramRun expect(int code) {
    assertThat(exitCode).as("exit code of a run that said:%n%s%n%s", out, err).isEqualTo(code);
    return this;
  }

  /** Fails unless the program refused with exactly one sentence, which has these words in it. */
  public void expectOneSentence(String... words) {
    expect(1);
    assertThat(out).isEmpty();
    String said = HostWarnings.removedFrom(err);
    assertThat(said.lines()).as(err).hasSize(1);
    assertThat(said).contains(words).doesNotContain("Exception", "\tat ", "null");
  }
}

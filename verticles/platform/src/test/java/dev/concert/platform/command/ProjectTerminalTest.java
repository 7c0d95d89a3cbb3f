package dev.concert.platform.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.harness.Program;
import dev.concert.platform.harness.ProgramRun;
import dev.concert.platform.harness.RunningPlatform;
import dev.concert.platform.harness.Tmux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code concert turn} on a repository before a person, and two of them at once. */
class ProjectTerminalTest {
  @RegisterExtension static final RunningPlatform PLATFORM = new RunningPlatform();

  @TempDir Path folder;
  private Path repository;

  @BeforeEach
  void makeRepository() throws Exception {
    repository = Files.createDirectory(folder.resolve("repository"));
    Process git =
        new ProcessBuilder("git", "init", "-q", "-b", "main", repository.toString()).start();
    assertThat(git.waitFor()).isZero();
    Files.writeString(repository.resolve("same.txt"), "from the user\n");
  }

  @Test
  void atATerminalChangesAreAppliedOnlyAfterAYes() throws IOException {
    assertThat(turn("refused.txt", "n").shown()).contains("Nothing in " + repository);
    assertThat(repository.resolve("refused.txt")).doesNotExist();

    assertThat(turn("wanted.txt", "y").shown()).contains("1 file changed in", "concert undo");
    assertThat(repository.resolve("wanted.txt")).hasContent("made");

    // It makes programs run code: a question of its own, and the answer is no as well.
    assertThat(turn(".envrc", "n").shown()).contains(".envrc is not applied");
    assertThat(repository.resolve(".envrc")).doesNotExist();
  }

  @Test
  void aSetUpCommandIsProposedFromTheLockFilesConfirmedOnceAndRunInTheSandbox() throws IOException {
    Files.writeString(repository.resolve("Gemfile.lock"), "");
    Files.writeString(repository.resolve("composer.lock"), "");
    String command = "bundle install && composer install";
    for (int session = 1; session <= 2; session++) {
      Path own = Files.createDirectory(folder.resolve("terminal-" + session));
      try (Tmux terminal = Tmux.run(own, repository, environment(), "turn", "list the files")) {
        if (session == 1) {
          terminal.see("Run `" + command + "` in the workspace first").type("y");
        }
        terminal.see("exit code 0");
        assertThat(terminal.shown())
            .contains("\"command\":\"" + command, "The command ran.", "Gemfile.lock")
            .satisfies(shown -> assertThat(shown.contains("[y]es")).isEqualTo(session(own)));
      }
    }
  }

  private static boolean session(Path own) {
    return own.endsWith("terminal-1");
  }

  private record Said(String shown) {}

  private Said turn(String file, String answer) throws IOException {
    Path own = Files.createDirectory(folder.resolve("terminal-" + file));
    try (Tmux terminal =
        Tmux.run(
            own,
            repository,
            environment(),
            "turn",
            "--agent",
            "echo",
            "!write " + file + " made")) {
      terminal.see("+++ b/" + file).see("[y]es, [n]o").type(answer).see("exit code 0");
      return new Said(terminal.shown());
    }
  }

  @Test
  void twoSessionsWorkOnOneProjectAtOnce() throws Exception {
    try (ExecutorService both = Executors.newFixedThreadPool(2)) {
      for (List<String> files :
          List.of(List.of("one.txt", "two.txt"), List.of("same.txt", "same.txt"))) {
        Future<ProgramRun> one = both.submit(() -> apply(files.getFirst(), "one"));
        Future<ProgramRun> two = both.submit(() -> apply(files.getLast(), "two"));
        List<ProgramRun> runs = List.of(one.get(), two.get());
        if (!files.getFirst().equals(files.getLast())) {
          assertThat(runs).allSatisfy(run -> run.expect(0));
          assertThat(repository.resolve("one.txt")).hasContent("one");
          assertThat(repository.resolve("two.txt")).hasContent("two");
        } else {
          // One comes first. The other one begins with its change, or is told of the conflict.
          assertThat(Files.readString(repository.resolve("same.txt"))).isIn("one", "two");
          assertThat(runs)
              .allSatisfy(
                  run ->
                      assertThat(run.exitCode() == 0 || run.out().contains("is left as it is"))
                          .as(run.toString())
                          .isTrue())
              .anySatisfy(run -> run.expect(0));
        }
      }
    }
  }

  private ProgramRun apply(String file, String text) {
    return new ProgramRun.Setting(Program.home(), environment())
        .run(
            "turn",
            "--yes",
            "--agent",
            "echo",
            "--dir",
            repository.toString(),
            "!write " + file + " " + text);
  }

  private Map<String, String> environment() {
    return Map.of("CONCERT_URL", PLATFORM.url(), "CONCERT_DATA", folder.resolve("data").toString());
  }
}

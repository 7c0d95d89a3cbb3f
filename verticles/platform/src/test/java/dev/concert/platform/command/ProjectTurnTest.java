package dev.concert.platform.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.harness.Program;
import dev.concert.platform.harness.ProgramRun;
import dev.concert.platform.harness.RunningPlatform;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code concert turn} on a git repository, as a process, on a server that runs. */
class ProjectTurnTest {
  @RegisterExtension static final RunningPlatform PLATFORM = new RunningPlatform();

  @TempDir private Path folder;

  @Test
  void theAgentWorksOnTheRepositoryAndItsChangesComeBackAndCanBeTakenBack() throws Exception {
    awaitServer();
    Path repository = Files.createDirectory(folder.resolve("repository"));
    git(repository, "init", "-q", "-b", "main");
    Files.writeString(repository.resolve("a.txt"), "from the user\n");
    git(repository, "add", "-A");
    Files.writeString(repository.resolve("b.txt"), "untracked\n");

    ProgramRun first =
        turn("--yes", "--agent", "echo", "--dir", repository.toString(), "!write new.txt made")
            .expect(0);

    assertThat(first.out()).contains("2 files sent", "+++ b/new.txt", "+made", "concert undo");
    assertThat(repository.resolve("new.txt")).hasContent("made");
    assertThat(git(repository, "status", "--short")).contains("A  a.txt", "?? new.txt");
    Matcher session = Pattern.compile("session ([0-9a-f-]{36})").matcher(first.out());
    assertThat(session.find()).isTrue();
    Path tree =
        PLATFORM.data().resolve("instances/agent_%s/chronicle/tree".formatted(session.group(1)));
    assertThat(git(tree, "diff", "--cached", "--name-only")).isEqualTo("a.txt");

    Files.writeString(repository.resolve("a.txt"), "edited meanwhile\n");
    ProgramRun second = turn("--session", session.group(1), "!read a.txt").expect(0);

    assertThat(second.out()).contains("1 file sent", "edited meanwhile").doesNotContain("+++");

    git(repository, "symbolic-ref", "HEAD", "refs/heads/other");
    ProgramRun refused = turn("--session", session.group(1), "!read a.txt").expect(1);
    assertThat(refused.err()).contains("main", "other").hasLineCount(1);

    int undone =
        Main.commandLine(Map.of())
            .execute("undo", "--dir", repository.toString(), "--data", data().toString());
    assertThat(undone).isZero();
    assertThat(repository.resolve("new.txt")).doesNotExist();
    assertThat(repository.resolve("a.txt")).hasContent("edited meanwhile\n");
  }

  /** A busy machine needs longer for the first answer than the program waits for it. */
  private static void awaitServer() throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest health = HttpRequest.newBuilder(URI.create(PLATFORM.url() + "/health")).build();
      assertThat(http.send(health, HttpResponse.BodyHandlers.ofString()).body()).contains("podium");
    }
  }

  private Path data() {
    return folder.resolve("data");
  }

  private ProgramRun turn(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "turn";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return new ProgramRun.Setting(
            Program.home(),
            Map.of("CONCERT_URL", PLATFORM.url(), "CONCERT_DATA", data().toString()))
        .run(all);
  }

  private static String git(Path folder, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("git", "-c", "safe.directory=*"));
    command.addAll(List.of(arguments));
    Process git = new ProcessBuilder(command).directory(folder.toFile()).start();
    String said = new String(git.getInputStream().readAllBytes());
    assertThat(git.waitFor()).isZero();
    return said.strip();
  }
}

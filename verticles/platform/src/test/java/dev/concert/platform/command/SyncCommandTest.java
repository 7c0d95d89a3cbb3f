package dev.concert.platform.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.stage.Program;
import dev.concert.platform.stage.ProgramRun;
import dev.concert.platform.stage.RunningPlatform;
import dev.concert.platform.stage.Seat;
import dev.concert.testing.Await;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code concert sync} as a process, with a real agent on a real mount at the other end. */
class SyncCommandTest {
  @RegisterExtension static final RunningPlatform PLATFORM = new RunningPlatform();

  @TempDir private Path place;
  private Path folder;
  private Seat seat;
  private final List<Process> running = new ArrayList<>();

  @BeforeEach
  void open() throws IOException {
    folder = Files.createDirectory(place.resolve("my folder"));
    seat = Seat.echo(PLATFORM.connect());
  }

  @AfterEach
  void end() throws InterruptedException {
    for (Process process : running) {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void bothSidesAreEqualAfterwards() throws IOException {
    seat.run("!write theirs.txt of the agent");
    write("mine/notes.txt", "of the person");

    ProgramRun run = sync("--once").expect(0);

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("In sync: ↓ 1 files", "↑ 1 files");
    assertThat(read("theirs.txt")).isEqualTo("of the agent");
    assertThat(seat.run("!read mine/notes.txt").toString()).contains("of the person");
  }

  @Test
  void aPersonEditsWhileTheAgentWorksAlsoAfterAKill() throws Exception {
    Process first = start();
    seat.run("!write a.txt one");
    Await.until(() -> is("a.txt", "one"));
    write("a.txt", "two");
    awaitUpstream("a.txt", "two");
    first.destroyForcibly().waitFor();

    write("a.txt", "three");
    seat.run("!write b.txt meanwhile");
    Process second = start();
    awaitUpstream("a.txt", "three");
    Await.until(() -> is("b.txt", "meanwhile"));
    seat.run("!write a.txt four");
    Await.until(() -> is("a.txt", "four"));

    second.destroy();
    assertThat(second.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(second.exitValue()).isZero();
  }

  @Test
  void aConflictWaitsIsListedAndIsDecidedLater() throws IOException {
    seat.run("!write a.txt base");
    sync("--once").expect(0);
    write("a.txt", "mine");
    seat.run("!write a.txt theirs");

    ProgramRun left = sync("--once").expect(1);
    assertThat(left.out()).contains("! a.txt: here 4 B, in the workspace 6 B", "--on-conflict");
    assertThat(read("a.txt")).isEqualTo("mine");

    assertThat(here(0, arguments(folder, "--status")))
        .contains("is synced with session " + seat.sessionId(), "! a.txt");

    sync("--once", "--on-conflict=keep-local").expect(0);
    assertThat(seat.run("!read a.txt").toString()).contains("mine");
    assertThat(here(0, arguments(folder, "--status"))).doesNotContain("!");
  }

  @Test
  void aSessionThatDoesNotExistIsToldInOneSentence() {
    run(folder, "--session", "00000000-0000-0000-0000-000000000000")
        .expectOneSentence("no session 00000000");
  }

  @Test
  void aFolderThatIsNoneIsToldInOneSentence() throws IOException {
    Path file = Files.writeString(place.resolve("file"), "x");

    assertThat(here(1, arguments(place.resolve("nowhere"), "--session", "s")))
        .isEqualToIgnoringWhitespace(
            "There is no folder %s; make it first.".formatted(place.resolve("nowhere")));
    assertThat(here(1, arguments(file, "--session", "s"))).contains("is not a folder");
    assertThat(here(1, "sync", "/", "--session", "s")).contains("whole disk");
    assertThat(here(0, arguments(folder, "--status"))).contains("was never synced");
  }

  @Test
  void aFolderIsSyncedOnceAtATime() throws Exception {
    start();
    seat.run("!write a.txt here");
    Await.until(() -> is("a.txt", "here"));

    sync("--once").expectOneSentence("is being synced by another process");
    Seat other = Seat.echo(PLATFORM.connect());
    run(folder, "--session", other.sessionId()).expectOneSentence(seat.sessionId());
  }

  private ProgramRun sync(String... more) {
    List<String> arguments = new ArrayList<>(List.of("--session", seat.sessionId()));
    arguments.addAll(List.of(more));
    return run(folder, arguments.toArray(String[]::new));
  }

  private ProgramRun run(Path dir, String... more) {
    return ProgramRun.at(PLATFORM.url(), arguments(dir, more));
  }

  private String[] arguments(Path dir, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of("sync", dir.toString(), "--state", place.resolve("state").toString()));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  /** Runs the program in this JVM: what needs no server. */
  private static String here(int code, String... arguments) {
    StringWriter said = new StringWriter();
    CommandLine program = Main.commandLine();
    program.setOut(new PrintWriter(said, true));
    program.setErr(new PrintWriter(said, true));
    assertThat(program.execute(arguments)).as(said.toString()).isEqualTo(code);
    return said.toString();
  }

  private Process start() throws IOException {
    Process process =
        Program.run(
            Map.of("CONCERT_URL", PLATFORM.url()),
            place.resolve("out"),
            place.resolve("err"),
            arguments(folder, "--session", seat.sessionId()));
    running.add(process);
    return process;
  }

  /** Looks at the real file below the mount, since the gateway limits how often one may ask. */
  private void awaitUpstream(String path, String text) {
    Path tree = PLATFORM.data().resolve("instances/agent_" + seat.sessionId() + "/chronicle/tree");
    Await.until(() -> is(tree.resolve(path), text));
  }

  private void write(String path, String text) throws IOException {
    Files.createDirectories(folder.resolve(path).getParent());
    Files.writeString(folder.resolve(path), text);
  }

  private String read(String path) {
    try {
      return Files.readString(folder.resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean is(String path, String text) {
    return is(folder.resolve(path), text);
  }

  private static boolean is(Path file, String text) {
    try {
      return Files.exists(file) && Files.readString(file).equals(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

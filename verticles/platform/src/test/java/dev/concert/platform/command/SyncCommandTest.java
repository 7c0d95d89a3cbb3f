package dev.concert.platform.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.harness.Program;
import dev.concert.platform.harness.ProgramRun;
import dev.concert.platform.harness.ProtocolClient;
import dev.concert.platform.harness.RunningPlatform;
import dev.concert.platform.harness.ServerProcess;
import dev.concert.platform.harness.TestClient;
import dev.concert.testing.Await;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code concert sync} as a process, with a real agent on a real mount at the other end. */
class SyncCommandTest {
  @RegisterExtension static final RunningPlatform PLATFORM = new RunningPlatform();

  @TempDir private Path place;
  private Path folder;
  private TestClient user;
  private final List<Process> running = new ArrayList<>();

  @BeforeEach
  void open() throws IOException {
    folder = Files.createDirectory(place.resolve("my folder"));
    user = TestClient.echo(PLATFORM.connect());
  }

  @AfterEach
  void end() throws InterruptedException {
    for (Process process : running) {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void bothSidesAreEqualAfterwards() throws IOException {
    user.run("!write theirs.txt of the agent");
    write("mine/notes.txt", "of the person");

    ProgramRun run = sync("--once").expect(0);

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("In sync: ↓ 1 files", "↑ 1 files");
    assertThat(read("theirs.txt")).isEqualTo("of the agent");
    assertThat(user.run("!read mine/notes.txt").toString()).contains("of the person");
  }

  @Test
  void aPersonEditsWhileTheAgentWorksAlsoAfterAKill() throws Exception {
    Process first = start();
    user.run("!write a.txt one");
    Await.until(() -> is("a.txt", "one"));
    write("a.txt", "two");
    awaitUpstream("a.txt", "two");
    first.destroyForcibly().waitFor();

    write("a.txt", "three");
    user.run("!write b.txt meanwhile");
    Process second = start();
    awaitUpstream("a.txt", "three");
    Await.until(() -> is("b.txt", "meanwhile"));
    user.run("!write a.txt four");
    Await.until(() -> is("a.txt", "four"));

    second.destroy();
    assertThat(second.waitFor(3, TimeUnit.MINUTES)).isTrue();
    assertThat(second.exitValue()).isZero();
  }

  @Test
  void aPersonSeesHowFarTheFirstCopyIs() throws Exception {
    user.run("!write theirs.txt of the agent");
    for (int i = 0; i < 600; i++) {
      write("d" + i % 20 + "/f" + i, "content " + i);
    }
    Process process = start();
    awaitSaid("In sync: ");

    assertThat(said().lines().filter(line -> line.endsWith(" to send")))
        .as(said())
        .isNotEmpty()
        .allMatch(line -> line.startsWith("↓ "));
    assertThat(said()).contains("↑ 600 files");
    assertThat(process.isAlive()).isTrue();
  }

  @Test
  void ctrlCEndsItWell() throws Exception {
    write("mine.txt", "1");
    List<String> command =
        new ArrayList<>(
            List.of(
                "python3",
                Path.of(getClass().getResource("/at_a_terminal.py").toURI()).toString(),
                "interrupt",
                "In sync"));
    command.addAll(Program.command(arguments(folder, "--session", user.sessionId())));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(place.resolve("out").toFile());
    builder.environment().put("CONCERT_URL", PLATFORM.url());
    builder.environment().put("TERM", "xterm");
    Process process = builder.start();
    running.add(process);

    assertThat(process.waitFor(3, TimeUnit.MINUTES)).as(said()).isTrue();
    assertThat(process.exitValue()).as(said()).isZero();
    assertThat(said()).contains("↑ 1 files").doesNotContain("Exception", "\tat ");
  }

  @Test
  void whoEndsItIsToldWhatWaitsAndWhatToDo() throws Exception {
    user.run("!write a.txt base");
    sync("--once").expect(0);
    write("a.txt", "mine");
    user.run("!write a.txt theirs");
    Process process = start();
    awaitSaid("! a.txt was changed on both sides");

    process.destroy();

    assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(said()).contains("! a.txt: here 4 B, in the workspace 6 B", "--on-conflict");
    assertThat(complained()).isEmpty();
  }

  @Test
  void itGoesOnWhenTheServerIsThereAgain() throws Exception {
    Path data = place.resolve("data");
    Process process;
    int port;
    String session;
    try (ServerProcess server = ServerProcess.start(data);
        ProtocolClient client = ProtocolClient.connect(server.url())) {
      port = URI.create(server.url()).getPort();
      session = TestClient.echo(client).sessionId();
      process = start(server.url(), session);
      write("before.txt", "1");
      Await.until(() -> isIn(data, session, "before.txt", "1"));
    }
    awaitSaid("trying again");
    write("meanwhile.txt", "2");
    try (ServerProcess server = ServerProcess.start(data, port)) {
      awaitSaid("Connected again.");
      Await.until(() -> isIn(data, session, "meanwhile.txt", "2"));
      assertThat(server.url()).endsWith(":" + port);
      process.destroy();
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    }
    assertThat(said().lines().filter(line -> line.startsWith("Not connected")).count())
        .as("one sentence for one outage, not one for each try: " + said())
        .isLessThanOrEqualTo(3);
    assertThat(complained()).isEmpty();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFolderInWhichNothingCanBeWrittenIsToldInOneSentence() {
    // Not even root writes here.
    assertThat(here(1, arguments(Path.of("/proc/sys/kernel"), "--session", "s")))
        .isEqualToIgnoringWhitespace(
            "/proc/sys/kernel cannot be written: choose another folder, or get the right to write"
                + " into it.");
  }

  @Test
  void withoutAServerItSaysHowToGetOne() {
    ProgramRun.at("http://127.0.0.1:1", arguments(folder, "--session", "s"))
        .expectOneSentence("No Concert server answers at");
  }

  @Test
  void aConflictWaitsIsListedAndIsDecidedLater() throws IOException {
    user.run("!write a.txt base");
    sync("--once").expect(0);
    write("a.txt", "mine");
    user.run("!write a.txt theirs");

    ProgramRun left = sync("--once").expect(1);
    assertThat(left.out()).contains("! a.txt: here 4 B, in the workspace 6 B", "--on-conflict");
    assertThat(read("a.txt")).isEqualTo("mine");

    assertThat(here(0, arguments(folder, "--status")))
        .contains("is synced with session " + user.sessionId(), "! a.txt");

    sync("--once", "--on-conflict=keep-local").expect(0);
    assertThat(user.run("!read a.txt").toString()).contains("mine");
    assertThat(here(0, arguments(folder, "--status"))).doesNotContain("!");
  }

  @Test
  void whatIsInTheWayGetsAnotherNameWhichIsTold() throws IOException {
    user.run("!write a/b.txt theirs");
    write("a", "mine");

    ProgramRun done = sync("--once").expect(0);

    assertThat(done.out())
        .contains("! a was in the way of the workspace's files; yours is now a.con");
    assertThat(read("a/b.txt")).isEqualTo("theirs");
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
    assertThat(here(0, arguments(folder, "--status"))).contains("has never been synced");
  }

  @Test
  void aFolderIsSyncedOnceAtATime() throws Exception {
    start();
    user.run("!write a.txt here");
    Await.until(() -> is("a.txt", "here"));

    sync("--once").expectOneSentence("is being synced by another process");
    TestClient other = TestClient.echo(PLATFORM.connect());
    run(folder, "--session", other.sessionId()).expectOneSentence(user.sessionId());
  }

  private ProgramRun sync(String... more) {
    List<String> arguments = new ArrayList<>(List.of("--session", user.sessionId()));
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
    return start(PLATFORM.url(), user.sessionId());
  }

  private Process start(String url, String session) throws IOException {
    Process process =
        Program.run(
            Map.of("CONCERT_URL", url),
            place.resolve("out"),
            place.resolve("err"),
            arguments(folder, "--session", session));
    running.add(process);
    return process;
  }

  /** What the process that was started last said to a person. */
  private String said() {
    return read(place.resolve("out"));
  }

  private void awaitSaid(String words) {
    try {
      Await.until(() -> said().contains(words));
    } catch (AssertionError late) {
      throw new AssertionError(
          "It did not say '%s' but:%n%s%n%s".formatted(words, said(), complained()), late);
    }
  }

  private String complained() {
    return read(place.resolve("err"));
  }

  /** Looks at the real file below the mount, since the gateway limits how often one may ask. */
  private void awaitUpstream(String path, String text) {
    Await.until(() -> isIn(PLATFORM.data(), user.sessionId(), path, text));
  }

  private static boolean isIn(Path data, String session, String path, String text) {
    return is(tree(data, session).resolve(path), text);
  }

  private static Path tree(Path data, String session) {
    return data.resolve("instances/agent_" + session + "/chronicle/tree");
  }

  private void write(String path, String text) throws IOException {
    Files.createDirectories(folder.resolve(path).getParent());
    Files.writeString(folder.resolve(path), text);
  }

  private String read(String path) {
    return read(folder.resolve(path));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
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

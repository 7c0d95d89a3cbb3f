package dev.concert.platform.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.localsync.ConflictPolicy;
import dev.concert.platform.harness.FilesOverHttp;
import dev.concert.platform.harness.Program;
import dev.concert.platform.harness.ProgramRun;
import dev.concert.platform.harness.RunningPlatform;
import dev.concert.platform.harness.TestClient;
import dev.concert.testing.Await;
import dev.concert.testing.RequiresRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code concert sync} cannot simply copy: it says so, and goes on with the rest. */
class SyncProblemsTest {
  @RegisterExtension static final RunningPlatform PLATFORM = new RunningPlatform();

  @TempDir private Path place;
  private Path folder;
  private TestClient user;
  private Optional<Process> running = Optional.empty();

  @BeforeEach
  void open() throws IOException {
    folder = Files.createDirectory(place.resolve("folder"));
    user = TestClient.echo(PLATFORM.connect());
  }

  @AfterEach
  void end() throws InterruptedException {
    if (running.isPresent()) {
      running.get().destroyForcibly().waitFor();
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ASK")
  void aFileReplacedByAFolderWhileTheAgentEditedItIsDecidedByEveryWord(ConflictPolicy word)
      throws IOException {
    write("fd", "file");
    write("ra", "1");
    sync("--once").expect(0);
    Files.delete(folder.resolve("fd"));
    write("fd/in", "in");
    write("ra", "mine");
    user.run("!write fd edited");
    user.run("!write ra theirs");

    ProgramRun left = sync("--once").expect(1);
    assertThat(left.out()).contains("! fd: here a folder, in the workspace 6 B", "! ra: here 4 B");

    ProgramRun decided = sync("--once", "--on-conflict=" + word.word());
    assertThat(decided.out()).doesNotContain("! fd: ");
    assertThat(decided.err()).isEmpty();
    if (word == ConflictPolicy.KEEP_LOCAL) {
      assertThat(read(folder.resolve("fd/in"))).isEqualTo("in");
    } else {
      assertThat(read(folder.resolve("fd"))).isEqualTo("edited");
      assertThat(decided.out()).contains("! fd was in the way");
    }
    if (word != ConflictPolicy.MERGE) {
      decided.expect(0);
    }
  }

  @Test
  void renamingTheMainFolderIsARename() throws Exception {
    for (int i = 0; i < 30; i++) {
      write("src/f" + i, "content " + i);
    }
    write("README", "read me");
    Process process = start();
    Await.until(() -> read(place.resolve("out")).contains("In sync: "));
    Files.move(folder.resolve("src"), folder.resolve("app"));

    Await.until(() -> Files.exists(tree().resolve("app/f29")));
    Await.until(() -> !Files.exists(tree().resolve("src/f0")));
    assertThat(process.isAlive()).isTrue();
    assertThat(read(place.resolve("err"))).isEmpty();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void whatIsLeftOutIsListedWithItsReason() throws IOException {
    write("a.txt", "1");
    Files.createSymbolicLink(folder.resolve("out"), Path.of("/etc/passwd"));
    sync("--once").expect(0);

    String status = status();
    assertThat(sync("--once").expect(0).out())
        .contains("out is left out: it is a symlink that leads out of the folder");
    assertThat(status)
        .contains("out is left out: it is a symlink that leads out", "1 left out in all.");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  @RequiresRoot("mounts a small disk")
  void aFileThatDoesNotFitStopsNobodyAndIsToldInOneSentence() throws Exception {
    user.run("!write small.txt fits");
    FilesOverHttp files = new FilesOverHttp(PLATFORM, user);
    FilesOverHttp.json(files.send("PUT", "file", new byte[5_000_000], "path", "big.bin"), 200);
    assertThat(tree().resolve("big.bin")).exists();
    command("mount", "-t", "tmpfs", "-o", "size=2m", "none", folder.toString());
    try {
      ProgramRun run = sync("--once").expect(1);

      assertThat(read(folder.resolve("small.txt"))).isEqualTo("fits");
      assertThat(run.out())
          .contains("! big.bin (5.0 MB) has to wait: No space left on device")
          .doesNotContain("Exception", "\tat ");
      assertThat(run.err()).isEmpty();
      assertThat(status()).contains("! big.bin (5.0 MB) has to wait");
    } finally {
      command("umount", "--lazy", folder.toString());
    }
  }

  private static void command(String... words) throws Exception {
    Process process = new ProcessBuilder(words).inheritIO().start();
    assertThat(process.waitFor()).isZero();
  }

  private ProgramRun sync(String... more) {
    List<String> arguments = new ArrayList<>(List.of("--session", user.sessionId()));
    arguments.addAll(List.of(more));
    return ProgramRun.at(PLATFORM.url(), arguments(arguments));
  }

  private String status() {
    return ProgramRun.at(PLATFORM.url(), arguments(List.of("--status"))).expect(0).out();
  }

  private String[] arguments(List<String> more) {
    List<String> all =
        new ArrayList<>(
            List.of("sync", folder.toString(), "--state", place.resolve("state").toString()));
    all.addAll(more);
    return all.toArray(String[]::new);
  }

  private Process start() throws IOException {
    Process process =
        Program.run(
            Map.of("CONCERT_URL", PLATFORM.url()),
            place.resolve("out"),
            place.resolve("err"),
            arguments(List.of("--session", user.sessionId())));
    running = Optional.of(process);
    return process;
  }

  private Path tree() {
    return PLATFORM.data().resolve("instances/agent_" + user.sessionId() + "/chronicle/tree");
  }

  private void write(String path, String text) throws IOException {
    Files.createDirectories(folder.resolve(path).getParent());
    Files.writeString(folder.resolve(path), text);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.concert.chronicle.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.concert.bus.Addresses;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.testing.Await;
import dev.concert.testing.RequiresFuse;
import dev.concert.testing.Shell;
import dev.concert.testing.log.ExpectedLog;
import dev.concert.workspace.SnapshotMessages.CreateSnapshot;
import dev.concert.workspace.SnapshotMessages.RestoreWorkspace;
import dev.concert.workspace.WorkspaceMessages.DiffFile;
import dev.concert.workspace.WorkspaceMessages.RestoreFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bit is flipped below a workspace that is in use. */
@RequiresFuse
@ExpectedLog(
    logger = "dev.concert.chronicle.fuse.request.OperationTable",
    message = "Filesystem operation \\d+ failed\\n.*Content .*(damaged|cannot be read)",
    required = false)
class DamagedContentTest {
  @TempDir Path home;
  private Chronicle chronicle;
  private Shell shell;

  @BeforeEach
  void mount() {
    chronicle = Chronicle.fuse(home);
    shell = new Shell(chronicle.mount("w"));
  }

  @AfterEach
  void close() {
    chronicle.close();
  }

  private static void flipABit(Path blob) throws IOException {
    byte[] bytes = Files.readAllBytes(blob);
    bytes[bytes.length / 2] ^= 1;
    Files.write(blob, bytes);
  }

  private Path blob(String hash) {
    return home.resolve("cas").resolve(hash.substring(0, 2)).resolve(hash);
  }

  private List<Path> blobs() throws IOException {
    try (Stream<Path> files = Files.walk(home.resolve("cas"))) {
      return files.filter(file -> file.getFileName().toString().matches("[0-9a-f]{64}")).toList();
    }
  }

  private static void damaged(ThrowingCallable call) {
    assertThatExceptionOfType(ConcertException.class)
        .isThrownBy(call)
        .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CONTENT_DAMAGED));
  }

  @Test
  void itIsNeverReadAndNothingElseIsAffected() throws IOException {
    shell.run("echo one > f; echo two > f; echo three > f; echo other > g; echo new > g");
    flipABit(blob(chronicle.history("w", "f").getFirst().hash()));

    assertThat(shell.run("cat .chronicle/at/1/f 2>&1 || true")).contains("Input/output error");
    damaged(() -> chronicle.at("w", "f", 1));
    damaged(() -> chronicle.ask(Addresses.DIFF_FILE, new DiffFile("w", "f", 1, 2)));
    damaged(() -> chronicle.ask(Addresses.RESTORE_FILE, new RestoreFile("w", "f", 1)));

    assertThat(shell.run("cat f g .chronicle/at/2/f .chronicle/at/1/g"))
        .isEqualTo("three\nnew\ntwo\nother");
    assertThat(chronicle.at("w", "f", 2).content()).isEqualTo("two\n");
    assertThat(chronicle.history("w", "f")).hasSize(3);
  }

  @Test
  void theSameContentThatComesAgainMendsIt() throws IOException {
    shell.run("echo one > f; echo two > f");
    flipABit(blob(chronicle.history("w", "f").getFirst().hash()));
    damaged(() -> chronicle.at("w", "f", 1));

    shell.run("echo one > another");

    Await.until(() -> chronicle.history("w", "another").size() == 1);
    assertThat(chronicle.at("w", "f", 1).content()).isEqualTo("one\n");
    assertThat(shell.run("cat .chronicle/at/1/f")).isEqualTo("one");
  }

  @Test
  void aLargeFileOfWhichAPartIsDamagedIsNotRestoredByHalf() throws IOException {
    shell.run("head -c 5000000 /dev/urandom > big");
    String whole = shell.run("sha256sum < big");
    Await.until(() -> !chronicle.history("w", "big").isEmpty());
    chronicle.ask(Addresses.CREATE_SNAPSHOT, new CreateSnapshot("w", "s"));
    Path chunk =
        blobs().stream()
            .max(Comparator.comparingLong(file -> file.toFile().length()))
            .orElseThrow();
    byte[] sound = Files.readAllBytes(chunk);
    flipABit(chunk);
    shell.run("echo small > big; echo more > more");

    damaged(() -> chronicle.ask(Addresses.RESTORE_FILE, new RestoreFile("w", "big", 1)));
    damaged(() -> chronicle.ask(Addresses.RESTORE_WORKSPACE, new RestoreWorkspace("w", "s")));
    assertThat(shell.run("cat big; cat .chronicle/at/1/big 2>&1 >/dev/null || true"))
        .contains("small", "Input/output error");

    Files.write(chunk, sound);
    chronicle.ask(Addresses.RESTORE_FILE, new RestoreFile("w", "big", 1));
    assertThat(shell.run("sha256sum < big")).isEqualTo(whole);
  }
}

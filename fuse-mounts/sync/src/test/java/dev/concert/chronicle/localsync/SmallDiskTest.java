package dev.concert.chronicle.localsync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.iteration.Kind;
import dev.concert.testing.RequiresRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A folder on a disk of 2 MB. */
@RequiresRoot("mounts a small disk; InaccessibleFilesTest covers the rest without")
@EnabledOnOs(OS.LINUX)
class SmallDiskTest {
  @TempDir private Path place;
  private Path disk;
  private SyncStage stage;

  @BeforeEach
  void open() throws Exception {
    disk = Files.createDirectory(place.resolve("folder"));
    command("mount", "-t", "tmpfs", "-o", "size=2m", "none", disk.toString());
    stage = new SyncStage(place);
  }

  @AfterEach
  void close() throws Exception {
    stage.close();
    command("umount", "--lazy", disk.toString());
  }

  @Test
  void aFileThatDoesNotFitStopsNobodyAndComesWhenThereIsRoom() throws IOException {
    byte[] filler = random(1_000_000);
    Files.write(disk.resolve("filler"), filler);
    byte[] big = random(1_500_000);
    stage.workspace.writes("big", Kind.FILE, 0644, big);
    stage.workspace.writes("small", "small");
    stage.workspace.writes("larger than the disk", Kind.FILE, 0644, random(5_000_000));
    stage.start(ConflictPolicy.ASK).settle();

    assertThat(stage.read("small")).isEqualTo("small");
    assertThat(disk.resolve("big")).doesNotExist();
    assertThat(stage.notes.delayed)
        .containsExactlyInAnyOrder(
            "big: No space left on device", "larger than the disk: No space left on device");
    try (var left = Files.list(disk)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .as("no half file is left")
          .containsExactlyInAnyOrder("filler", "small");
    }
    assertThat(stage.workspace.snapshot().live()).as("nothing was deleted there").hasSize(4);

    Files.delete(disk.resolve("filler"));
    stage.settle();
    assertThat(Files.readAllBytes(disk.resolve("big"))).isEqualTo(big);
    assertThat(stage.notes.disconnected).isEmpty();
    assertThat(LocalSync.remembered(stage.state).orElseThrow().problems().undelivered())
        .extracting(one -> one.path())
        .isEqualTo(List.of("larger than the disk"));
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static void command(String... words) throws Exception {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(said).isZero();
  }
}

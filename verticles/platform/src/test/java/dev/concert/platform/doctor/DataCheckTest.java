package dev.concert.platform.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.foundation.files.LockFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCheckTest {
  @TempDir Path folder;

  @Test
  void aFolderThatIsNotThereYetIsFineAndIsNotMade() {
    Path data = folder.resolve("not").resolve("yet");

    assertThat(DataCheck.of(data).state()).isNotEqualTo(CheckResult.State.MISSING);
    assertThat(DataCheck.of(data).detail()).contains(data.toString());
    assertThat(folder.resolve("not")).doesNotExist();
  }

  @Test
  void whatIsNoFolderCannotBeUsed() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));

    CheckResult result = DataCheck.of(file.resolve("data"));

    assertThat(result.state()).isEqualTo(CheckResult.State.MISSING);
    assertThat(result.detail()).contains(file.toString(), "cannot be written");
    assertThat(result.remedy()).contains("--data");
  }

  @Test
  void aServerThatUsesItIsNamed() throws Exception {
    LockFile server = LockFile.tryLock(folder.resolve("concert.lock")).orElseThrow();
    try (server) {
      assertThat(DataCheck.of(folder).detail()).contains("in use");
    }
    assertThat(DataCheck.of(folder).detail()).doesNotContain("in use");
  }
}

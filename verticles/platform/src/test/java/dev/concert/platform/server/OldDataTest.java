package dev.concert.platform.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.concert.foundation.files.LockFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data of older versions moves to where data is kept now, and is never lost on the way. */
class OldDataTest {
  @TempDir Path home;
  private final List<String> said = new ArrayList<>();
  private Path old;
  private Path now;

  @BeforeEach
  void keepOldData() throws IOException {
    old = Files.createDirectories(home.resolve("program/data"));
    now = home.resolve("share/concert");
    Files.writeString(old.resolve("concert.lock"), "");
    Files.writeString(old.resolve("sessions.db"), "sessions");
  }

  private void move() {
    new OldData(List.of(home.resolve("none"), old)).moveTo(now, said::add);
  }

  @Test
  void itMovesWholeAndTheUserIsTold() {
    move();

    assertThat(now.resolve("sessions.db")).hasContent("sessions");
    assertThat(old).doesNotExist();
    assertThat(said).singleElement().asString().contains(old.toString(), now.toString());
  }

  @Test
  void itStaysWhereThereIsNewDataAlready() throws IOException {
    Files.createDirectories(now);

    move();

    assertThat(now).isEmptyDirectory();
    assertThat(old.resolve("sessions.db")).hasContent("sessions");
    assertThat(said).singleElement().asString().contains("--data " + old);
  }

  @Test
  void itStaysWhileAServerUsesIt() throws IOException {
    try (LockFile used = LockFile.tryLock(old.resolve("concert.lock")).orElseThrow()) {
      assertThat(used).isNotNull();

      move();
    }

    assertThat(old.resolve("sessions.db")).hasContent("sessions");
    assertThat(now).doesNotExist();
    assertThat(said).isEmpty();
  }

  @Test
  void dataOfAnotherUserStaysAndTheUserIsTold() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root can give files away");
    Files.setOwner(
        old, home.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));

    move();

    assertThat(old.resolve("sessions.db")).exists();
    assertThat(now).doesNotExist();
    assertThat(said).singleElement().asString().contains("another user");
  }

  @Test
  void aFolderThatIsNoDataStays() throws IOException {
    Files.delete(old.resolve("concert.lock"));

    move();

    assertThat(old.resolve("sessions.db")).exists();
    assertThat(said).isEmpty();
  }
}

package dev.concert.platform.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.foundation.files.PrivateFiles;
import dev.concert.foundation.objectstore.ObjectStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose backup is in the bucket. */
class ManifestTest {
  private static final BackupOptions OPTIONS =
      BackupOptions.from(
              new JsonObject().put("backup", new JsonObject().put("bucket", "backup")), Map.of())
          .orElseThrow();
  private static final List<Path> DATABASES = List.of(Path.of("journal.db"), Path.of("keys.db"));

  @TempDir Path folder;

  /** A folder whose files are the objects. */
  private record FolderStore(Path folder) implements ObjectStore {
    private Path file(String key) {
      return folder.resolve(key.replace('/', '_'));
    }

    @Override
    public Future<Void> put(String key, Path from) {
      try {
        Files.write(file(key), Files.readAllBytes(from));
        return Future.succeededFuture();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public Future<Boolean> get(String key, Path into) {
      try {
        if (Files.exists(file(key))) {
          Files.copy(file(key), into);
        }
        return has(key);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public Future<Void> put(String key, byte[] content) {
      throw new UnsupportedOperationException(key);
    }

    @Override
    public Future<Optional<byte[]>> get(String key) {
      throw new UnsupportedOperationException(key);
    }

    @Override
    public Future<Boolean> has(String key) {
      return Future.succeededFuture(Files.exists(file(key)));
    }

    @Override
    public Future<Void> delete(String key) {
      throw new UnsupportedOperationException(key);
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }

  private ObjectStore bucket() throws IOException {
    return new FolderStore(Files.createDirectories(folder.resolve("bucket")));
  }

  /** Where the backup of a data folder keeps its own files. */
  private Path own(String data) throws IOException {
    return PrivateFiles.createDirectories(folder.resolve(data).resolve(Backup.FOLDER));
  }

  private Path newFolder(String name) throws IOException {
    return Files.createDirectory(folder.resolve(name));
  }

  private void write(String data, List<Path> databases) throws IOException {
    while (!Manifest.claim(OPTIONS, bucket(), own(data))) {
      // The first one takes it, the second one sees that nobody else did.
    }
    Manifest.write(OPTIONS, bucket(), databases, own(data));
  }

  @Test
  void anEmptyFolderDoesNotReplaceTheBackupOfALostOne() throws IOException {
    write("lost", DATABASES);

    assertThatThrownBy(() -> write("empty", List.of(Path.of("journal.db"))))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("another data folder")
        .hasMessageContaining("backup.prefix");

    assertThat(Manifest.read(OPTIONS, bucket(), newFolder("restored")))
        .containsExactlyElementsOf(DATABASES);
  }

  @Test
  void theSameFolderGoesOnWithItsBackup() throws IOException {
    write("data", List.of());
    write("data", DATABASES);

    assertThat(Manifest.read(OPTIONS, bucket(), newFolder("restored")))
        .containsExactlyElementsOf(DATABASES);
  }

  @Test
  void aRestoredFolderGoesOnWithTheBackup() throws IOException {
    write("lost", List.of());
    Manifest.read(OPTIONS, bucket(), newFolder("restored"));

    write("restored", DATABASES);

    assertThat(Manifest.read(OPTIONS, bucket(), newFolder("again")))
        .containsExactlyElementsOf(DATABASES);
  }

  @Test
  void oneOfTwoThatTakeANewBackupAtOnceGoesOn() throws IOException {
    byte[] ofOne = takenByOne();
    assertThat(Manifest.claim(OPTIONS, bucket(), own("two"))).isFalse();
    // The one looked before the other wrote, and writes last.
    Files.write(bucketFile(), ofOne);

    assertThatThrownBy(() -> Manifest.claim(OPTIONS, bucket(), own("two")))
        .isInstanceOf(BackupException.class);
    assertThat(Manifest.claim(OPTIONS, bucket(), own("one"))).isTrue();
  }

  private byte[] takenByOne() throws IOException {
    Path manifest = bucketFile();
    assertThat(Manifest.claim(OPTIONS, bucket(), own("one"))).isFalse();
    byte[] written = Files.readAllBytes(manifest);
    Files.delete(manifest);
    return written;
  }

  private Path bucketFile() {
    return folder.resolve("bucket/concert_manifest.json");
  }

  @Test
  void aBackupWithoutAnOwnerKeepsItsDatabasesWhenItIsTaken() throws IOException {
    bucket();
    Files.writeString(
        bucketFile(), "{\"format\": 1, \"databases\": [\"journal.db\", \"keys.db\"]}");

    assertThat(Manifest.claim(OPTIONS, bucket(), own("data"))).isFalse();

    assertThat(Manifest.read(OPTIONS, bucket(), newFolder("restored")))
        .containsExactlyElementsOf(DATABASES);
  }

  @Test
  void aFolderForWhichThereIsNoBackupStaysEmpty() throws IOException {
    Path restored = newFolder("restored");

    assertThatThrownBy(() -> Manifest.read(OPTIONS, bucket(), restored))
        .hasMessageContaining("has no backup");

    assertThat(restored).isEmptyDirectory();
  }
}

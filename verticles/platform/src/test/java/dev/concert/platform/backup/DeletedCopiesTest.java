package dev.concert.platform.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.foundation.objectstore.ObjectStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the copies of what was deleted leave the bucket. */
class DeletedCopiesTest {
  private static final BackupOptions OPTIONS =
      BackupOptions.from(
              new JsonObject()
                  .put(
                      "backup",
                      new JsonObject().put("bucket", "backup").put("retentionSeconds", 3600)),
              Map.of())
          .orElseThrow();
  private static final Path ONE = Path.of("sessions/one/session.db");
  private static final Path TWO = Path.of("sessions/two/session.db");

  @TempDir Path folder;
  private final Set<String> keys = new TreeSet<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private boolean away;

  /** A bucket that can be away. */
  private final ObjectStore bucket =
      new ObjectStore() {
        @Override
        public Future<Void> put(String key, Path file) {
          keys.add(key);
          return Future.succeededFuture();
        }

        @Override
        public Future<Boolean> get(String key, Path into) {
          throw new UnsupportedOperationException(key);
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
          return Future.succeededFuture(keys.contains(key));
        }

        @Override
        public Future<Void> delete(String key) {
          if (away) {
            return Future.failedFuture("The bucket is away.");
          }
          keys.remove(key);
          return Future.succeededFuture();
        }

        @Override
        public void close() {
          // Nothing is open.
        }
      };

  @BeforeEach
  void copy() {
    for (Path database : List.of(ONE, TWO)) {
      keys.add(OPTIONS.key("db/" + database + "/generations/1/snapshots/0"));
      keys.add(OPTIONS.key("db/" + database + "/generations/1/wal/0"));
    }
  }

  private DeletedCopies open() throws IOException {
    return new DeletedCopies(OPTIONS, bucket, this::list, folder, () -> now);
  }

  private Future<List<String>> list(String prefix) {
    return away
        ? Future.failedFuture("The bucket is away.")
        : Future.succeededFuture(keys.stream().filter(key -> key.startsWith(prefix)).toList());
  }

  private boolean isCopied(Path database) {
    return keys.stream().anyMatch(key -> key.contains("/" + database + "/"));
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  @Test
  void theCopyOfADeletedSessionStaysForItsTimeAndGoesThenAlsoAfterARestart() throws IOException {
    open().deleted(ONE);
    pass(Duration.ofMinutes(59));
    open().removeOld();
    assertThat(isCopied(ONE)).isTrue();

    pass(Duration.ofMinutes(1));
    open().removeOld();
    assertThat(isCopied(ONE)).isFalse();
    assertThat(isCopied(TWO)).isTrue();
  }

  @Test
  void whatCannotBeRemovedIsTriedAgain() throws IOException {
    DeletedCopies copies = open();
    copies.deleted(ONE);
    pass(Duration.ofHours(1));
    away = true;
    copies.removeOld();
    assertThat(isCopied(ONE)).isTrue();

    away = false;
    open().removeOld();
    assertThat(isCopied(ONE)).isFalse();
  }

  @Test
  void whatWasDeletedWhileNoServerRanIsFoundAndStaysForItsTime() throws IOException {
    open().find(Set.of(TWO));
    open().removeOld();
    assertThat(isCopied(ONE)).isTrue();
    pass(Duration.ofMinutes(30));
    open().find(Set.of(TWO));
    pass(Duration.ofMinutes(30));
    open().removeOld();
    assertThat(isCopied(ONE)).isFalse();
    assertThat(isCopied(TWO)).isTrue();
  }

  @Test
  void aDatabaseOfTheSameNameKeepsItsCopy() throws IOException {
    open().deleted(ONE);
    open().added(ONE);
    pass(Duration.ofHours(2));
    open().removeOld();
    assertThat(isCopied(ONE)).isTrue();
  }

  @Test
  void filesThatWereDeletedWhileNoServerRanLeaveTheBucket() throws IOException {
    Path data = Files.createDirectory(folder.resolve("data"));
    Files.writeString(data.resolve("there.log"), "there");
    String gone = OPTIONS.key(FileMirror.FOLDER + "gone.log");
    String there = OPTIONS.key(FileMirror.FOLDER + "there.log");
    keys.addAll(List.of(gone, there));
    FileMirror mirror = new FileMirror(OPTIONS, bucket, this::list, data);
    Map<Path, DataFiles.Version> files = Map.of(Path.of("there.log"), new DataFiles.Version(5, 1));
    away = true;
    assertThat(mirror.copy(files)).isPresent();
    away = false;
    assertThat(mirror.copy(files)).isEmpty();
    assertThat(keys).contains(there).doesNotContain(gone);
  }
}

package dev.concert.foundation.config;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.concert.testing.Await;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class ConfigReloadTest {
  /** Its errors are what some of these tests are about. */
  private static final Logger LOG = (Logger) LoggerFactory.getLogger(ConfigReload.class);

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final List<String> applied = new CopyOnWriteArrayList<>();
  private final AtomicInteger failed = new AtomicInteger();
  private Path main;

  @BeforeEach
  void startOnOneFile() throws Exception {
    LOG.setLevel(Level.OFF);
    main = write("main.yaml", "value: first\n");
    Future<String> started =
        vertx.deployVerticle(new ConfigReload(this::files, this::apply, Duration.ofMillis(20)));
    started.toCompletionStage().toCompletableFuture().get(3, TimeUnit.MINUTES);
  }

  @AfterEach
  void close() throws Exception {
    LOG.setLevel(null);
    vertx.close().toCompletionStage().toCompletableFuture().get(3, TimeUnit.MINUTES);
  }

  @Test
  void aChangedFileIsApplied() throws Exception {
    write("main.yaml", "value: second\n");
    awaitLast("second");
  }

  @Test
  void aFileThatIsReplacedByARenameIsApplied() throws Exception {
    Path next = write("next", "value: renamed\n");
    Files.move(next, main, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    awaitLast("renamed");
  }

  @Test
  void aBrokenFileChangesNothingAndTheNextGoodOneIsApplied() throws Exception {
    write("main.yaml", "value: [broken\n");
    Await.until(() -> failed.get() > 0);
    assertThat(applied).isEmpty();
    write("main.yaml", "value: good\n");
    awaitLast("good");
    assertThat(failed).hasValue(1);
  }

  @Test
  void aFileThatIsGoneForAMomentIsReadAgainWhenItIsBack() throws Exception {
    Files.delete(main);
    Await.until(() -> failed.get() > 0);
    write("main.yaml", "value: back\n");
    awaitLast("back");
  }

  @Test
  void aFileThatTheConfigurationNamesLaterIsWatchedFromThenOn() throws Exception {
    write("other.yaml", "value: a\n");
    write("main.yaml", "value: first\nalso: other.yaml\n");
    awaitLast("a");
    write("other.yaml", "value: b\n");
    awaitLast("b");
  }

  private void awaitLast(String value) {
    Await.until(() -> !applied.isEmpty() && applied.getLast().equals(value));
  }

  private List<Path> files() {
    String other = ConfigFile.read(main).getString("also");
    return other == null ? List.of(main) : List.of(main, folder.resolve(other));
  }

  private Future<Void> apply() {
    return vertx
        .executeBlocking(
            () -> {
              JsonObject last = ConfigFile.read(files().getLast());
              applied.add(last.getString("value"));
              return (Void) null;
            })
        .onFailure(_ -> failed.incrementAndGet());
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }
}

package dev.concert.foundation.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.testing.Await;
import dev.concert.testing.RedisServer;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that share a real Redis. */
class RedisLeaseTest {
  private static final Duration SHORT = Duration.ofSeconds(3);
  private static final Duration LONG = Duration.ofMinutes(3);

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private RedisServer redis;

  @BeforeEach
  void start() {
    redis = new RedisServer(folder);
  }

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    redis.close();
  }

  private RedisLease node(String name, Duration length) {
    return new RedisLease(vertx, redis.url(), "test", name, length);
  }

  private static Optional<LeaseTerm> tryAcquire(Lease lease, String name) {
    try {
      return lease.tryAcquire(name);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  static LeaseTerm awaitTerm(Lease lease, String name) {
    List<LeaseTerm> taken = new ArrayList<>();
    Await.until(
        "the lease of " + name,
        () -> {
          tryAcquire(lease, name).ifPresent(taken::add);
          return !taken.isEmpty();
        });
    return taken.getFirst();
  }

  @Test
  void aNameHasOneHolderAndEachTermAGreaterEpoch() throws IOException {
    Lease one = node("one", LONG);
    Lease other = node("two", LONG);
    long last = 0;
    for (int i = 0; i < 5; i++) {
      LeaseTerm term = awaitTerm(one, "slack");
      assertThat(other.tryAcquire("slack")).isEmpty();
      assertThat(other.holder("slack")).contains("one");
      awaitTerm(other, "telegram").close();
      assertThat(term.epoch()).isGreaterThan(last);
      assertThat(term.isHeld()).isTrue();
      last = term.epoch();
      term.close();
      term.close();
      assertThat(term.isHeld()).isFalse();
      assertThat(other.holder("slack")).isEmpty();
    }
    // Whichever kind comes first: epochs grow.
    LeaseTerm inFile = new FileLease(folder, "one").tryAcquire("slack").orElseThrow();
    assertThat(inFile.epoch()).isGreaterThan(last - 1000);
    inFile.close();
    assertThatThrownBy(() -> one.tryAcquire("a b")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aTermLastsAsLongAsItIsRenewedAndEpochsGrowAlsoWhereRedisForgets() throws IOException {
    Lease one = node("one", SHORT);
    Lease other = node("two", SHORT);
    LeaseTerm term = awaitTerm(one, "slack");
    long end = System.nanoTime() + SHORT.multipliedBy(2).toNanos();
    Await.until(
        "twice the length of a term",
        () -> {
          assertThat(tryAcquire(other, "slack")).isEmpty();
          return System.nanoTime() - end > 0;
        });
    assertThat(term.isHeld()).isTrue();

    redis.kill();
    Await.until("the end of a term that nobody renews", () -> !term.isHeld());
    assertThatThrownBy(() -> other.tryAcquire("slack"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Redis does not say who holds 'slack'");
    redis.start();
    assertThat(awaitTerm(other, "slack").epoch()).isGreaterThan(term.epoch());
    term.close();
    assertThat(other.holder("slack")).contains("two");
  }

  @Test
  void anOwnerThatIsPausedChangesNothingAfterAnotherHasTakenOver() throws Exception {
    Process owner =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Dlogback.configurationFile="
                    + System.getProperty("logback.configurationFile", ""),
                "-cp",
                System.getProperty("java.class.path"),
                PausedOwner.class.getName(),
                redis.url(),
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("owner.txt").toFile())
            .start();
    try {
      Await.until("its first effects", () -> effects().contains("waits") || !owner.isAlive());
      assertThat(owner.isAlive()).as(Files.readString(folder.resolve("owner.txt"))).isTrue();
      signal(owner, "STOP");
      LeaseTerm term = awaitTerm(node("two", LONG), PausedOwner.NAME);
      FencedDatabase database = PausedOwner.database(vertx, folder, term);
      PausedOwner.change(database, "two");
      owner.outputWriter().append('\n').flush();
      signal(owner, "CONT");
      assertThat(owner.waitFor(2, TimeUnit.MINUTES)).isTrue();

      assertThat(effects()).containsExactly("one", "one", "one", "waits", "no effect", "no change");
      PausedOwner.change(database, "two");
      List<String> changes = new ArrayList<>();
      for (Row row :
          database
              .query("SELECT owner FROM changes ORDER BY id", Tuple.tuple())
              .toCompletionStage()
              .toCompletableFuture()
              .join()) {
        changes.add(row.getString(0));
      }
      assertThat(changes.subList(changes.indexOf("two"), changes.size()))
          .containsExactly("two", "two");
      term.close();
    } finally {
      owner.destroyForcibly();
    }
  }

  private List<String> effects() {
    try {
      Path file = folder.resolve("effects");
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void signal(Process process, String name) throws Exception {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }
}

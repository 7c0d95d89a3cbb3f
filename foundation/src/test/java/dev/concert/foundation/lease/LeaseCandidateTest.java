package dev.concert.foundation.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.testing.Await;
import dev.concert.testing.RedisServer;
import dev.concert.testing.log.ExpectedLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who takes over, and when. */
@ExpectedLog(
    logger = "dev.concert.foundation.lease.LeaseCandidate",
    message = "This node does not hold 'chats' any more")
@ExpectedLog(
    logger = "dev.concert.foundation.lease.LeaseCandidate",
    message = "The work of 'chats' cannot begin")
@ExpectedLog(
    logger = "dev.concert.foundation.lease.LeaseCandidate",
    message = "this node stands by")
class LeaseCandidateTest {
  private static final Duration OFTEN = Duration.ofMillis(20);

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();

  /** Notes what it has to do; fails to begin so many times. */
  private static final class Noted implements LeaseCandidate.Work {
    private final List<String> done = new CopyOnWriteArrayList<>();
    private volatile LeaseTerm term;
    private volatile int failures;

    @Override
    public Future<?> begin(LeaseTerm held) {
      if (failures > 0) {
        failures--;
        return Future.failedFuture("the disk is full");
      }
      term = held;
      done.add("begin");
      return Future.succeededFuture();
    }

    @Override
    public Future<?> end() {
      done.add("end");
      return Future.succeededFuture();
    }
  }

  /** Counts how often somebody asks for the name. */
  private record Counted(Lease lease, AtomicInteger asked) implements Lease {
    @Override
    public Optional<LeaseTerm> tryAcquire(String name) throws IOException {
      asked.incrementAndGet();
      return lease.tryAcquire(name);
    }

    @Override
    public Optional<String> holder(String name) throws IOException {
      return lease.holder(name);
    }

    @Override
    public void close() {
      lease.close();
    }
  }

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private LeaseCandidate candidate(Lease lease, Noted work) {
    return new LeaseCandidate(vertx, lease, "chats", work, OFTEN);
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void theNextOneTakesOverWhenTheHolderStopsAndKnowsWhoItIsUntilThen() {
    Noted one = new Noted();
    Noted two = new Noted();
    LeaseCandidate first = candidate(new FileLease(folder, "node-1"), one);
    LeaseCandidate second = candidate(new FileLease(folder, "node-2"), two);
    get(first.start());
    get(second.start());
    assertThat(one.done).containsExactly("begin");
    assertThat(two.done).isEmpty();
    assertThat(second.holder()).contains("node-1");
    assertThat(second.term()).isEmpty();

    get(first.stop());
    assertThat(one.done).containsExactly("begin", "end");
    Await.until("the next one", () -> two.done.contains("begin"));
    assertThat(two.term.epoch()).isGreaterThan(one.term.epoch());
    get(second.stop());
    assertThat(two.done).containsExactly("begin", "end");
  }

  @Test
  void workThatCannotBeginIsTriedAgainUnlessItIsTheFirstTime() {
    Noted work = new Noted();
    work.failures = 1;
    assertThatThrownBy(() -> get(candidate(new FileLease(folder), work).start()))
        .hasMessageContaining("the disk is full");

    LeaseTerm other =
        get(vertx.executeBlocking(() -> new FileLease(folder).tryAcquire("chats").orElseThrow()));
    LeaseCandidate again = candidate(new FileLease(folder), work);
    get(again.start());
    work.failures = 2;
    other.close();
    Await.until("a beginning", () -> work.done.contains("begin"));
    assertThat(work.done).containsExactly("end", "end", "end", "begin");
    get(again.stop());
  }

  @Test
  void aHolderThatIsCutOffFromRedisEndsItsWorkAndTakesTheNameAgainLater() {
    try (RedisServer redis = new RedisServer(folder)) {
      Noted work = new Noted();
      AtomicInteger asked = new AtomicInteger();
      LeaseCandidate candidate =
          candidate(
              new Counted(
                  new RedisLease(vertx, redis.url(), "test", "node-1", Duration.ofSeconds(3)),
                  asked),
              work);
      get(candidate.start());
      Await.until("the first beginning", () -> work.done.contains("begin"));
      long before = work.term.epoch();
      redis.kill();
      Await.until("the end", () -> work.done.equals(List.of("begin", "end")));
      assertThat(candidate.term()).isEmpty();
      int looks = asked.get();
      Await.until("a look that finds no Redis", () -> asked.get() >= looks + 2);
      redis.start();
      Await.until("the beginning", () -> work.done.equals(List.of("begin", "end", "begin")));
      assertThat(work.term.epoch()).isGreaterThan(before);
      get(candidate.stop());
    }
  }
}

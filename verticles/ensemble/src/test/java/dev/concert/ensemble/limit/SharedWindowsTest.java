package dev.concert.ensemble.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Some nodes with a real Redis, on a clock that the property plays: whoever comes, leaves or dies,
 * and whatever becomes of Redis, no sixty seconds have more than the limit.
 *
 * <p>A longer campaign: {@code -Dconcert.limits.tries=500}.
 */
class SharedWindowsTest {
  private static final long WINDOW = 60_000;
  private static final int TRIES = Integer.getInteger("concert.limits.tries", 6);
  private static final int STEPS = 250;
  private static final int MOST_NODES = 4;

  @Property(tries = 1, shrinking = ShrinkingMode.OFF)
  void noSixtySecondsHaveMoreThanTheLimitOverAllNodes(@ForAll long seed) throws IOException {
    for (int one = 0; one < TRIES; one++) {
      try (Story story = new Story(seed + one)) {
        story.play();
      }
    }
  }

  /** When it was granted, and what it used. */
  private record Call(long at, long tokens) {}

  /** What held until then, so that calls by it may have been made. */
  private record Change(long at, RateLimit before) {}

  /** One sequence of events; the same seed has the same ones. */
  private static final class Story implements AutoCloseable {
    private final long seed;
    private final Random random;
    private final Path folder = Files.createTempDirectory("limits");
    private final RedisServer redis = new RedisServer(folder);
    private final AtomicLong clock = new AtomicLong(1_700_000_000_123L);
    private final List<LimitNode> nodes = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();
    private final Set<LimitNode> busy = new HashSet<>();
    private final List<String> reported = new ArrayList<>();
    private RateLimit limit;
    private int keys;
    private boolean away;

    Story(long seed) throws IOException {
      this.seed = seed;
      this.random = new Random(seed);
      this.limit = someLimit();
    }

    void play() {
      join();
      join();
      for (int step = 0; step < STEPS; step++) {
        pass(random.nextInt(20) == 0 ? random.nextLong(75_000) : random.nextLong(3_000));
        happen();
        Collections.shuffle(nodes, random);
        nodes.forEach(this::ask);
      }
      calm();
    }

    private RateLimit someLimit() {
      return new RateLimit(10 + random.nextInt(100), 100 + random.nextInt(1_500));
    }

    private void happen() {
      switch (random.nextInt(30)) {
        case 0, 1 -> join();
        case 2 -> leave();
        case 3 -> kill();
        case 4 -> change();
        case 5, 6 -> redisGoesOrComes();
        case 7 -> remember();
        case 8, 9, 10, 11 -> redisComes();
        case 12 -> anotherKey();
        default -> {}
      }
    }

    /** Nobody who comes while Redis is away can know of the others. */
    private void join() {
      if (!away && nodes.size() < MOST_NODES) {
        reported.add(clock + " join");
        LimitNode node = LimitNode.still(redis.url(), clock::get);
        nodes.add(node);
        for (int tries = 0; tries < 10 && node.ring().number() == 0; tries++) {
          pass(400);
        }
        assertThat(node.ring().number()).isPositive();
      }
    }

    private void leave() {
      if (nodes.size() > 1) {
        reported.add(clock + " leave");
        nodes.remove(random.nextInt(nodes.size())).close();
      }
    }

    private void kill() {
      if (nodes.size() > 1) {
        reported.add(clock + " kill");
        nodes.remove(random.nextInt(nodes.size())).die();
      }
    }

    private void change() {
      changes.add(new Change(clock.get(), limit));
      limit = someLimit();
      reported.add(clock + " limit " + limit);
    }

    private void remember() {
      if (!away) {
        reported.add(clock + " remember");
        redis.remember();
      }
    }

    private void redisGoesOrComes() {
      if (!away) {
        redis.kill();
      } else if (random.nextBoolean()) {
        redis.start();
      } else {
        redis.startAsItWas();
      }
      away = !away;
      reported.add(clock + (away ? " redis goes" : " redis comes"));
    }

    /** Of which nobody has reported anything. */
    private void anotherKey() {
      reported.add(clock + " another key");
      calls.clear();
      keys++;
    }

    private void redisComes() {
      if (away) {
        redisGoesOrComes();
      }
    }

    /** Nodes say that they are there at least every four seconds. */
    private void pass(long millis) {
      long until = clock.get() + millis;
      while (clock.get() < until) {
        clock.set(Math.min(until, clock.get() + 1_000 + random.nextLong(3_000)));
        nodes.forEach(LimitNode::second);
      }
    }

    /** Some nodes have far more to do than others, and not for ever. */
    private void ask(LimitNode node) {
      if (random.nextInt(15) == 0) {
        busy.remove(node);
      } else if (random.nextInt(15) == 0) {
        busy.add(node);
      }
      long asked = busy.contains(node) ? limit.requests() : random.nextInt(3);
      for (long call = 0; call < asked; call++) {
        long estimate = random.nextLong(20);
        if (node.key("k" + keys).reserve(limit, estimate) instanceof RateDecision.Granted granted) {
          long used = random.nextLong(estimate + 1);
          granted.reservation().settle(used);
          count(used);
        }
      }
    }

    private void count(long used) {
      calls.add(new Call(clock.get(), used));
      Quota inWindow = Quota.NONE;
      for (Call call : calls.reversed()) {
        if (clock.get() - call.at >= WINDOW) {
          break;
        }
        inWindow = inWindow.plus(new Quota(1, call.tokens));
      }
      Quota most = limit.amount();
      for (Change change : changes) {
        most = clock.get() - change.at < WINDOW ? most.orMore(change.before.amount()) : most;
      }
      assertThat(inWindow.fits(most))
          .as("%s in sixty seconds of %s, seed %d, %s", inWindow, most, seed, reported)
          .isTrue();
    }

    /**
     * When nothing happens any more, who asks all the time gets all but what a bucket holds back.
     */
    private void calm() {
      redisComes();
      pass(400_000);
      long begin = clock.get();
      int first = calls.size();
      for (int step = 0; step < 240; step++) {
        pass(500);
        for (int call = 0; call < limit.requests(); call++) {
          if (nodes.getFirst().key("k" + keys).reserve(limit, 0) instanceof RateDecision.Granted) {
            count(0);
          }
        }
      }
      long expected = limit.requests() * (clock.get() - begin) / WINDOW * 90 / 100;
      assertThat(calls.size() - first)
          .as("calls got, seed %d, %s", seed, reported)
          .isGreaterThan((int) expected);
    }

    @Override
    public void close() throws IOException {
      nodes.forEach(LimitNode::die);
      redis.close();
      try (Stream<Path> files = Files.list(folder)) {
        files.forEach(file -> file.toFile().delete());
      }
      Files.delete(folder);
    }
  }
}

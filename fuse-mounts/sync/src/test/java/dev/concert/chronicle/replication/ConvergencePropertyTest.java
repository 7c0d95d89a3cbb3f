package dev.concert.chronicle.replication;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.ShrinkingMode;

/**
 * Random edits on three sides, with connections that are cut, replicas that are restarted or killed
 * between any two steps, masters that are killed, also in the middle of a write, and failing disks.
 * A longer campaign: {@code -Dconcert.replication.tries=500}.
 */
class ConvergencePropertyTest {
  @Provide
  Arbitrary<RandomLife> lives() {
    return RandomLife.any();
  }

  @Property(tries = 30, shrinking = ShrinkingMode.BOUNDED)
  void whatever_happens_all_sides_become_equal_and_nothing_is_lost(@ForAll("lives") RandomLife life)
      throws Exception {
    live(life, new Campaign());
  }

  @Property(tries = 1)
  void a_longer_campaign_where_it_is_asked_for() throws Exception {
    int tries = Integer.getInteger("concert.replication.tries", 0);
    Campaign campaign = new Campaign();
    long begin = System.nanoTime();
    RandomGenerator<RandomLife> lives = lives().generator(1000, true);
    Random random = new Random(Long.getLong("concert.replication.seed", begin));
    for (int i = 0; i < tries; i++) {
      RandomLife life = lives.next(random).value();
      try {
        live(life, campaign);
      } catch (AssertionError failure) {
        throw new AssertionError("Life %d: %s".formatted(i, life), failure);
      }
    }
    if (tries > 0) {
      System.out.printf(
          "CONVERGED %d lives in %d s: %s%n",
          tries, (System.nanoTime() - begin) / 1_000_000_000, campaign);
    }
  }

  private static void live(RandomLife life, Campaign campaign) throws Exception {
    Path folder = Files.createTempDirectory("sync");
    try (ConvergingWorld world = new ConvergingWorld(folder, campaign)) {
      life.phases().forEach(world::live);
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
  }
}

package dev.concert.foundation.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.concert.testing.Await;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class GroupCommitTest {
  private final List<List<Integer>> batches = Collections.synchronizedList(new ArrayList<>());

  @Test
  void aSingleItemIsWrittenAtOnceAndThoseThatComeMeanwhileTogether() {
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    try (GroupCommit<Integer> commit =
        new GroupCommit<Integer>(
                "test",
                100,
                batch -> {
                  batches.add(batch);
                  first.countDown();
                  await(release);
                })
            .start()) {
      commit.add(0);
      await(first);
      IntStream.range(1, 6).forEach(commit::add);
      assertThat(commit.waiting()).isEqualTo(5);
      release.countDown();
    }
    assertThat(batches).containsExactly(List.of(0), List.of(1, 2, 3, 4, 5));
  }

  @Property(tries = 50)
  void everyItemIsWrittenOnceInOrderInBatchesOfBoundedSize(
      @ForAll @IntRange(max = 300) int items, @ForAll @IntRange(min = 1, max = 20) int largest) {
    List<Integer> written = Collections.synchronizedList(new ArrayList<>());
    try (GroupCommit<Integer> commit =
        new GroupCommit<Integer>(
                "test",
                largest,
                batch -> {
                  assertThat(batch.size()).isBetween(1, largest);
                  written.addAll(batch);
                })
            .start()) {
      IntStream.range(0, items).forEach(commit::add);
    }
    assertThat(written).isEqualTo(IntStream.range(0, items).boxed().toList());
  }

  @Test
  void aBatchThatFailsDoesNotStopTheNextOne() {
    Logger log = (Logger) LoggerFactory.getLogger(GroupCommit.class);
    log.setLevel(Level.OFF);
    try (GroupCommit<Integer> commit =
        new GroupCommit<Integer>(
                "test",
                1,
                batch -> {
                  if (batch.contains(1)) {
                    throw new IllegalStateException("full");
                  }
                  batches.add(batch);
                })
            .start()) {
      commit.add(1);
      commit.add(2);
      Await.until(() -> !batches.isEmpty());
      assertThat(batches).containsExactly(List.of(2));
    } finally {
      log.setLevel(null);
    }
  }

  @Test
  void aSecondCloseDoesNothing() {
    GroupCommit<Integer> commit = new GroupCommit<Integer>("test", 10, batches::add).start();
    commit.add(1);
    commit.close();
    commit.close();
    assertThat(batches).containsExactly(List.of(1));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

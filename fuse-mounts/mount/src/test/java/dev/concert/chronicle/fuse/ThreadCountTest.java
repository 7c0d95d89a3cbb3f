package dev.concert.chronicle.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Somebody always waits for the next request. */
class ThreadCountTest {
  private static final int MOST = 12;
  private static final int MOST_WAITING = 4;

  private enum Step {
    WAKE,
    REST,
    FAIL
  }

  private final ThreadCount count = new ThreadCount(MOST, MOST_WAITING);

  @Property(tries = 300)
  void oneWaitsAtAnyTimeUnlessAllThereMayBeAreBusy(
      @ForAll @Size(min = 10, max = 200) List<Step> steps) {
    ThreadCount counted = new ThreadCount(MOST, MOST_WAITING);
    counted.add();
    int busy = 0;
    for (Step step : steps) {
      if (step == Step.WAKE && counted.waiting() > 0) {
        busy++;
        if (counted.wake()) {
          counted.add();
        }
      } else if (step == Step.REST && busy > 0) {
        busy--;
        counted.rest();
      } else if (step == Step.FAIL && busy > 0) {
        busy--;
        if (counted.fail()) {
          counted.add();
        }
      }
      assertThat(counted.waiting()).isLessThanOrEqualTo(MOST_WAITING);
      assertThat(counted.all()).isEqualTo(counted.waiting() + busy);
      assertThat(counted.waiting() > 0 || busy == MOST).isTrue();
    }
  }

  @Test
  void whoFailsWhileAllAreBusyIsReplaced() {
    count.add();
    for (int request = 0; request < MOST; request++) {
      if (count.wake()) {
        count.add();
      }
    }
    assertThat(count.waiting()).isZero();

    assertThat(count.fail()).isTrue();
  }

  @Test
  void thoseThatLeaveMakeNoOthersLeave() {
    for (int thread = 0; thread < 9; thread++) {
      count.add();
    }
    for (int request = 0; request < 8; request++) {
      count.wake();
    }
    for (int request = 0; request < 3; request++) {
      assertThat(count.rest()).isTrue();
    }
    for (int request = 0; request < 5; request++) {
      assertThat(count.rest()).isFalse();
    }

    // The five have not gone yet, but the four are all there is.
    for (int request = 0; request < 4; request++) {
      count.wake();
    }

    for (int request = 0; request < 4; request++) {
      assertThat(count.rest()).isTrue();
    }
  }
}

package dev.concert.foundation.deletion;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DeletedIdsTest {
  @Test
  void anIdIsKnownForMinutesAndThenForgotten() {
    AtomicLong nanos = new AtomicLong();
    DeletedIds ids = new DeletedIds(nanos::get);
    for (int i = 0; i < 1000; i++) {
      ids.add("s" + i);
    }

    nanos.set(DeletedIds.KEPT.toNanos() - 1);
    assertThat(ids.contains("s0")).isTrue();
    assertThat(ids.contains("other")).isFalse();
    ids.add("s1");
    nanos.incrementAndGet();

    assertThat(ids.contains("s0")).isFalse();
    assertThat(ids.contains("s1")).isTrue();
    assertThat(ids.size()).isEqualTo(1);
  }
}

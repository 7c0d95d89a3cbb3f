package dev.concert.chronicle.replication.master;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FetchGrantsTest {
  private final FetchGrants grants = new FetchGrants();

  @Test
  void only_what_was_offered_may_be_fetched() {
    grants.offer(1, "a", 10);
    assertThat(grants.size("a")).hasValue(10L);
    assertThat(grants.size("b")).isEmpty();
  }

  @Test
  void a_grant_ends_when_everything_that_was_offered_is_acknowledged() {
    grants.offer(1, "a", 10);
    grants.offer(2, "b", 20);
    grants.acknowledged(1);
    assertThat(grants.size("a")).hasValue(10L);
    grants.acknowledged(2);
    assertThat(grants.size("a")).isEmpty();
    assertThat(grants.size("b")).isEmpty();
  }

  @Test
  void what_is_offered_again_may_be_fetched_again() {
    grants.offer(1, "a", 10);
    grants.acknowledged(1);
    grants.offer(2, "a", 10);
    assertThat(grants.size("a")).hasValue(10L);
  }
}

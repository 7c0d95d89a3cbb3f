package dev.concert.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MessageRateTest {

  @Test
  void sixtyMessagesPassAndTheNextIsToldWhenToComeBack() {
    MessageRate rate = new MessageRate();
    for (int i = 0; i < 60; i++) {
      assertThat(rate.admit(1000 + i)).isZero();
    }
    assertThat(rate.admit(1100)).isEqualTo(9900);
    assertThat(rate.admit(10_999)).isEqualTo(1);
    assertThat(rate.admit(11_000)).isZero();
  }

  @Property(tries = 200)
  void noWindowEverHoldsMoreThanSixty(
      @ForAll @Size(min = 100, max = 400) List<@IntRange(max = 400) Integer> gaps) {
    MessageRate rate = new MessageRate();
    List<Long> admitted = new ArrayList<>();
    long now = 1_000_000;
    for (int gap : gaps) {
      now += gap;
      if (rate.admit(now) == 0) {
        admitted.add(now);
      }
    }
    for (int i = 60; i < admitted.size(); i++) {
      assertThat(admitted.get(i) - admitted.get(i - 60)).isGreaterThanOrEqualTo(10_000);
    }
  }
}

package dev.concert.chronicle.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.chronicle.posix.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;

class BusyPollTest {
  private static final long MICROSECOND = 1_000;
  private static final int A_REQUEST = 48;
  private static final IntSupplier NOTHING_COMES = () -> -Errno.EAGAIN;

  private final List<String> told = new ArrayList<>();
  private final BusyPoll.Others others =
      new BusyPoll.Others() {
        @Override
        public void pause() {
          told.add("pause");
        }

        @Override
        public void resume() {
          told.add("resume");
        }
      };
  private long now;
  private final BusyPoll wait = new BusyPoll(() -> now += MICROSECOND);

  @Test
  void the_first_questions_are_not_waited_for() {
    wait.asked(true);
    assertThat(wait.next(others, () -> A_REQUEST)).isEqualTo(-Errno.EAGAIN);
    assertThat(told).isEmpty();
  }

  @Test
  void after_quick_questions_the_next_one_is_waited_for_and_nobody_else_is_woken_by_it() {
    quickQuestions();
    assertThat(wait.next(others, () -> now % 5_000 == 0 ? A_REQUEST : -Errno.EAGAIN))
        .isEqualTo(A_REQUEST);
    assertThat(told).containsExactly("pause");
  }

  @Test
  void where_nothing_comes_in_a_moment_the_others_look_again_and_it_is_not_tried_again_at_once() {
    quickQuestions();
    long begin = now;
    assertThat(wait.next(others, NOTHING_COMES)).isEqualTo(-Errno.EAGAIN);
    assertThat(now - begin).isBetween(40 * MICROSECOND, 50 * MICROSECOND);
    assertThat(told).containsExactly("pause", "resume");

    wait.asked(true);
    assertThat(wait.next(others, () -> A_REQUEST)).isEqualTo(-Errno.EAGAIN);
  }

  @Test
  void after_a_change_the_processor_is_left_to_its_recording() {
    quickQuestions();
    wait.asked(false);
    assertThat(wait.next(others, () -> A_REQUEST)).isEqualTo(-Errno.EAGAIN);
    assertThat(told).isEmpty();
  }

  @Test
  void questions_far_between_are_not_waited_for() {
    for (int number = 0; number < 10; number++) {
      now += 1_000 * MICROSECOND;
      wait.asked(true);
      assertThat(wait.next(others, () -> A_REQUEST)).isEqualTo(-Errno.EAGAIN);
    }
  }

  @Test
  void one_at_a_time_waits() {
    quickQuestions();
    wait.next(
        others,
        () -> {
          assertThat(wait.next(others, () -> A_REQUEST)).isEqualTo(-Errno.EAGAIN);
          return A_REQUEST;
        });
    assertThat(told).containsExactly("pause");
  }

  @Test
  void a_failure_leaves_the_device_to_the_others() {
    quickQuestions();
    assertThatThrownBy(
            () ->
                wait.next(
                    others,
                    () -> {
                      throw new IllegalStateException("the device");
                    }))
        .hasMessage("the device");
    assertThat(told).containsExactly("pause", "resume");
  }

  private void quickQuestions() {
    for (int number = 0; number < 4; number++) {
      wait.asked(true);
    }
  }
}

package dev.concert.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class FailureLogTest {
  @Test
  void aReasonIsWhatAFailureSaysOfItself() {
    assertThat(FailureLog.reason(new CancellationException("The call was cancelled.")))
        .isEqualTo("The call was cancelled.");
  }

  @Test
  void aFailureThatSaysNothingIsNamedByItsClass() {
    assertThat(FailureLog.reason(new RejectedExecutionException()))
        .isEqualTo("RejectedExecutionException");
    assertThat(FailureLog.reason(new CancellationException(" ")))
        .isEqualTo("CancellationException");
  }
}

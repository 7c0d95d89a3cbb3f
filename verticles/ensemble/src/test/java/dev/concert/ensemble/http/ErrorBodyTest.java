package dev.concert.ensemble.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What clients receive of an error. */
class ErrorBodyTest {
  @ParameterizedTest
  @EnumSource
  void everyErrorSaysWhatToDoNext(ErrorCode code) {
    ErrorBody body = ErrorBody.of(new Problem(code, "A sentence."));

    assertThat(body.code()).isEqualTo(code);
    assertThat(body.message()).isEqualTo("A sentence.");
    assertThat(body.advice()).isNotBlank();
    assertThat(body.retryAfterMs()).isNull();
  }

  @Test
  void aKnownTimeToWaitIsSent() {
    ErrorBody body = ErrorBody.of(new Problem(ErrorCode.RATE_LIMITED, "Too fast.", 1_500));

    assertThat(body.retryAfterMs()).isEqualTo(1_500);
    assertThat(body.retryable()).isTrue();
  }

  @Test
  void onlyErrorsThatMayPassAreRetryable() {
    assertThat(ErrorBody.of(new Problem(ErrorCode.TIMEOUT, "Late.")).retryable()).isTrue();
    assertThat(ErrorBody.of(new Problem(ErrorCode.PROVIDER_OVERLOADED, "Busy.")).retryable())
        .isTrue();
    assertThat(ErrorBody.of(new Problem(ErrorCode.INVALID_MESSAGE, "Wrong.")).retryable())
        .isFalse();
    assertThat(ErrorBody.of(new Problem(ErrorCode.BUDGET_EXCEEDED, "Spent.")).retryable())
        .isFalse();
  }
}

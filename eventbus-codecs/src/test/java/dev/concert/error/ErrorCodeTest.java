package dev.concert.error;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorCodeTest {

  @ParameterizedTest
  @EnumSource
  void aCodeComesBackFromTheBusAsItself(ErrorCode code) {
    assertThat(ErrorCode.ofNumber(code.number())).contains(code);
    assertThat(ErrorCode.ofName(code.name())).contains(code);
  }
}

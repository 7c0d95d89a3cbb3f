package dev.concert.chronicle.localsync.folder;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many files may be missing at once. */
class DeletionGuardTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0, false", "0, 100, false", "1, 1, false", "2, 2, true", "1, 2, false",
    "19, 20, false", "20, 20, true", "20, 39, true", "20, 40, false", "5000, 9999, true",
    "5000, 10001, false"
  })
  void mostOfThemOrAllAreTooMany(long missing, long known, boolean refused) {
    assertThat(new DeletionGuard(false).refuses(missing, known)).isEqualTo(refused);
    assertThat(new DeletionGuard(true).refuses(missing, known)).isFalse();
  }
}

package dev.concert.foundation.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0 B",
    "1000, 1000, 1000 B",
    "64 KiB, 65536, 64 KiB",
    "512MiB, 536870912, 512 MiB",
    "2GiB, 2147483648, 2 GiB",
    "1024 GiB, 1099511627776, 1 TiB",
    "1536 MiB, 1610612736, 1536 MiB",
  })
  void isReadAsWrittenAndSaidInTheLargestUnitThatIsExact(String text, long bytes, String said) {
    ByteSize size = ByteSize.parse(text).orElseThrow();
    assertThat(size.bytes()).isEqualTo(bytes);
    assertThat(size).hasToString(said);
    assertThat(ByteSize.parse(said)).contains(size);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "much", "-1", "2GB", "1.5GiB", "2 gib", "9999999999999TiB", "GiB"})
  void whatIsNoSizeIsNotRead(String text) {
    assertThat(ByteSize.parse(text)).isEmpty();
  }
}

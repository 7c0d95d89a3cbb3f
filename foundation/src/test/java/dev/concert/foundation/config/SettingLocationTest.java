package dev.concert.foundation.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingLocationTest {
  private static final String CONTENT =
      """
      # a comment
      ensemble:
        port: 1
        providers:
          - name: a
            models:
              - {id: m}
              - id: n
                price: 3
          - local
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "ensemble, 2",
    "ensemble.port, 3",
    "ensemble.providers[0].name, 5",
    "ensemble.providers[0].models[0].id, 7",
    "ensemble.providers[0].models[1].price, 9",
    "ensemble.providers[1], 10",
    // What is not there is missing in the part around it.
    "ensemble.providers[0].type, 5",
    "ensemble.providers[7].type, 4",
    "ensemble.host, 2",
  })
  void aSettingIsInItsLineOrInThatOfWhatItBelongsTo(String setting, int line) throws Exception {
    Path file = Files.writeString(folder.resolve("c.yaml"), CONTENT);

    assertThat(SettingLocation.line(file, setting)).isEqualTo(OptionalInt.of(line));
  }

  @Test
  void nothingHasNoLine() throws Exception {
    Path file = Files.writeString(folder.resolve("c.yaml"), "");

    assertThat(SettingLocation.line(file, "a.b")).isEmpty();
    assertThat(SettingLocation.line(folder.resolve("none.yaml"), "a")).isEmpty();
  }
}

package dev.concert.platform.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where data is kept when nobody names a folder. */
class DataPlaceTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Linux    |                                     | /home/u/.local/share/concert
          Linux    | XDG_DATA_HOME=/srv/share            | /srv/share/concert
          Linux    | XDG_DATA_HOME=relative              | /home/u/.local/share/concert
          Linux    | DATA_DIR=/srv/a                     | /srv/a
          Linux    | CONCERT_DATA=/srv/b DATA_DIR=/srv/a | /srv/b
          Linux    | CONCERT_DATA=                       | /home/u/.local/share/concert
          Mac OS X |                                     | /home/u/Library/Application Support/Concert
          """)
  void aVariableNamesTheFolderElseTheSystemDoes(String system, String variables, Path expected) {
    Map<String, String> environment =
        Arrays.stream((variables == null ? "" : variables).split(" "))
            .filter(one -> !one.isEmpty())
            .map(one -> one.split("=", 2))
            .collect(Collectors.toMap(one -> one[0], one -> one[1]));

    assertThat(DataPlace.usual(environment, Path.of("/home/u"), system)).isEqualTo(expected);
  }
}

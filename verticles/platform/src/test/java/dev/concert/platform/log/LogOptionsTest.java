package dev.concert.platform.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.foundation.config.ConfigException;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Section {@code logging}, and the variables that override it. */
class LogOptionsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                    |         |         | TEXT |
          {"mode":"development"}                                |         |         | TEXT |
          {"mode":"production"}                                 |         |         | JSON |
          {"mode":"production","logging":{"format":"text"}}     |         |         | TEXT |
          {"logging":{"format":"json"}}                         |         |         | JSON |
          {"logging":{"level":"info"}}                          |         |         | TEXT | INFO
          {"logging":{"level":"info"}}                          | debug   |         | TEXT | DEBUG
          {"logging":{"level":"info"}}                          | ' '     |         | TEXT | INFO
          {"logging":{"level":"info"}}                          | debug   | error   | TEXT | ERROR
          {}                                                    | WARNING |         | TEXT | WARNING
          {}                                                    | fatal   |         | TEXT | FATAL
          {}                                                    |         | trace   | TEXT | TRACE
          """)
  void theEnvironmentOverridesTheFileAndTheModeDecidesTheRest(
      String config, String published, String own, LogFormat format, LogLevel level) {
    LogOptions options = LogOptions.from(new JsonObject(config), environment(published, own));

    assertThat(options.format()).isEqualTo(format);
    assertThat(options.level().orElse(null)).isEqualTo(level);
  }

  private static Map<String, String> environment(String published, String own) {
    Map<String, String> environment = new HashMap<>();
    environment.put("LOG_LEVEL", published);
    environment.put("CONCERT_LOG_LEVEL", own);
    environment.values().removeIf(value -> value == null);
    return environment;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"logging":{"format":"xml"}}   |       | logging.format must be one of: text, json
          {"logging":{"level":"loud"}}   |       | logging.level must be one of: trace
          {"logging":{"colour":"red"}}   |       | logging.colour is not known
          {}                             | loud  | LOG_LEVEL must be one of: trace
          """)
  void whatIsWrongIsNamed(String config, String published, String sentence) {
    assertThatThrownBy(() -> LogOptions.from(new JsonObject(config), environment(published, null)))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(sentence)
        .hasMessageNotContaining("loud");
  }
}

package dev.concert.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.coordinator.sandbox.SandboxMode;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoordinatorOptionsTest {

  @Test
  void anEmptyConfigurationGivesTheDocumentedDefaults() {
    CoordinatorOptions options = CoordinatorOptions.from(new JsonObject());
    assertThat(options)
        .isEqualTo(new CoordinatorOptions(Path.of("data/instances"), Path.of("agents")));
    assertThat(options.limits()).isEqualTo(new CoordinatorLimits(8, 512, 4096, 8L << 20));
    assertThat(options.patience().ready()).isEqualTo(Duration.ofSeconds(10));
    assertThat(options.patience().interrupt()).isEqualTo(Duration.ofSeconds(5));
    assertThat(options.patience().shutdown()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void everySettingIsRead() {
    CoordinatorOptions options =
        CoordinatorOptions.from(
            new JsonObject(
                """
                {"coordinator": {"instances": "/i", "agents": "/a", "sandbox": "process",
                 "maxTokens": 1, "maxStartsAtOnce": 1, "maxProcesses": 2, "maxUnacknowledgedEvents": 3,
                 "maxUnacknowledgedBytes": 4, "readyTimeoutMs": 5, "interruptTimeoutMs": 6,
                 "shutdownTimeoutMs": 7, "queueTimeoutMs": 8, "serviceTimeoutMs": 9}}
                """));
    assertThat(options)
        .isEqualTo(
            new CoordinatorOptions(
                Path.of("/i"),
                Path.of("/a"),
                SandboxMode.PROCESS,
                1,
                new CoordinatorLimits(1, 2, 3, 4),
                new CoordinatorPatience(
                    Duration.ofMillis(5),
                    Duration.ofMillis(6),
                    Duration.ofMillis(7),
                    Duration.ofMillis(8),
                    Duration.ofMillis(9))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"coordinator\": 7} | coordinator must be a map",
        "{\"coordinator\": {\"sandbox\": \"docker\"}} | must be one of: auto, bubblewrap, process",
        "{\"coordinator\": {\"instances\": \"\"}} | coordinator.instances is ''",
        "{\"coordinator\": {\"maxProcesses\": 0}} | coordinator.maxProcesses is '0'",
        "{\"coordinator\": {\"readyTimeoutMs\": \"soon\"}} | coordinator.readyTimeoutMs is 'soon'",
      })
  void whatIsWrongIsNamed(String configuration, String sentence) {
    assertThatThrownBy(() -> CoordinatorOptions.from(new JsonObject(configuration)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(sentence);
  }
}

package dev.concert.coordinator.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concert.coordinator.config.ResourceLimits;
import dev.concert.foundation.config.ByteSize;
import dev.concert.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestLimitsTest {
  @Test
  void whatAManifestDoesNotLimitIsLimitedByTheConfiguration() throws JsonProcessingException {
    ResourceLimits limits =
        manifest("{\"memory\": \"64MiB\", \"cpus\": 0.5}").limits(ResourceLimits.DEFAULT);
    assertThat(limits.memory()).isEqualTo(ByteSize.mib(64));
    assertThat(limits.cpus()).isEqualTo(0.5);
    assertThat(limits.processes()).isEqualTo(ResourceLimits.DEFAULT.processes());
    assertThat(limits.workspace()).isEqualTo(ResourceLimits.DEFAULT.workspace());
    assertThat(manifest("null").limits(limits)).isEqualTo(limits);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"memmory\": \"64MiB\"} | resources.memmory is not known; the known keys are: cpus",
        "{\"memory\": \"plenty\"} | resources.memory must be a size from 16 MiB",
        "{\"processes\": 0} | resources.processes must be a whole number from 1 to 1000000, not 0",
      })
  void aMistakeInItIsNamedWhenItIsRead(String resources, String sentence) {
    assertThatThrownBy(() -> manifest(resources)).hasMessageContaining(sentence);
  }

  private static AgentManifest manifest(String resources) throws JsonProcessingException {
    return Json.MAPPER.readValue(
        "{\"type\": \"t\", \"version\": \"1\", \"runtime\": \"python\", \"entry\": \"m.py\","
            + " \"resources\": "
            + resources
            + "}",
        AgentManifest.class);
  }
}

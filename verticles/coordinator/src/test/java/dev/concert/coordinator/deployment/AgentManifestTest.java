package dev.concert.coordinator.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concert.coordinator.egress.policy.EgressPolicy;
import dev.concert.json.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code agent.json} may say about the network. */
class AgentManifestTest {

  private static AgentManifest read(String egress) throws JsonProcessingException {
    return Json.MAPPER.readValue(
        "{\"type\": \"t\", \"version\": \"1\", \"runtime\": \"python\", \"entry\": \"main.py\"%s}"
            .formatted(egress),
        AgentManifest.class);
  }

  @Test
  void aManifestThatSaysNothingLeavesThePolicyToTheOperator() throws Exception {
    assertThat(read("").egressPolicy()).isEmpty();
  }

  @Test
  void aManifestMayNarrowThePolicy() throws Exception {
    assertThat(read(", \"egress\": {\"policy\": \"none\"}").egressPolicy())
        .contains(
            EgressPolicy.of(EgressPolicy.Mode.NONE, List.of(), "agent.json of agent type 't'"));
    assertThat(
            read(", \"egress\": {\"policy\": \"allow-list\", \"allow\": [\"pypi.org\"]}")
                .egressPolicy())
        .contains(
            EgressPolicy.of(
                EgressPolicy.Mode.ALLOW_LIST, List.of("pypi.org"), "agent.json of agent type 't'"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"policy\": \"closed\"} | \"egress.policy\" must be",
        "{} | \"egress.policy\" must be",
        "{\"policy\": \"open\", \"allow\": [\"http://a\"]} | 'http://a' is no destination"
      })
  void whatIsWrongIsNamed(String egress, String sentence) {
    assertThatThrownBy(() -> read(", \"egress\": " + egress))
        .isInstanceOf(JsonProcessingException.class)
        .hasMessageContaining(sentence);
  }
}

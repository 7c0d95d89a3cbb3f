package dev.concert.coordinator.egress.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How an allow-list is written, and what it means. */
class EgressPolicyTest {

  @ParameterizedTest
  @CsvSource({
    "registry.npmjs.org, 443, true",
    "REGISTRY.npmjs.org., 80, true",
    "evil-registry.npmjs.org, 443, false",
    "files.pypi.org, 443, true",
    "pypi.org, 443, false",
    "pypi.org.evil.example, 443, false",
    "evilpypi.org, 443, false",
    "github.com, 443, true",
    "github.com, 22, false"
  })
  void anAllowListMatchesWholeNamesDomainsAndPorts(String host, int port, boolean allowed) {
    EgressPolicy policy = SomePolicy.allowing("registry.npmjs.org", "*.pypi.org", "github.com:443");
    Destination wanted = Destination.parse(host + ":" + port).orElseThrow();

    assertThat(policy.refusal(wanted).isEmpty()).isEqualTo(allowed);
  }

  @Test
  void aRefusalTellsTheAgentWhyAndWhatAnOperatorCanDo() {
    EgressPolicy none =
        EgressPolicy.of(EgressPolicy.Mode.NONE, List.of(), "coordinator.egress.tenants.acme");
    Destination wanted = new Destination("example.com", 443);

    assertThat(SomePolicy.allowing().refusal(wanted))
        .contains(
            "The egress policy does not allow example.com:443. The operator can add it to the"
                + " allow-list in coordinator.egress.");
    assertThat(none.refusal(wanted))
        .contains(
            "The egress policy allows this agent no network. The operator can change it in"
                + " coordinator.egress.tenants.acme.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "*.",
        "*.[::1]",
        "http://a",
        "a:0",
        "a:65536",
        "a b",
        "a/8",
        "[::1",
        "a\nb"
      })
  void anEntryThatIsNoDestinationIsRefusedByName(String entry) {
    assertThatThrownBy(() -> AllowedDestination.parse(entry))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + entry + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", "a:", ":1", ".:1", "a:b", "a:1:2", "::1:1", "a:70000", "a:-1", "a b:1"})
  void aDestinationNeedsAHostAndAPort(String text) {
    assertThat(Destination.parse(text)).isEmpty();
  }
}

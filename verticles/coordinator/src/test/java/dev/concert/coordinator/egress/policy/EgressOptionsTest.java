package dev.concert.coordinator.egress.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.ConfigReader;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The section {@code coordinator.egress}. */
class EgressOptionsTest {

  private static EgressOptions read(String json) {
    ConfigReader coordinator =
        ConfigReader.of(new JsonObject().put("coordinator", new JsonObject(json)), "coordinator");
    EgressOptions options = EgressOptions.from(coordinator, EgressPolicy.Mode.ALLOW_LIST);
    coordinator.refuseUnknown();
    return options;
  }

  @Test
  void withoutASectionTheFallbackHolds() {
    EgressOptions options = read("{}");

    assertThat(options.policy().mode()).isEqualTo(EgressPolicy.Mode.ALLOW_LIST);
    assertThat(options.limits()).isEqualTo(EgressLimits.DEFAULT);
  }

  @Test
  void everySettingIsReadAndATenantAddsToTheGeneralList() {
    EgressOptions options =
        read(
            """
            {"egress": {"policy": "open", "allow": ["pypi.org"], "maxConnections": 1,
              "connectTimeoutMs": 2, "idleTimeoutMs": 3,
              "tenants": {"acme": {"policy": "allow-list", "allow": ["npm.acme.example:443"]},
                          "quiet": {"policy": "none"}, "usual": {}}}}
            """);

    assertThat(options.of("other"))
        .isEqualTo(
            EgressPolicy.of(EgressPolicy.Mode.OPEN, List.of("pypi.org"), "coordinator.egress"));
    assertThat(options.of("acme"))
        .isEqualTo(
            EgressPolicy.of(
                EgressPolicy.Mode.ALLOW_LIST,
                List.of("pypi.org", "npm.acme.example:443"),
                "coordinator.egress.tenants.acme"));
    assertThat(options.of("quiet").mode()).isEqualTo(EgressPolicy.Mode.NONE);
    assertThat(options.of("usual").mode()).isEqualTo(EgressPolicy.Mode.OPEN);
    assertThat(options.limits())
        .isEqualTo(
            new EgressLimits(
                1, EgressLimits.DEFAULT.lookups(), Duration.ofMillis(2), Duration.ofMillis(3)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"egress\": 7} | coordinator.egress must be a mapping",
        "{\"egress\": {\"policy\": \"closed\"}} | coordinator.egress.policy must be one of: open,"
            + " allow-list, none",
        "{\"egress\": {\"allow\": [\"a\", \"http://b\"]}} | coordinator.egress.allow[1] must be a"
            + " host, '*.domain', 'host:port' or '[IPv6]:port'",
        "{\"egress\": {\"maxConnections\": 0}} | coordinator.egress.maxConnections must be a whole",
        "{\"egress\": {\"alow\": []}} | coordinator.egress.alow is not known",
        "{\"egress\": {\"tenants\": {\"acme\": {\"deny\": []}}}} |"
            + " coordinator.egress.tenants.acme.deny is not known",
      })
  void whatIsWrongIsNamed(String json, String sentence) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(sentence);
  }
}

package dev.concert.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.ConfigReader;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessOptionsTest {

  private static AccessOptions read(JsonObject gateway) {
    return AccessOptions.from(
        ConfigReader.of(new JsonObject().put("gateway", gateway), "gateway"), Map.of());
  }

  private static AccessOptions with(boolean insecure, String... origins) {
    return read(
        new JsonObject().put("insecure", insecure).put("origins", new JsonArray(List.of(origins))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost", "::1", "127.0.0.2"})
  void theLoopbackAddressNeedsNothing(String host) {
    assertThatCode(() -> AccessOptions.DEFAULT.verify(host, false)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
  void anyOtherAddressIsRefusedUnlessItIsAskedForAndTheOriginsAreNamed(String host) {
    assertThatThrownBy(() -> with(false, "http://box.lan:8080").verify(host, false))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(host)
        .hasMessageContaining("--insecure");
    assertThatThrownBy(() -> with(true).verify(host, false))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("gateway.origins");
    assertThatCode(() -> with(true, "http://box.lan:8080").verify(host, false))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "concert.example",
        "ftp://concert.example",
        "https://concert.example/page",
        "https://user@concert.example",
        "https://*.concert.example",
        "*"
      })
  void whatIsNoOriginIsNamed(String origin) {
    assertThatThrownBy(() -> with(true, "http://box.lan:8080", origin))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("gateway.origins[1] must be an origin");
  }

  @Test
  void limitsHaveDefaults() {
    assertThat(read(new JsonObject())).isEqualTo(AccessOptions.DEFAULT);
    assertThatThrownBy(() -> read(new JsonObject().put("maxConnections", 0)))
        .hasMessageContaining("gateway.maxConnections");
  }
}

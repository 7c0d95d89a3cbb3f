package dev.concert.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.DeploymentMode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What keeps a server from starting in production, and what it says then. */
class ProductionRulesTest {

  /** A configuration that starts. */
  private static JsonObject good() {
    return new JsonObject()
        .put("mode", "production")
        .put(
            "gateway",
            new JsonObject()
                .put("origins", JsonArray.of("https://concert.example"))
                .put(
                    "auth",
                    new JsonObject()
                        .put("issuer", "https://issuer.example")
                        .put("audience", "https://concert.example")));
  }

  private static Services read(String host, JsonObject config, Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(Map.of("ANTHROPIC_API_KEY", "sk-test"));
    environment.putAll(more);
    return Services.read(
        new PlatformOptions(
            host, 0, Path.of("/data"), Path.of(System.getProperty("concert.home")), config),
        environment);
  }

  private static JsonObject gateway(JsonObject config) {
    return config.getJsonObject("gateway");
  }

  private static JsonObject auth(JsonObject config) {
    return gateway(config).getJsonObject("auth");
  }

  enum Broken {
    NO_ISSUER(config -> auth(config).remove("issuer"), "gateway.auth.issuer or AUTH_URL"),
    INSECURE(config -> gateway(config).put("insecure", true), "--insecure is set: remove it"),
    NO_AUDIENCE(config -> auth(config).remove("audience"), "gateway.auth.audience"),
    ISSUER_IN_THE_CLEAR(
        config -> auth(config).put("issuer", "http://192.0.2.7"), "must be https URLs"),
    KEYS_IN_THE_CLEAR(
        config -> auth(config).put("jwksUrl", "http://192.0.2.7/keys"), "must be https URLs"),
    ORIGIN_IN_THE_CLEAR(
        config -> gateway(config).put("origins", JsonArray.of("http://192.0.2.7:8080")),
        "gateway.origins must be https origins"),
    OWNERS_PAY_THEMSELVES(
        config -> gateway(config).put("billing", new JsonObject().put("everyTenant", true)),
        "set gateway.billing.ownersTopUp to false"),
    OWNERS_SWITCH_BILLING_OFF(
        config -> gateway(config).put("billing", new JsonObject().put("ownersTopUp", false)),
        "set gateway.billing.everyTenant to true"),
    NO_TLS(_ -> {}, "gateway.tls.certificate and gateway.tls.key");

    private final Consumer<JsonObject> change;
    private final String told;

    Broken(Consumer<JsonObject> change, String told) {
      this.change = change;
      this.told = told;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRuleThatIsBrokenIsOneSentenceThatSaysWhatToDo(Broken broken) {
    JsonObject config = good();
    broken.change.accept(config);

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> read("0.0.0.0", config, Map.of()))
        .withMessageStartingWith("mode is 'production', but ")
        .withMessageContaining(broken.told)
        .withMessageEndingWith(".");
  }

  @Test
  void theDemoModelAloneDoesNotStart() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> read("127.0.0.1", good(), Map.of("ANTHROPIC_API_KEY", "")))
        .withMessageContaining("only the built-in demo model would answer");
  }

  @Test
  void whatIsCompleteStarts() {
    Services services = read("127.0.0.1", good(), Map.of());

    assertThat(services.gateway().access().mode()).isEqualTo(DeploymentMode.PRODUCTION);
    JsonObject behindProxy = good();
    gateway(behindProxy).put("trustedProxies", JsonArray.of("10.0.0.0/8"));
    assertThat(read("0.0.0.0", behindProxy, Map.of()).gateway().host()).isEqualTo("0.0.0.0");
  }

  @Test
  void theEnvironmentNamesTheIssuerAndThePage() {
    JsonObject config = good();
    auth(config).remove("issuer");
    Services services =
        read(
            "127.0.0.1",
            config,
            Map.of(
                "AUTH_URL", "https://other.example/",
                "AUTH_CLIENT_ID", "page",
                "AUTH_CLIENT_SECRET", "hidden"));

    var auth = services.gateway().auth().orElseThrow();
    assertThat(auth.issuer()).hasToString("https://other.example/");
    assertThat(auth.clientId()).contains("page");
    assertThat(auth.clientSecret()).contains("hidden");
    assertThat(services.toString()).doesNotContain("hidden");
  }

  @Test
  void developmentStartsWithoutAnyOfThis() {
    assertThat(read("127.0.0.1", new JsonObject(), Map.of()).gateway().auth()).isEmpty();
  }
}

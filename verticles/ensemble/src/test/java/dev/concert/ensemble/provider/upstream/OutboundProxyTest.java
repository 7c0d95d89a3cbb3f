package dev.concert.ensemble.provider.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.testing.PlayedProxy;
import dev.concert.testing.PlayedProxy.Passed;
import dev.concert.testing.log.ExpectedLog;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ensemble in a network that has only a proxy to the outside. */
class OutboundProxyTest {
  private static final String KEY = "sk-vendor-secret-0123456789";
  private static final String ADMIN_KEY = "a".repeat(64);
  private static final String ASKED =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  /** Of a vendor and of a guardrail's service: each reads what is for it. */
  private static final String ANSWER =
      "{\"choices\":[{\"message\":{\"content\":\"through\"},\"finish_reason\":\"stop\"}],"
          + "\"action\":\"NONE\"}";

  private final Vertx vertx = Vertx.vertx();
  private HttpServer outside;
  private PlayedProxy proxy;

  @BeforeEach
  void start() {
    outside =
        RunningEnsemble.await(
            vertx
                .createHttpServer()
                .requestHandler(
                    request ->
                        request
                            .response()
                            .putHeader("content-type", "application/json")
                            .end(ANSWER))
                .listen(0, "127.0.0.1"));
    proxy = PlayedProxy.start(vertx);
  }

  @AfterEach
  void stop() {
    RunningEnsemble.await(vertx.close());
  }

  private String outside(String host) {
    return "http://%s:%d".formatted(host, outside.actualPort());
  }

  private RunningEnsemble ensemble(
      String vendor, JsonObject more, Map<String, String> environment) {
    JsonObject provider =
        new JsonObject()
            .put("name", "far")
            .put("type", "openai-compatible")
            .put("baseUrl", vendor + "/v1")
            .put("apiKeyEnv", "FAR_KEY")
            .put(
                "models",
                new JsonArray().add(new JsonObject().put("id", "m").put("streaming", false)));
    JsonObject section =
        new JsonObject()
            .put("retrySeconds", 0)
            .put("apiKeys", new JsonArray().add(RunningEnsemble.KEY))
            .put("providers", new JsonArray().add(provider))
            .mergeIn(more);
    Map<String, String> variables = new HashMap<>(environment);
    variables.put("FAR_KEY", KEY);
    variables.put("ENSEMBLE_ADMIN_KEY", ADMIN_KEY);
    return new RunningEnsemble(
        EnsembleOptions.from(new JsonObject().put("ensemble", section), variables));
  }

  private static void answers(RunningEnsemble ensemble) {
    String answer = ensemble.client().post("/v1/chat/completions", ASKED).body();
    assertThat(EnsembleClient.json(answer).path("choices").toString()).contains("through");
  }

  @Test
  void aCallGoesThroughTheProxy() {
    String vendor = outside("vendor.example");
    try (RunningEnsemble ensemble = ensemble(vendor, new JsonObject(), proxy.environment(""))) {
      answers(ensemble);

      assertThat(proxy.passed())
          .containsExactly(
              new Passed(
                  "POST " + vendor + "/v1/chat/completions",
                  "Basic dXNlcjpwYXNz",
                  "Bearer " + KEY));
    }
  }

  @Test
  void anEncryptedCallAsksForATunnelAndTellsTheProxyNoKey() {
    String vendor = outside("vendor.example").replace("http:", "https:");
    try (RunningEnsemble ensemble = ensemble(vendor, new JsonObject(), proxy.environment(""))) {
      int status = ensemble.client().post("/v1/chat/completions", ASKED).statusCode();

      assertThat(status).isEqualTo(502);
      assertThat(proxy.passed().getFirst())
          .isEqualTo(
              new Passed(
                  "CONNECT vendor.example:" + outside.actualPort(), "Basic dXNlcjpwYXNz", "null"));
    }
  }

  private static JsonObject guardedBy(String service) {
    JsonObject guardrail =
        new JsonObject()
            .put("name", "policy")
            .put("type", "service")
            .put("on", new JsonArray().add("request"))
            .put("url", service)
            .put("timeoutMs", 60_000);
    return new JsonObject().put("guardrails", new JsonArray().add(guardrail));
  }

  @Test
  void theServiceOfAGuardrailIsAskedThroughTheProxy() {
    String service = outside("guard.example");
    try (RunningEnsemble ensemble =
        ensemble(outside("127.0.0.1"), guardedBy(service), proxy.environment(""))) {
      answers(ensemble);

      assertThat(proxy.lines())
          .containsExactly("POST " + service + "/beta/litellm_basic_guardrail_api");
    }
  }

  @Test
  void aServiceOfTheOwnNetworkIsAskedDirectly() {
    try (RunningEnsemble ensemble =
        ensemble(
            outside("127.0.0.1"), guardedBy(outside("0.0.0.0")), proxy.environment("0.0.0.0"))) {
      answers(ensemble);

      assertThat(proxy.lines()).isEmpty();
    }
  }

  @Test
  @ExpectedLog(
      logger = "dev.concert.ensemble.guardrail.ServiceGuardrail",
      message = "policy cannot be asked, so its texts are stopped: Connection refused")
  void whileTheProxyIsAwayNothingPassesTheService() {
    try (RunningEnsemble ensemble =
        ensemble(
            outside("127.0.0.1"),
            guardedBy(outside("guard.example")),
            PlayedProxy.environmentOfNone())) {
      assertThat(ensemble.client().post("/v1/chat/completions", ASKED).body())
          .contains("The guardrail 'policy' cannot be asked");
    }
  }

  @Test
  void operatorsSignInThroughTheProxy() {
    String issuer = outside("issuer.example");
    JsonObject signIn =
        new JsonObject()
            .put("issuer", issuer)
            .put("clientId", "concert")
            .put("values", new JsonArray(List.of("operators")));
    try (RunningEnsemble ensemble =
        ensemble(
            outside("127.0.0.1"), new JsonObject().put("signIn", signIn), proxy.environment(""))) {
      ensemble.client().get("/admin/sign-in");

      assertThat(proxy.lines())
          .containsExactly("GET " + issuer + "/.well-known/openid-configuration");
    }
  }
}

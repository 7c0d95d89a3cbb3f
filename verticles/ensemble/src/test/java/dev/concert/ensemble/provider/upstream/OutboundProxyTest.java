package dev.concert.ensemble.provider.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.EnsembleOptions;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutboundProxyTest {
  private static final String KEY = "sk-vendor-secret-0123456789";
  private static final String ASKED =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  private static final String ANSWER =
      "{\"choices\":[{\"message\":{\"content\":\"through\"},\"finish_reason\":\"stop\"}]}";

  private final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
  private HttpServer proxy;

  /** Answers itself what comes for a server in clear text, and opens no tunnel. */
  @BeforeEach
  void start() {
    proxy =
        RunningEnsemble.await(
            vertx
                .createHttpServer()
                .requestHandler(
                    request -> {
                      seen.add(
                          "%s %s %s %s"
                              .formatted(
                                  request.method(),
                                  request.uri(),
                                  request.getHeader("proxy-authorization"),
                                  request.getHeader("authorization")));
                      if (request.method().name().equals("CONNECT")) {
                        request.response().setStatusCode(502).end();
                      } else {
                        request
                            .response()
                            .putHeader("content-type", "application/json")
                            .end(ANSWER);
                      }
                    })
                .listen(0, "127.0.0.1"));
  }

  @AfterEach
  void stop() {
    RunningEnsemble.await(vertx.close());
  }

  private RunningEnsemble ensemble(String vendor) {
    String url = "http://user:pass@127.0.0.1:" + proxy.actualPort();
    JsonObject provider =
        new JsonObject()
            .put("name", "far")
            .put("type", "openai-compatible")
            .put("baseUrl", vendor)
            .put("apiKeyEnv", "FAR_KEY")
            .put(
                "models",
                new JsonArray().add(new JsonObject().put("id", "m").put("streaming", false)));
    JsonObject config =
        new JsonObject()
            .put(
                "ensemble",
                new JsonObject()
                    .put("retrySeconds", 0)
                    .put("apiKeys", new JsonArray().add(RunningEnsemble.KEY))
                    .put("providers", new JsonArray().add(provider)));
    return new RunningEnsemble(
        EnsembleOptions.from(
            config, Map.of("FAR_KEY", KEY, "HTTPS_PROXY", url, "HTTP_PROXY", url)));
  }

  @Test
  void aCallGoesThroughTheProxy() throws Exception {
    try (RunningEnsemble ensemble = ensemble("http://vendor.example/v1")) {
      String answer = ensemble.client().post("/v1/chat/completions", ASKED).body();

      assertThat(EnsembleClient.json(answer).path("choices").toString()).contains("through");
      assertThat(seen.take())
          .isEqualTo(
              "POST http://vendor.example/v1/chat/completions Basic dXNlcjpwYXNz Bearer " + KEY);
    }
  }

  @Test
  void anEncryptedCallAsksForATunnelAndTellsTheProxyNoKey() throws Exception {
    try (RunningEnsemble ensemble = ensemble("https://vendor.example/v1")) {
      int status = ensemble.client().post("/v1/chat/completions", ASKED).statusCode();

      assertThat(status).isEqualTo(502);
      assertThat(seen.take()).isEqualTo("CONNECT vendor.example:443 Basic dXNlcjpwYXNz null");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.openai.com/v1, '', true",
    "https://api.openai.com/v1, 'other.com, openai.com', false",
    "https://api.openai.com/v1, .openai.com, false",
    "https://api.openai.com/v1, api.openai.com:443, false",
    "https://API.OpenAI.com/v1, *.openai.COM, false",
    "https://api.openai.com/v1, penai.com, true",
    "https://api.openai.com/v1, *, false",
    "https://127.0.0.1:8000/v1, '', false",
    "http://localhost:8000/v1, '', false",
    "http://vllm.internal/v1, '', false",
    "https://127.0.0.1.example/v1, '', true",
    "https://[::1]:8000/v1, '', false",
    "https://[0:0:0:0:0:0:0:1]:8000/v1, '', false",
    "https://10.1.2.3/v1, 10.0.0.0/8, false",
    "https://10.1.2.3:8443/v1, 'x.example 10.0.0.0/8', false",
    "https://10.1.2.3/v1, 10.0.0.0/8:443, false",
    "https://11.1.2.3/v1, 10.0.0.0/8, true",
    "https://172.31.255.255/v1, 172.16.0.0/12, false",
    "https://172.32.0.0/v1, 172.16.0.0/12, true",
    "https://10.1.2.3/v1, 10.1.2.3/32, false",
    "https://10.1.2.3/v1, 0.0.0.0/0, false",
    "https://10.1.2.3/v1, 10.1.2.3, false",
    "https://10.1.2.3/v1, 10.1.2.3:8443, false",
    "https://10.1.2.3/v1, '.2.3, 2.3', true",
    "https://[fd12::5]/v1, fd00::/8, false",
    "https://[fd12::5]:8443/v1, '[fd00::]/8', false",
    "https://[fe12::5]/v1, fd00::/8, true",
    "https://[fd12::5]/v1, 0.0.0.0/0, true",
    "https://10.1.2.3/v1, ::/0, true",
    "https://[fd12::5]/v1, FD12:0::5, false",
    "https://[fd12::5]/v1, '[fd12::5]:443', false",
    "https://[fd12::5]/v1, fd12::6, true",
    "https://ten.example/v1, '0.0.0.0/0, ::/0', true",
    "https://10.1.2.3/v1, '10.0.0.0/33, 10.0.0.0/-1, 10.0.0.0/x, 10/8/8, /, x/8', true",
  })
  void noProxyNamesThoseThatAreCalledDirectly(String url, String direct, boolean proxied) {
    Map<String, String> environment =
        Map.of("https_proxy", "proxy.example:3128", "NO_PROXY", direct);

    assertThat(OutboundProxies.of(environment).to(URI.create(url)).isPresent()).isEqualTo(proxied);
  }

  @Test
  void theVariablesAreShownWithoutTheirValues() {
    Map<String, String> environment = Map.of("HTTPS_PROXY", "http://u:secret@x", "OTHER", "y");

    assertThat(OutboundProxies.of(environment)).hasToString("OutboundProxies[HTTPS_PROXY]");
  }

  @Test
  void aWrongProxyIsNamedWithoutItsPassword() {
    assertThatThrownBy(
            () ->
                OutboundProxies.of(Map.of("HTTPS_PROXY", "ftp://u:secret@x"))
                    .to(URI.create("https://a.example")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("HTTPS_PROXY must be the URL of a proxy")
        .hasMessageNotContaining("secret");
  }
}

package dev.concert.ensemble.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.testing.vendor.AnthropicWire;
import dev.concert.testing.vendor.ChatWire;
import dev.concert.testing.vendor.FakeAnswer;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Ensemble between Claude Code, whose requests are written by hand, and a server that records what
 * reaches Anthropic. One model is elsewhere.
 */
final class ClaudeCodeCalls implements AutoCloseable {
  static final String BODY =
      """
      {"model":"claude-opus-4-8","max_tokens":9,"stream":false,
       "system":[{"type":"text","text":"x-anthropic-billing-header: cc_version=2.1.197;"},
        {"type":"text","text":"You are Claude Code.","cache_control":{"type":"ephemeral"}}],
       "messages":[{"role":"user","content":[{"type":"text","text":"hi","cache_control":{"type":"ephemeral"}}]}]}
      """;

  record Asked(String path, String query, MultiMap headers, JsonNode body) {}

  private final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
  private final RunningEnsemble ensemble;
  private volatile Consumer<HttpServerResponse> script;

  /**
   * @param ledger where its books are
   */
  ClaudeCodeCalls(Path ledger) {
    HttpServer anthropic = serve(request -> request.body().onSuccess(body -> keep(request, body)));
    HttpServer chat =
        serve(
            request ->
                request
                    .response()
                    .putHeader("content-type", "application/json")
                    .end(new ChatWire("openai-compatible").whole(FakeAnswer.text("Yes."))));
    JsonObject config =
        new JsonObject()
            .put("retrySeconds", 0)
            .put("apiKeys", new JsonArray().add(RunningEnsemble.KEY))
            .put(
                "providers",
                new JsonArray()
                    .add(provider("anthropic", anthropic, "", "claude-opus-4-8"))
                    .add(provider("openai-compatible", chat, "/v1", "claude-elsewhere")));
    ensemble =
        new RunningEnsemble(
            EnsembleOptions.from(
                    new JsonObject().put("ensemble", config),
                    Map.of("THEIRS", "sk-the-vendors-key"))
                .withLedger(ledger));
  }

  private HttpServer serve(Handler<HttpServerRequest> handler) {
    return RunningEnsemble.await(
        vertx.createHttpServer().requestHandler(handler).listen(0, "127.0.0.1"));
  }

  private static JsonObject provider(String type, HttpServer server, String path, String model) {
    return new JsonObject()
        .put("name", type)
        .put("type", type)
        .put("baseUrl", "http://127.0.0.1:" + server.actualPort() + path)
        .put("apiKeyEnv", "THEIRS")
        .put(
            "models",
            new JsonArray()
                .add(
                    new JsonObject()
                        .put("id", model)
                        .put("thinking", true)
                        .put("streaming", !type.equals("openai-compatible"))));
  }

  private void keep(HttpServerRequest request, Buffer body) {
    asked.add(
        new Asked(
            request.path(),
            request.query(),
            request.headers(),
            EnsembleClient.json(body.toString())));
    script.accept(request.response());
  }

  @Override
  public void close() {
    ensemble.close();
    RunningEnsemble.await(vertx.close());
  }

  /** Answers "Yes." from now on; nobody has asked yet. */
  void reset() {
    asked.clear();
    script =
        response -> {
          response.setChunked(true).putHeader("content-type", "text/event-stream");
          new AnthropicWire().events(FakeAnswer.text("Yes.")).forEach(response::write);
          response.end();
        };
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    return ensemble.client("").send(request.build());
  }

  HttpRequest.Builder messages(String body) {
    return ensemble
        .client("")
        .request("/v1/messages?beta=true", body)
        .header("anthropic-version", "2023-06-01");
  }

  static HttpRequest.Builder withKey(HttpRequest.Builder request) {
    return request.header("Authorization", "Bearer " + RunningEnsemble.KEY);
  }

  Asked asked() throws InterruptedException {
    Asked next = asked.poll(3, TimeUnit.MINUTES);
    assertThat(next).as("the vendor was asked").isNotNull();
    return next;
  }

  /** The body with other fields. */
  static String with(String fields) {
    JsonNode body = EnsembleClient.json(BODY);
    ((ObjectNode) body).setAll((ObjectNode) EnsembleClient.json(fields.replace('\'', '"')));
    return body.toString();
  }

  void script(Consumer<HttpServerResponse> next) {
    script = next;
  }

  RunningEnsemble ensemble() {
    return ensemble;
  }

  boolean nobodyAsked() {
    return asked.isEmpty();
  }
}

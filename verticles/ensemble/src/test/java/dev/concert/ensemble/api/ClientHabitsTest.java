package dev.concert.ensemble.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.Zstd;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.AccessControlOptions;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.http.HttpServerConfig;
import dev.concert.ensemble.provider.chat.Upstream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients do beside the APIs' documents: forms, prefixes, pages, compressed bodies. */
class ClientHabitsTest {
  private static final String PAGE = "https://app.example";
  private static final String CHAT = "/v1/chat/completions";

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static Upstream upstream;
  private static RunningEnsemble ensemble;

  private interface Compressor {
    OutputStream open(OutputStream to) throws IOException;
  }

  @BeforeAll
  static void start() {
    upstream = new Upstream();
    ensemble =
        new RunningEnsemble(
            new EnsembleOptions(
                    "127.0.0.1",
                    0,
                    Optional.empty(),
                    List.of(RunningEnsemble.KEY),
                    List.of(upstream.options()),
                    Duration.ZERO)
                .withControl(AccessControlOptions.NONE.withOrigins(List.of(PAGE))));
  }

  @AfterAll
  static void stop() {
    ensemble.close();
    upstream.close();
  }

  @BeforeEach
  void answer() {
    upstream.events(Upstream.data(Upstream.text("Hi"), Upstream.finish("stop"), "[DONE]"));
  }

  private static HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(ensemble.baseUrl() + path))
        .timeout(Duration.ofMinutes(2))
        .header("Authorization", "Bearer " + RunningEnsemble.KEY);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String hello(String text) {
    return "{\"model\":\"real\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted(text);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 1_000, 20_000, 1_000_000})
  void jsonThatCurlCallsAFormIsRead(int length) throws Exception {
    String body = hello("50 % of a+b&c=d; " + "x".repeat(length));

    HttpResponse<String> answer =
        send(
            to(CHAT)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body)));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST | /v1/nope | 404 | | error.type=invalid_request_error",
        "POST | /v1/models | 405 | GET | error.type=invalid_request_error",
        "GET | /v1/chat/completions | 405 | POST | error.type=invalid_request_error",
        "GET | /v1/messages | 405 | POST | error.type=invalid_request_error",
        "PUT | /v1/files/file-1 | 405 | DELETE, GET | error.type=invalid_request_error",
        "GET | /v1/batches/batch_1/cancel | 405 | POST | error.type=invalid_request_error",
        "POST | /v1/responses/resp_1 | 405 | DELETE, GET | error.type=invalid_request_error",
        "PUT | /v1/messages/batches/b/results | 405 | GET | error.type=invalid_request_error",
        "GET | /v1/responses/resp_1/nope | 404 | | error.type=invalid_request_error",
        "GET | /v1/messages/nope | 404 | | error.type=not_found_error",
        "POST | /anthropic/v1/nope | 404 | | error.type=not_found_error",
        "GET | /v1beta/nope | 404 | | error.status=NOT_FOUND",
        "DELETE | /v1beta/models | 405 | GET | error.status=UNIMPLEMENTED",
        "POST | /v1beta/models/real:nope | 404 | | error.status=NOT_FOUND",
        "GET | /api/v1/nope | 404 | | error.code=NOT_FOUND",
        "GET | /api/v1/generate | 405 | POST | error.code=METHOD_NOT_ALLOWED",
        "GET | /nope | 404 | | error.code=NOT_FOUND"
      })
  void aPathThatIsNotServedIsRefusedInTheFormOfItsApi(
      String method, String path, int status, String allow, String said) throws Exception {
    HttpResponse<String> refused =
        send(
            to(path)
                .method(
                    method,
                    method.equals("POST")
                        ? BodyPublishers.ofString("{}")
                        : BodyPublishers.noBody()));

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(status);
    assertThat(refused.headers().firstValue("allow")).isEqualTo(Optional.ofNullable(allow));
    String[] field = said.split("[.=]");
    JsonNode error = EnsembleClient.json(refused.body()).path(field[0]);
    assertThat(error.path(field[1]).asText()).as(refused.body()).isEqualTo(field[2]);
  }

  @ParameterizedTest
  @CsvSource({
    "/openai/deployments/real/chat/completions?api-version=2024-10-21, choices",
    "/openai/v1/chat/completions, choices",
    "/openai/chat/completions, choices",
    "/v1beta/openai/chat/completions, choices",
    "/anthropic/v1/messages, content",
    "/anthropic/messages, content",
    "/gemini/v1beta/models/real:generateContent, candidates",
    "/gemini/models/real:generateContent?alt=json, candidates"
  })
  void anApiIsAlsoServedUnderItsVendorsName(String path, String field) throws Exception {
    String body =
        hello("hi")
            .replace("}]}", "}],\"max_tokens\":9,\"contents\":[{\"parts\":[{\"text\":\"x\"}]}]}");

    HttpResponse<String> answer = send(to(path).POST(BodyPublishers.ofString(body)));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(EnsembleClient.json(answer.body()).has(field)).as(answer.body()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"real, 200", "re%61l, 200", "other, 404", "real/nope, 404"})
  void aClientOfAzureNamesTheModelInThePath(String deployment, int status) throws Exception {
    String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    HttpResponse<String> answer =
        send(
            HttpRequest.newBuilder(
                    URI.create(
                        ensemble.baseUrl()
                            + "/openai/deployments/%s/chat/completions".formatted(deployment)))
                .header("api-key", RunningEnsemble.KEY)
                .POST(BodyPublishers.ofString(body)));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(strings = {CHAT, "/v1/messages", "/api/v1/generate"})
  void aBodyOfTooManyValuesInsideOthersIsNoDefect(String path) throws Exception {
    String deep = "{\"a\":".repeat(3_000) + "1" + "}".repeat(3_000);

    HttpResponse<String> refused = send(to(path).POST(BodyPublishers.ofString(deep)));

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
    assertThat(refused.body()).contains("in too many others");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {CHAT, "/v1/messages", "/v1/responses", "/v1/embeddings", "/api/v1/generate"})
  void aSmallBodyOfMillionsOfValuesTakesNoMemory(String path) throws Exception {
    String list = "{\"model\":\"demo\",\"messages\":[" + "{},".repeat(600_000) + "{}]}";

    HttpResponse<String> refused =
        send(
            to(path)
                .POST(
                    BodyPublishers.ofByteArray(
                        compressed("gzip", list.getBytes(StandardCharsets.UTF_8))))
                .header("Content-Encoding", "gzip"));

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
    assertThat(refused.body()).contains("too many values");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/files?limit=%zz",
        "/v1/models?x=%",
        "/v1beta/models/m:generateContent?key=%zz",
        "/api/v1/usage?from=%f"
      })
  void aQueryThatCannotBeDecodedIsNoDefect(String path) {
    String answer = RawExchange.post(ensemble.port(), path, "{}");

    assertThat(answer).startsWith("HTTP/1.1 400").contains("The query of the URL");
  }

  @Test
  void aPageOfAConfiguredOriginMayCall() throws Exception {
    HttpResponse<String> asked =
        send(
            HttpRequest.newBuilder(URI.create(ensemble.baseUrl() + CHAT))
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", PAGE)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization,x-stainless-os"));
    HttpResponse<String> answer =
        send(to(CHAT).header("Origin", PAGE).POST(BodyPublishers.ofString(hello("hi"))));

    assertThat(asked.statusCode()).isEqualTo(204);
    assertThat(asked.headers().firstValue("access-control-allow-origin")).contains(PAGE);
    assertThat(asked.headers().firstValue("access-control-allow-headers").orElse(""))
        .contains("authorization", "x-stainless-os");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("access-control-allow-origin")).contains(PAGE);
    assertThat(answer.headers().firstValue("access-control-expose-headers").orElse(""))
        .contains("x-ensemble-cost", "x-ensemble-dropped", "x-ensemble-routing", "x-request-id")
        .contains("x-ratelimit-remaining-requests", "retry-after");
  }

  @Test
  void aPageOfAnotherOriginMayNot() throws Exception {
    HttpResponse<String> asked =
        send(
            HttpRequest.newBuilder(URI.create(ensemble.baseUrl() + CHAT))
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", "https://other.example")
                .header("Access-Control-Request-Method", "POST"));

    assertThat(asked.headers().firstValue("access-control-allow-origin")).isEmpty();
    assertThat(asked.headers().firstValue("allow")).contains("POST");
  }

  private static byte[] compressed(String encoding, byte[] body) throws IOException {
    Map<String, Compressor> known =
        Map.of("gzip", GZIPOutputStream::new, "deflate", DeflaterOutputStream::new);
    if (encoding.equals("zstd")) {
      return Zstd.compress(body);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream to = known.get(encoding).open(bytes)) {
      to.write(body);
    }
    return bytes.toByteArray();
  }

  private static HttpResponse<String> post(String encoding, byte[] body) throws Exception {
    return send(
        to(CHAT)
            .header("Content-Encoding", encoding)
            .POST(BodyPublishers.ofByteArray(compressed(encoding, body))));
  }

  @ParameterizedTest
  @CsvSource({"gzip,10", "gzip,200000", "deflate,10", "zstd,200000"})
  void aCompressedBodyIsInflated(String encoding, int length) throws Exception {
    byte[] body = hello("x".repeat(length)).getBytes(StandardCharsets.UTF_8);

    HttpResponse<String> answer = post(encoding, body);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "zstd"})
  void aBodyThatInflatesBeyondTheLimitIsRefused(String encoding) throws Exception {
    byte[] bomb = new byte[HttpServerConfig.BODY_LIMIT + 1];
    Arrays.fill(bomb, (byte) ' ');

    HttpResponse<String> refused = post(encoding, bomb);

    assertThat(refused.statusCode()).isEqualTo(413);
    assertThat(refused.body()).contains("decompressed");
  }

  @Test
  void aBodyInAnotherEncodingIsRefusedByName() throws Exception {
    HttpResponse<String> unknown =
        send(to(CHAT).header("Content-Encoding", "br").POST(BodyPublishers.ofString(hello("hi"))));
    HttpResponse<String> broken =
        send(
            to(CHAT).header("Content-Encoding", "gzip").POST(BodyPublishers.ofString(hello("hi"))));

    assertThat(unknown.statusCode()).isEqualTo(400);
    assertThat(unknown.body()).contains("Content-Encoding", "gzip, deflate, zstd");
    assertThat(broken.statusCode()).isEqualTo(400);
    assertThat(broken.body()).contains("not valid gzip");
  }
}

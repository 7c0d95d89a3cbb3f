package dev.concert.gateway;

import static dev.concert.gateway.ApiClient.code;
import static dev.concert.gateway.ApiClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.gateway.auth.AccessOptions;
import dev.concert.gateway.rest.RateLimitOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the headers of a request and of its response say beside the operation itself. */
class HttpHeadersTest {
  private static final String ORIGIN = "https://app.example";

  @TempDir static Path data;
  private static RunningGateway gateway;
  private static ApiClient api;

  @BeforeAll
  static void start() {
    gateway =
        RunningGateway.start(
            data,
            new Users(),
            options ->
                options
                    .withAccess(AccessOptions.DEFAULT.withOrigins(List.of(ORIGIN)))
                    .withRateLimits(new RateLimitOptions(6000, Map.of("unarchive_session", 3))));
    api = new ApiClient(gateway.port);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  /** The head of the response, in lower case, and its body. */
  private static String[] raw(String method, String path, String... headers) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", gateway.port)) {
      socket.setSoTimeout(60_000);
      String request =
          "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n%s\r\n"
              .formatted(
                  method,
                  path,
                  gateway.port,
                  String.join("", List.of(headers).stream().map(one -> one + "\r\n").toList()));
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      int end = all.indexOf("\r\n\r\n");
      return new String[] {all.substring(0, end).toLowerCase(), all.substring(end + 4)};
    }
  }

  // request ids

  @Test
  void aSaneRequestIdIsKeptAndNamedInAProblem() {
    HttpResponse<String> response =
        api.get("/api/sessions/none", "Authorization", "Bearer t/anna", "X-Request-Id", "req-1");

    assertThat(response.headers().firstValue("x-request-id")).contains("req-1");
    assertThat(json(response, 404).path("requestId").asText()).isEqualTo("req-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"<script>", "two words", ""})
  void anyOtherRequestIdIsReplaced(String given) {
    HttpResponse<String> response = api.get("/nothing", "X-Request-Id", given);

    String id = response.headers().firstValue("x-request-id").orElseThrow();
    assertThat(id).isNotEqualTo(given).hasSize(36);
    assertThat(json(response, 404).path("requestId").asText()).isEqualTo(id);
    assertThat(api.get("/health").headers().firstValue("x-request-id")).isNotEmpty();
  }

  // cross-origin requests

  @ParameterizedTest
  @CsvSource({
    "OPTIONS, /api/sessions, 204",
    "OPTIONS, /api/sessions/none/turns, 204",
    "GET, /api/sessions, 401",
    "GET, /api/sessions/none, 401"
  })
  void aConfiguredOriginMayReadReplies(String method, String path, int status) throws IOException {
    String head =
        raw(
            method,
            path,
            "Origin: " + ORIGIN,
            "Access-Control-Request-Method: POST",
            "Access-Control-Request-Headers: authorization,idempotency-key")[0];

    assertThat(head)
        .startsWith("http/1.1 " + status)
        .contains("access-control-allow-origin: " + ORIGIN)
        .contains("access-control-allow-credentials: true")
        .contains("vary: origin");
    assertThat(head.contains("access-control-max-age: 600")).isEqualTo(method.equals("OPTIONS"));
    assertThat(head.contains("idempotency-key")).isEqualTo(method.equals("OPTIONS"));
    assertThat(head.contains("access-control-expose-headers")).isEqualTo(method.equals("GET"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://app.example.evil.test", "https://app.example:444", "null"})
  void anyOtherOriginIsRefusedWithoutAWordOfLeave(String origin) throws IOException {
    String head = raw("OPTIONS", "/api/sessions", "Origin: " + origin)[0];

    assertThat(head).startsWith("http/1.1 403").doesNotContain("access-control");
  }

  @Test
  void aProgramGetsNoCrossOriginHeaders() throws IOException {
    assertThat(raw("GET", "/api/sessions")[0]).doesNotContain("access-control");
    assertThat(raw("OPTIONS", "/api/sessions")[0]).startsWith("http/1.1 405");
  }

  // compression

  @Test
  void aLargeReplyIsCompressedForWhoeverAsksForIt() throws IOException {
    String[] plain = raw("GET", "/openapi.json");
    String[] packed = raw("GET", "/openapi.json", "Accept-Encoding: gzip");

    assertThat(plain[0]).doesNotContain("content-encoding");
    assertThat(packed[0]).contains("content-encoding: gzip");
    assertThat(packed[1].length()).isLessThan(plain[1].length() / 4);
    assertThat(unpacked(packed[1])).startsWith("{\"openapi\"");
  }

  private static String unpacked(String body) throws IOException {
    byte[] packed = body.getBytes(StandardCharsets.ISO_8859_1);
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aStreamOfEventsIsNotCompressed() {
    String session = session();
    try (SseClient stream =
        new SseClient(
            gateway.port,
            "GET",
            session + "/events?afterSeq=0",
            "",
            "Authorization: Bearer t/anna",
            "Accept-Encoding: gzip")) {
      assertThat(stream.status()).contains("200");
      assertThat(stream.head).doesNotContain("content-encoding: gzip");
    }
  }

  // versions

  private static String session() {
    return api.post("/api/sessions", "{'agentType':'echo'}", Users.as("t/anna"))
        .headers()
        .firstValue("location")
        .orElseThrow();
  }

  private static String tag(String session) {
    return api.get(session, Users.as("t/anna")).headers().firstValue("etag").orElseThrow();
  }

  private static HttpResponse<String> rename(String session, String name, String ifMatch) {
    return api.send(
        "PUT",
        session + "/name",
        "{'name':'" + name + "'}",
        "Authorization",
        "Bearer t/anna",
        "If-Match",
        ifMatch);
  }

  @Test
  void aReaderThatHasTheVersionGetsNoBody() {
    String session = session();
    String tag = tag(session);

    for (String known : List.of(tag, "W/" + tag, "\"x\", " + tag, "*")) {
      HttpResponse<String> response =
          api.get(session, "Authorization", "Bearer t/anna", "If-None-Match", known);
      assertThat(response.statusCode()).isEqualTo(304);
      assertThat(response.body()).isEmpty();
      assertThat(response.headers().firstValue("etag")).contains(tag);
    }
    json(api.get(session, "Authorization", "Bearer t/anna", "If-None-Match", "\"x\""), 200);
  }

  @Test
  void aChangeOfAVersionThatIsNoMoreIsRefused() {
    String session = session();
    String before = tag(session);

    HttpResponse<String> changed = rename(session, "First", before);
    json(changed, 200);
    assertThat(changed.headers().firstValue("etag")).contains(tag(session));
    assertThat(code(rename(session, "Second", before), 412)).isEqualTo("PRECONDITION_FAILED");
    assertThat(
            code(
                api.send(
                    "DELETE", session, "", "Authorization", "Bearer t/anna", "If-Match", before),
                412))
        .isEqualTo("PRECONDITION_FAILED");
    json(rename(session, "Third", "*"), 200);
    assertThat(
            json(api.get(session, Users.as("t/anna")), 200).path("session").path("name").asText())
        .isEqualTo("Third");
  }

  // rate limits

  @Test
  void aUserWhoIsTooFastWaitsAndOthersDoNot() {
    String session = session();
    String archived = session + "/archived";
    for (int i = 0; i < 3; i++) {
      json(api.send("DELETE", archived, "", Users.as("t/anna")), 200);
    }

    HttpResponse<String> refused = api.send("DELETE", archived, "", Users.as("t/anna"));

    assertThat(code(refused, 429)).isEqualTo("RATE_LIMITED");
    assertThat(refused.headers().firstValueAsLong("retry-after").orElseThrow()).isBetween(1L, 20L);
    assertThat(refused.headers().firstValue("ratelimit-limit")).contains("3");
    assertThat(refused.headers().firstValue("ratelimit-remaining")).contains("0");
    json(api.send("DELETE", archived, "", Users.as("t/ben")), 200);
    json(api.get(session, Users.as("t/anna")), 200);
  }
}

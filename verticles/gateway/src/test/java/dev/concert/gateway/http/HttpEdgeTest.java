package dev.concert.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.contract.ApiOperation;
import dev.concert.contract.AutomationOperations;
import dev.concert.contract.ContractTable;
import dev.concert.contract.Field;
import dev.concert.contract.HttpRoute;
import dev.concert.contract.OpenApiDocument;
import dev.concert.contract.WireProtocol;
import dev.concert.gateway.GatewayForHttp;
import dev.concert.json.Json;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every HTTP request gets, whatever its path, its method and its fields. */
class HttpEdgeTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir static Path data;
  private static GatewayForHttp gateway;

  @BeforeAll
  static void start() {
    gateway = GatewayForHttp.start(data);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    HTTP.close();
  }

  private static HttpResponse<String> send(String method, String path, byte[] body)
      throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
            .method(method, BodyPublishers.ofByteArray(body))
            .build(),
        BodyHandlers.ofString());
  }

  private static HttpResponse<String> send(String method, String path) throws Exception {
    return send(method, path, new byte[0]);
  }

  private static JsonNode problem(HttpResponse<String> response, int status) throws Exception {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
    JsonNode problem = Json.MAPPER.readTree(response.body());
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("detail").asText()).isNotEmpty();
    return problem;
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /nothing/here",
    "POST, /nothing/here",
    "GET, /api/sessions/s/unknown",
    "DELETE, /webjar"
  })
  void anUnknownPathIsAProblem(String method, String path) throws Exception {
    assertThat(problem(send(method, path), 404).path("code").asText()).isEqualTo("NOT_FOUND");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST | /health | GET, HEAD",
        "PUT | /openapi.json | GET, HEAD",
        "POST | /ws | GET, HEAD",
        "DELETE | /api/sessions/s/files | GET, HEAD",
        "POST | /api/sessions/s/file | DELETE, GET, HEAD, PUT",
        "DELETE | /agent/agent_s/files/a/b | GET, HEAD, POST",
        "POST | / | GET, HEAD"
      })
  void aMethodThatAPathDoesNotHaveIsAProblemThatNamesThoseItHas(
      String method, String path, String allowed) throws Exception {
    HttpResponse<String> response = send(method, path);
    assertThat(problem(response, 405).path("code").asText()).isEqualTo("METHOD_NOT_ALLOWED");
    assertThat(response.headers().firstValue("allow")).contains(allowed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health", "/metrics", "/openapi.json", "/api/sessions/s/files", "/no"})
  void headIsAnsweredLikeGetWithoutABody(String path) throws Exception {
    HttpResponse<String> get = send("GET", path);
    HttpResponse<String> head = send("HEAD", path);
    assertThat(head.statusCode()).isEqualTo(get.statusCode());
    assertThat(head.headers().firstValue("content-type"))
        .isEqualTo(get.headers().firstValue("content-type"));
    assertThat(head.body()).isEmpty();
  }

  @Test
  void theOpenApiDocumentIsServed() throws Exception {
    HttpResponse<String> response = send("GET", "/openapi.json");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(Json.MAPPER.readTree(response.body()))
        .isEqualTo(Json.MAPPER.readTree(OpenApiDocument.create().toString()));
  }

  @Test
  void aQueryOrABodyThatCannotBeReadIsAProblem() throws Exception {
    byte[] noJson = "[1]".getBytes(StandardCharsets.UTF_8);
    assertThat(
            problem(send("POST", "/api/sessions/s/snapshots", noJson), 400).path("code").asText())
        .isEqualTo("INVALID_MESSAGE");
    problem(send("POST", "/api/sessions/s/snapshots", new byte[70_000]), 413);
    problem(send("GET", "/ws"), 400);
  }

  /** What curl sends with {@code -d} and no header. */
  @Test
  void jsonThatCallsItselfAFormIsReadAsJson() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + gateway.port() + "/api/sessions/s/turns"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("{\"text\":\"100 %% %s\"}".formatted("x".repeat(20_000))))
            .build();

    JsonNode problem = problem(HTTP.send(request, BodyHandlers.ofString()), 404);

    assertThat(problem.path("code").asText()).isEqualTo("SESSION_NOT_FOUND");
  }

  @ParameterizedTest
  @CsvSource({"PUT, /api/sessions/no-such/file?path=a", "POST, /agent/agent_no-such/files/a"})
  void anUploadToAnUnknownSessionIsRefusedBeforeItsBytesCome(String method, String path)
      throws Exception {
    try (Socket socket = new Socket("127.0.0.1", gateway.port())) {
      socket.setSoTimeout(60_000);
      socket
          .getOutputStream()
          .write(
              "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: 9000000\r\n\r\n"
                  .formatted(method, path, gateway.port())
                  .getBytes(StandardCharsets.US_ASCII));

      String status =
          new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
              .readLine();

      assertThat(status).startsWith("HTTP/1.1 404");
    }
  }

  @TestFactory
  Stream<DynamicTest> aRouteRefusesEachFieldThatIsOutOfItsBoundsAndNamesIt() {
    return ContractTable.rows().stream()
        .filter(row -> row.http().isPresent() && !row.planned())
        .map(row -> DynamicTest.dynamicTest(row.name(), () -> checkRoute(row)));
  }

  /** Valid values of fields that have a form of their own. */
  private static final Map<String, String> EXAMPLES =
      Map.of(
          "amount", "1.50",
          "at", "2026-12-01T09:00Z",
          "email", "anna@example.com",
          "role", "viewer");

  /** Valid values of fields that are objects. */
  private static final Map<String, String> OBJECTS =
      Map.of(
          "paths", "[]",
          "secrets", "{}",
          "trigger", "{\"kind\":\"manual\"}",
          "task", "{\"prompt\":\"x\"}",
          "then", "{\"action\":\"close\"}");

  /** A valid request about a session comes as far as the session, which there is not. */
  private static void checkRoute(ApiOperation<?, ?> row) throws Exception {
    Map<String, String> valid = new LinkedHashMap<>();
    row.fields().stream()
        .filter(field -> field.required() && field.kind() != Field.Kind.BYTES)
        .forEach(field -> valid.put(field.name(), example(field)));
    if (row == ContractTable.RESTORE_FILES) {
      valid.put("at", "1");
    }
    if (row == ContractTable.ANSWER_QUESTION) {
      valid.put("dismissed", "true");
    }
    if (row == AutomationOperations.PREVIEW_AUTOMATION) {
      valid.put("trigger", "x");
    }
    HttpResponse<String> answer = send(row, valid);
    if (row.scope() == ApiOperation.Scope.SESSION) {
      assertThat(problem(answer, 404).path("code").asText()).isEqualTo("SESSION_NOT_FOUND");
    } else if (answer.statusCode() == 503) {
      // The service that has the answer does not run here; the request came as far as that.
      assertThat(problem(answer, 503).path("code").asText()).endsWith("_UNAVAILABLE");
    } else {
      assertThat(answer.statusCode()).as(answer.body()).isLessThan(500).isNotEqualTo(400);
    }
    for (Field field : row.queryFields()) {
      for (String wrong : outOfBounds(field)) {
        assertRefused(row, valid, field, wrong);
      }
    }
    for (Field field : row.jsonFields()) {
      if (field.kind() == Field.Kind.INTEGER) {
        assertRefused(row, valid, field, "one");
        continue;
      }
      if (field.max() >= WireProtocol.MAX_FRAME) {
        problem(send(row.http().orElseThrow(), "x".repeat((int) field.max() + 1)), 413);
        continue;
      }
      assertRefused(row, valid, field, "x".repeat((int) field.max() + 1));
    }
  }

  private static void assertRefused(
      ApiOperation<?, ?> row, Map<String, String> valid, Field field, String wrong)
      throws Exception {
    Map<String, String> fields = new LinkedHashMap<>(valid);
    fields.put(field.name(), wrong);
    JsonNode problem = problem(send(row, fields), 400);
    assertThat(problem.path("code").asText()).isEqualTo("INVALID_MESSAGE");
    assertThat(problem.path("title").asText()).contains("'" + field.name() + "'");
  }

  private static String example(Field field) {
    return field.kind() == Field.Kind.INTEGER
        ? "1"
        : field.choices().stream().findFirst().orElse(EXAMPLES.getOrDefault(field.name(), "x"));
  }

  private static List<String> outOfBounds(Field field) {
    List<String> wrong = new ArrayList<>();
    if (field.kind() == Field.Kind.INTEGER) {
      wrong.add("one");
      wrong.add("1.5");
      wrong.add(BigInteger.valueOf(field.max()).add(BigInteger.ONE).toString());
      wrong.add(BigInteger.valueOf(field.min()).subtract(BigInteger.ONE).toString());
      if (field.max() <= Integer.MAX_VALUE) {
        wrong.add("4294967297");
      }
    } else if (field.max() < 2000) {
      wrong.add("x".repeat((int) field.max() + 1));
    }
    if (field.required() && field.min() > 0) {
      wrong.add("");
    }
    return wrong;
  }

  private static byte[] json(Map<String, String> fields) throws Exception {
    ObjectNode body = Json.MAPPER.valueToTree(fields);
    if (fields.getOrDefault("dismissed", "").equals("true")) {
      body.put("dismissed", true);
    }
    for (Map.Entry<String, String> object : OBJECTS.entrySet()) {
      if (fields.getOrDefault(object.getKey(), "").equals("x")) {
        body.set(object.getKey(), Json.MAPPER.readTree(object.getValue()));
      }
    }
    return Json.MAPPER.writeValueAsBytes(body);
  }

  private static HttpResponse<String> send(HttpRoute route, String body) throws Exception {
    return send(
        route.method().name(),
        route.path().replaceAll("\\{\\w+\\+?}", "x"),
        body.getBytes(StandardCharsets.UTF_8));
  }

  private static HttpResponse<String> send(ApiOperation<?, ?> row, Map<String, String> fields)
      throws Exception {
    HttpRoute route = row.http().orElseThrow();
    String path = route.path();
    for (String name : route.parameters()) {
      path = path.replaceAll("\\{" + name + "\\+?}", fields.get(name));
    }
    StringBuilder query = new StringBuilder("?");
    row.queryFields().stream()
        .filter(field -> fields.containsKey(field.name()))
        .forEach(
            field ->
                query
                    .append(field.name())
                    .append('=')
                    .append(URLEncoder.encode(fields.get(field.name()), StandardCharsets.UTF_8))
                    .append('&'));
    Map<String, String> body = new LinkedHashMap<>(fields);
    body.keySet().retainAll(row.jsonFields().stream().map(Field::name).toList());
    byte[] bytes = body.isEmpty() ? new byte[0] : json(body);
    return send(route.method().name(), path + query, bytes);
  }
}

package dev.concert.platform.turn;

import static dev.concert.platform.harness.FilesOverHttp.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.concert.platform.harness.FilesOverHttp;
import dev.concert.platform.harness.RunningPlatform;
import dev.concert.platform.harness.TestClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of a session over HTTP, with a real mount behind. */
class FileApiTest {
  @RegisterExtension static final RunningPlatform PLATFORM = new RunningPlatform();

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static HttpResponse<byte[]> send(
      String method, TestClient client, String route, byte[] body, String... parameters) {
    return files(client).send(method, route, body, parameters);
  }

  private static JsonNode ask(
      String method, TestClient client, String route, String... parameters) {
    return files(client).ask(method, route, parameters);
  }

  private static JsonNode put(TestClient client, String path, String content) {
    return files(client).put(path, content);
  }

  private static String read(TestClient client, String... parameters) {
    return files(client).read(parameters);
  }

  private static FilesOverHttp files(TestClient client) {
    return new FilesOverHttp(PLATFORM, client);
  }

  @Test
  void whatIsUploadedTheAgentReadsAndEverybodyHearsOf() {
    TestClient client = TestClient.echo(PLATFORM.connect());
    client.run("!write old.txt before");

    JsonNode written = put(client, "docs/new file.txt", "uploaded");

    assertThat(written.path("iteration").asLong()).isEqualTo(1);
    client.awaitEvent(
        "the upload",
        0,
        event ->
            event.path("type").asText().equals("file_changed")
                && event.path("path").asText().equals("docs/new file.txt"));
    put(client, "a.txt", "read me");
    assertThat(client.run("!read a.txt").path("finalText").asText()).contains("read me");
    assertThat(put(client, "a.txt", "again").path("iteration").asLong()).isEqualTo(2);
    assertThat(ask("GET", client, "files", "path", "docs").findValuesAsText("path"))
        .contains("docs/new file.txt");
  }

  @Test
  void aSessionThatNeverHadAnAgentTakesFilesForIt() {
    TestClient client = TestClient.echo(PLATFORM.connect());
    put(client, "first.txt", "waiting");

    assertThat(read(client, "path", "first.txt")).isEqualTo("waiting");
    assertThat(client.run("!read first.txt").path("finalText").asText()).contains("waiting");
  }

  @Test
  void anIterationIsRestoredAsANewOneAlsoOfADeletedFile() {
    TestClient client = TestClient.echo(PLATFORM.connect());
    client.run("!write f.txt one");
    client.run("!write f.txt two");

    JsonNode restored = ask("POST", client, "restore", "path", "f.txt", "iteration", "1");
    assertThat(restored.path("iteration").asLong()).isEqualTo(3);
    assertThat(client.run("!read f.txt").path("finalText").asText()).contains("one");

    assertThat(ask("DELETE", client, "file", "path", "f.txt").path("hash").asText()).isEmpty();
    assertThat(send("GET", client, "file", new byte[0], "path", "f.txt").statusCode())
        .isEqualTo(404);
    ask("POST", client, "restore", "path", "f.txt", "iteration", "2");
    assertThat(read(client, "path", "f.txt")).isEqualTo("two");
    assertThat(ask("GET", client, "history", "path", "f.txt").path("iterations")).hasSize(5);
  }

  @Test
  void whatTheAgentWroteMeanwhileIsNotOverwrittenByWhoReadTheFileBefore() throws Exception {
    TestClient client = TestClient.echo(PLATFORM.connect());
    put(client, "f.txt", "of the person");
    String tag =
        send("GET", client, "file", new byte[0], "path", "f.txt")
            .headers()
            .firstValue("etag")
            .orElseThrow();
    client.run("!write f.txt of the agent");

    HttpResponse<String> refused =
        HTTP.send(
            HttpRequest.newBuilder(
                    URI.create(
                        PLATFORM.url()
                            + "/api/sessions/"
                            + client.sessionId()
                            + "/file?path=f.txt"))
                .header("If-Match", tag)
                .PUT(HttpRequest.BodyPublishers.ofString("of the person again"))
                .build(),
            BodyHandlers.ofString());

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(412);
    assertThat(refused.body()).contains("PRECONDITION_FAILED");
    assertThat(read(client, "path", "f.txt")).isEqualTo("of the agent");
  }

  @Test
  void twoIterationsAreComparedLineByLine() {
    TestClient client = TestClient.echo(PLATFORM.connect());
    put(client, "f.txt", "a\nb\nc\n");
    put(client, "f.txt", "a\nB\nc\n");

    JsonNode diff = ask("GET", client, "diff", "path", "f.txt", "from", "1", "to", "2");

    assertThat(diff.path("text").asText()).contains("@@ -1,3 +1,3 @@", "-b\n", "+B\n");
    assertThat(diff.path("binary").asBoolean()).isFalse();
    send("PUT", client, "file", new byte[] {0, 1, 2}, "path", "f.txt");
    assertThat(
            ask("GET", client, "diff", "path", "f.txt", "from", "1", "to", "3")
                .path("binary")
                .asBoolean())
        .isTrue();
  }

  @Test
  void aDownloadHasTheBytesAndIsNeverShownAsAPage() {
    TestClient client = TestClient.echo(PLATFORM.connect());
    byte[] bytes = {0, -1, '<', 'b', '>'};
    send("PUT", client, "file", bytes, "path", "x.html");

    HttpResponse<byte[]> response = send("GET", client, "file", new byte[0], "path", "x.html");

    assertThat(response.body()).isEqualTo(bytes);
    assertThat(response.headers().firstValue("content-type")).contains("application/octet-stream");
    assertThat(response.headers().firstValue("content-disposition")).contains("attachment");
    assertThat(response.headers().firstValue("x-iteration")).contains("1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/etc/passwd",
        "../x",
        "a/../../x",
        "a//b",
        "./a",
        "a/.",
        "nul\0",
        ".chronicle/at/1/f",
        ".chronicle",
        "out/passwd"
      })
  void aPathThatLeadsElsewhereIsRefusedAndNothingHappens(String path) {
    TestClient client = TestClient.create(PLATFORM.connect(), "coding-agent");
    client.run("run `ln -s /etc out`");
    JsonNode before = ask("GET", client, "files", "depth", "5");

    for (String attempt : new String[] {"PUT", "DELETE"}) {
      JsonNode refused =
          MAPPER.valueToTree(
              Map.of(
                  "status",
                  send(attempt, client, "file", new byte[] {1}, "path", path).statusCode()));
      assertThat(refused.path("status").asInt()).as(attempt).isIn(400, 404);
    }
    assertThat(
            send("POST", client, "restore", new byte[0], "path", path, "iteration", "1")
                .statusCode())
        .isIn(400, 404);
    assertThat(send("GET", client, "file", new byte[0], "path", path).statusCode()).isIn(400, 404);

    assertThat(ask("GET", client, "files", "depth", "5")).isEqualTo(before);
    assertThat(java.nio.file.Path.of("/etc/passwd")).exists();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, file, 400, INVALID_MESSAGE",
    "GET, diff?path=f&from=1, 400, INVALID_MESSAGE",
    "GET, diff?path=f&from=x&to=2, 400, INVALID_MESSAGE",
    "POST, restore?path=none&iteration=1, 404, ITERATION_NOT_FOUND",
    "DELETE, file?path=none, 404, FILE_NOT_FOUND"
  })
  void whatIsWrongIsNamed(String method, String route, int status, String code) {
    TestClient client = TestClient.echo(PLATFORM.connect());
    client.run("!write f there");

    HttpResponse<byte[]> response = send(method, client, route, new byte[0]);

    assertThat(json(response, status).path("code").asText()).isEqualTo(code);
    assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
  }

  @Test
  void tooMuchAtOnceIsRefused() {
    TestClient client = TestClient.echo(PLATFORM.connect());

    HttpResponse<byte[]> response =
        send("PUT", client, "file", new byte[(10 << 20) + 1], "path", "big");

    assertThat(json(response, 413).path("code").asText()).isEqualTo("FILE_TOO_LARGE");
    assertThat(ask("GET", client, "files").path("entries")).isEmpty();
  }

  @Test
  void aSessionThatIsNotThereHasNoFiles() throws Exception {
    HttpResponse<String> response =
        HTTP.send(
            HttpRequest.newBuilder(URI.create(PLATFORM.url() + "/api/sessions/nobodys/file?path=a"))
                .build(),
            BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body()).contains("SESSION_NOT_FOUND");
  }

  @Test
  void manyWritersAtOnceEachGetAnIterationOrShareOne() {
    TestClient client = TestClient.echo(PLATFORM.connect());
    client.run("!write f.txt start");

    IntStream.range(0, 12).parallel().forEach(n -> put(client, "f.txt", "writer " + n));

    assertThat(read(client, "path", "f.txt")).startsWith("writer ");
    JsonNode history = ask("GET", client, "history", "path", "f.txt").path("iterations");
    assertThat(history.size()).isBetween(2, 13);
    String latest = Long.toString(history.size());
    assertThat(read(client, "path", "f.txt", "iteration", latest))
        .isEqualTo(read(client, "path", "f.txt"));
  }

  @Test
  void anAgentsFilesAreReadAndUploadedByItsIdAsWell() throws Exception {
    TestClient client = TestClient.echo(PLATFORM.connect());
    String files = PLATFORM.url() + "/agent/agent_" + client.sessionId() + "/files/";

    JsonNode written = json(ofAgent("POST", files + "docs/new%20%C3%A9.txt", "uploaded"), 200);

    assertThat(written.path("iteration").asLong()).isEqualTo(1);
    assertThat(new String(ofAgent("GET", files + "docs/new%20%C3%A9.txt", "").body(), UTF_8))
        .isEqualTo("uploaded");
    assertThat(read(client, "path", "docs/new é.txt")).isEqualTo("uploaded");
    json(ofAgent("GET", files + "missing.txt", ""), 404);
    json(ofAgent("GET", PLATFORM.url() + "/agent/agent_unknown/files/a", ""), 404);
    json(ofAgent("GET", PLATFORM.url() + "/agent/" + client.sessionId() + "/files/a", ""), 404);
    json(ofAgent("POST", files + "large", "x".repeat((10 << 20) + 1)), 413);
    json(ofAgent("GET", files + "%2e%2e%2fsecret", ""), 400);
    json(ofAgent("GET", files + "%2Fetc/passwd", ""), 400);
    json(ofAgent("GET", files + "c:d", ""), 404);
  }

  private static HttpResponse<byte[]> ofAgent(String method, String url, String body)
      throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(url))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofByteArray());
  }
}

package dev.concert.platform.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.harness.ServerProcess;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} right after the answer about an API key. */
class KilledKeyTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path data;

  @Test
  void aKeyThatWasAnsweredIsThereAndOneThatWasRevokedIsNot() {
    JsonObject kept;
    JsonObject revoked;
    try (ServerProcess server = ServerProcess.start(data)) {
      kept = create(server);
      revoked = create(server);
      HttpResponse<String> gone =
          send(
              server,
              "DELETE",
              "/api/keys/" + revoked.getJsonObject("key").getString("keyId"),
              "",
              Optional.empty());
      assertThat(gone.statusCode()).as(gone.body()).isEqualTo(200);
      server.kill();
    }
    try (ServerProcess server = ServerProcess.start(data)) {
      assertThat(status(server, kept)).isEqualTo(200);
      assertThat(status(server, revoked)).isEqualTo(401);
    }
  }

  private static JsonObject create(ServerProcess server) {
    HttpResponse<String> answer =
        send(server, "POST", "/api/keys", "{\"name\":\"k\"}", Optional.empty());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return new JsonObject(answer.body());
  }

  private static int status(ServerProcess server, JsonObject created) {
    return send(server, "GET", "/api/sessions", "", Optional.of(created.getString("secret")))
        .statusCode();
  }

  private static HttpResponse<String> send(
      ServerProcess server, String method, String path, String body, Optional<String> key) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.url() + path))
            .method(method, BodyPublishers.ofString(body));
    key.ifPresent(text -> request.header("Authorization", "Bearer " + text));
    try {
      return HTTP.send(request.build(), BodyHandlers.ofString());
    } catch (Exception e) {
      throw new AssertionError(method + " " + path, e);
    }
  }
}

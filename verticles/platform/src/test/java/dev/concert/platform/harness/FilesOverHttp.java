package dev.concert.platform.harness;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** The files of a session, as a program gets at them. */
public record FilesOverHttp(RunningPlatform platform, TestClient client) {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /**
   * @param parameters of the query, names and values in turn
   */
  public HttpResponse<byte[]> send(String method, String route, byte[] body, String... parameters) {
    StringBuilder url =
        new StringBuilder(platform.url() + "/api/sessions/" + client.sessionId() + "/" + route);
    for (int i = 0; i < parameters.length; i += 2) {
      url.append(i == 0 ? '?' : '&')
          .append(parameters[i])
          .append('=')
          .append(URLEncoder.encode(parameters[i + 1], StandardCharsets.UTF_8));
    }
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url.toString()))
            .method(method, BodyPublishers.ofByteArray(body))
            .build();
    try {
      return HTTP.send(request, BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** What is answered to a question without a body. */
  public JsonNode ask(String method, String route, String... parameters) {
    return json(send(method, route, new byte[0], parameters), 200);
  }

  /** What is answered to JSON. */
  public JsonNode post(String route, String json) {
    return json(send("POST", route, json.getBytes(StandardCharsets.UTF_8)), 200);
  }

  public JsonNode put(String path, String content) {
    return json(send("PUT", "file", content.getBytes(StandardCharsets.UTF_8), "path", path), 200);
  }

  /** The content of a file. */
  public String read(String... parameters) {
    HttpResponse<byte[]> response = send("GET", "file", new byte[0], parameters);
    assertThat(response.statusCode()).isEqualTo(200);
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  /** The JSON of an answer that has to have this status. */
  public static JsonNode json(HttpResponse<byte[]> response, int status) {
    String body = new String(response.body(), StandardCharsets.UTF_8);
    assertThat(response.statusCode()).as(body).isEqualTo(status);
    try {
      return MAPPER.readTree(body);
    } catch (JsonProcessingException e) {
      throw new AssertionError(body, e);
    }
  }
}

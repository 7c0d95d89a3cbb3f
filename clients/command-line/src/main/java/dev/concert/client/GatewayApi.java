package dev.concert.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/** Requests to a gateway over HTTP, one at a time. Blocking. */
public final class GatewayApi implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** Longer than the server takes for anything. */
  private static final Duration LONGEST = Duration.ofMinutes(11);

  private final String url;
  private final Optional<String> token;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();

  /**
   * @param url of the gateway, for example {@code http://127.0.0.1:8080}
   * @param token that shows who the client is; empty for none
   */
  public GatewayApi(String url, Optional<String> token) {
    this.url = url.replaceFirst("/+$", "");
    this.token = token;
  }

  /** The whole address of a path of this gateway. */
  public String address(String path) {
    return url + path;
  }

  /**
   * The JSON that the server answers with.
   *
   * @param body null for a request without one
   * @throws ClientException when the server refuses the request, with its sentence, or does not
   *     answer
   */
  public JsonNode request(String method, String path, JsonNode body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address(path)))
            .timeout(LONGEST)
            .method(
                method,
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString()));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
    return answer(send(request.build()));
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new ClientException(
          "The server at %s does not answer. Start it with `concert up`, or correct CONCERT_URL."
              .formatted(url));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClientException("The request was interrupted.");
    }
  }

  private static JsonNode answer(HttpResponse<String> response) {
    JsonNode json;
    try {
      json = JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new ClientException(
          "The server answered with status %d and something that is not JSON."
              .formatted(response.statusCode()));
    }
    if (response.statusCode() >= 400) {
      String sentence = json.path("detail").asText(json.path("title").asText());
      throw new ClientException(
          sentence.isEmpty()
              ? "The server refused with status %d.".formatted(response.statusCode())
              : sentence);
    }
    return json;
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}

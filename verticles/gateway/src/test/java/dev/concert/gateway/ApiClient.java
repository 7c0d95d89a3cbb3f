package dev.concert.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.json.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** A program that uses the gateway over HTTP. */
public record ApiClient(int port) {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /**
   * @param body JSON with single quotes for double ones; empty for none
   * @param headers names and values
   */
  public HttpResponse<String> send(String method, String path, String body, String... headers) {
    try {
      return HTTP.send(request(method, path, body, headers), BodyHandlers.ofString());
    } catch (Exception e) {
      throw new AssertionError(method + " " + path, e);
    }
  }

  HttpRequest request(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request.build();
  }

  public HttpResponse<String> get(String path, String... headers) {
    return send("GET", path, "", headers);
  }

  public HttpResponse<String> post(String path, String body, String... headers) {
    return send("POST", path, body, headers);
  }

  /** The body of a response of this status. */
  public static JsonNode json(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    try {
      return Json.MAPPER.readTree(response.body());
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(response.body(), e);
    }
  }

  public static String code(HttpResponse<String> response, int status) {
    return json(response, status).path("code").asText();
  }

  /** The path of a new session. */
  public String createSession() {
    HttpResponse<String> created = post("/api/sessions", "{'agentType':'echo'}");
    return "/api/sessions/" + json(created, 201).path("session").path("id").asText();
  }
}

package dev.concert.ensemble;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** A client as an agent is one: the JDK's own HTTP, nothing of ours. */
public final class EnsembleClient {
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String url;
  private final String token;

  public EnsembleClient(String url, String token) {
    this.url = url;
    this.token = token;
  }

  public Sse stream(String body) {
    HttpResponse<String> response = send(request("/api/v1/stream", body).build());
    boolean events =
        response.headers().firstValue("content-type").orElse("").startsWith("text/event-stream");
    return new Sse(
        response.statusCode(),
        response.headers().firstValue("x-request-id").orElse(""),
        events ? events(response.body()) : List.of(),
        events ? Json.MAPPER.nullNode() : json(response.body()));
  }

  /** A stream line by line, each as soon as it is there. */
  public void streamLines(String body, Consumer<String> each) {
    try {
      http.send(request("/api/v1/stream", body).build(), HttpResponse.BodyHandlers.ofLines())
          .body()
          .forEach(each);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public HttpResponse<String> post(String path, String body) {
    return send(request(path, body).build());
  }

  public HttpResponse<String> get(String path) {
    return send(builder(path).GET().build());
  }

  public HttpRequest.Builder request(String path, String body) {
    return builder(path).POST(HttpRequest.BodyPublishers.ofString(body));
  }

  public HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public static JsonNode json(String text) {
    try {
      return Json.MAPPER.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException("Not JSON: " + text, e);
    }
  }

  private HttpRequest.Builder builder(String path) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofMinutes(2));
    return token.isEmpty() ? builder : builder.header("Authorization", "Bearer " + token);
  }

  private static List<Sse.Event> events(String body) {
    List<Sse.Event> events = new ArrayList<>();
    for (String event : body.split("\n\n")) {
      List<String> lines = Arrays.asList(event.split("\n"));
      events.add(
          new Sse.Event(
              lines.getFirst().substring("event: ".length()),
              json(lines.getLast().substring("data: ".length()))));
    }
    return events;
  }
}

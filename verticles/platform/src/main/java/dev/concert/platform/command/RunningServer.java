package dev.concert.platform.command;

import dev.concert.client.ClientException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** Finds the server that somebody started already. */
final class RunningServer {
  static final String DEFAULT_URL = "http://127.0.0.1:8080";

  private RunningServer() {}

  /**
   * The server that {@code CONCERT_URL} names, or the one on the default port if it answers as
   * Concert does.
   *
   * @throws ClientException when {@code CONCERT_URL} names one that does not answer
   */
  static Optional<String> find() {
    String named = System.getenv("CONCERT_URL");
    if (named == null || named.isBlank()) {
      return Optional.of(DEFAULT_URL).filter(RunningServer::answers);
    }
    if (!answers(named)) {
      throw new ClientException(
          "No Concert answers at %s; start it, or unset CONCERT_URL.".formatted(named));
    }
    return Optional.of(named);
  }

  private static boolean answers(String url) {
    try (HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url.replaceFirst("/+$", "") + "/health"))
              .timeout(Duration.ofSeconds(3))
              .build();
      String body = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
      return body.contains("\"podium\"");
    } catch (IOException | IllegalArgumentException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}

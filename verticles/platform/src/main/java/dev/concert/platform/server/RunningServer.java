package dev.concert.platform.server;

import dev.concert.client.ClientException;
import dev.concert.client.ClientToken;
import dev.concert.client.GatewayApi;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds a server that runs already. */
public final class RunningServer {
  private static final int DEFAULT_PORT = 8080;
  private static final Pattern PORT = Pattern.compile("[1-9]\\d{0,4}");
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

  private RunningServer() {}

  /**
   * The server at {@code CONCERT_URL}; else the one that works on the data of this user; else the
   * one on the port in {@code PORT}, which is where {@code concert up} listens, or on 8080, if it
   * is a Concert server.
   *
   * @throws ClientException when the server at {@code CONCERT_URL} does not answer
   */
  public static Optional<String> find() {
    return find(System.getenv());
  }

  static Optional<String> find(Map<String, String> environment) {
    String named = environment.getOrDefault("CONCERT_URL", "");
    if (named.isBlank()) {
      return Stream.concat(
              ServerAddress.read(DataPlace.usual(environment)).stream(),
              Stream.of(defaultUrl(environment)))
          .distinct()
          .filter(RunningServer::answers)
          .findFirst();
    }
    if (!named.contains("://")) {
      throw new ClientException(
          "CONCERT_URL is '%s'. It must begin with http:// or https://.".formatted(named));
    }
    if (!answers(named)) {
      throw new ClientException(
          "No Concert server answers at %s. Start it, or unset CONCERT_URL.".formatted(named));
    }
    return Optional.of(named);
  }

  /**
   * The same for what cannot do without one.
   *
   * @throws ClientException when no server answers
   */
  public static String require() {
    return require(System.getenv());
  }

  static String require(Map<String, String> environment) {
    return find(environment)
        .orElseThrow(
            () ->
                new ClientException(
                    "No Concert server answers at %s. Start one with `concert up`, or set CONCERT_URL."
                        .formatted(defaultUrl(environment))));
  }

  /**
   * The API of the server that runs. The caller closes it.
   *
   * @throws ClientException when no server answers
   */
  public static GatewayApi gateway() {
    String url = require();
    return new GatewayApi(url, token(url, Optional.empty()));
  }

  /** Port 0 means that the port is unknown. */
  private static String defaultUrl(Map<String, String> environment) {
    String port = environment.getOrDefault("PORT", "").strip();
    return "http://127.0.0.1:" + (PORT.matcher(port).matches() ? port : DEFAULT_PORT);
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

  /**
   * The token for a server: the API key in this file or in {@code CONCERT_KEY}, the token in {@code
   * CONCERT_TOKEN}, or, for a server on this machine, that of a data folder where one usually is.
   * Blocking.
   *
   * @throws ClientException when the file holds no key
   */
  public static Optional<String> token(String url, Optional<Path> keyFile) {
    if (keyFile.isPresent()) {
      return keyFile.map(ClientToken::ofFile);
    }
    String key = System.getenv("CONCERT_KEY");
    return ClientToken.find(
        key == null || key.isBlank() ? System.getenv("CONCERT_TOKEN") : key,
        isOfThisMachine(url) ? List.of(DataPlace.usual()) : List.of());
  }

  /** Another machine must not get a token of this one. */
  private static boolean isOfThisMachine(String url) {
    String host = URI.create(url).getHost();
    return host != null && LOOPBACK.contains(host.toLowerCase(Locale.ROOT));
  }
}

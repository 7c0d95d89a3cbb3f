package dev.concert.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * How long it takes from starting the process to the first frame on an accepted connection: the
 * starter script, the same without the cache of classes, and a bare Vert.x HTTP server as a JVM of
 * its own.
 *
 * <p>Argument: how often each is started.
 */
public final class ColdStart {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final int times;
  private final Path home = Path.of(System.getProperty("concert.home"));

  private ColdStart(int times) {
    this.times = times;
  }

  public static void main(String[] arguments) throws Exception {
    ColdStart bench = new ColdStart(Integer.parseInt(arguments[0]));
    System.out.printf("| what | median ms | fastest ms | slowest ms |%n|---|---|---|---|%n");
    bench.report("bare Vert.x", bench::bare);
    bench.report("Concert", () -> bench.concert(""));
    bench.report("Concert without the cache of classes", () -> bench.concert("-XX:AOTMode=off"));
    System.exit(0);
  }

  private interface Start {
    long nanos() throws Exception;
  }

  private void report(String what, Start start) throws Exception {
    long[] seen = new long[times];
    for (int i = 0; i < times; i++) {
      seen[i] = start.nanos();
    }
    Arrays.sort(seen);
    System.out.printf(
        "| %s | %d | %d | %d |%n",
        what, seen[times / 2] / 1_000_000, seen[0] / 1_000_000, seen[times - 1] / 1_000_000);
  }

  private long bare() throws Exception {
    Path socket = Files.createTempDirectory("bench").resolve("s");
    long begin = System.nanoTime();
    try (Child server =
        Child.start(
            Child.java(List.of("-XX:+UseSerialGC"), BareRelay.class, socket.toString(), "1 1"),
            Map.of())) {
      int port = Integer.parseInt(server.line("ready").split(" ")[1]);
      HTTP.newWebSocketBuilder()
          .buildAsync(URI.create("ws://127.0.0.1:" + port + "/ws"), new FirstFrame())
          .get(10, TimeUnit.SECONDS)
          .abort();
      return System.nanoTime() - begin;
    }
  }

  private long concert(String options) throws Exception {
    Path data = Files.createTempDirectory("bench");
    List<String> command =
        List.of(home.resolve("concert").toString(), "up", "--port", "0", "--data", data.toString());
    long begin = System.nanoTime();
    try (Child server = Child.start(command, Map.of("CONCERT_JAVA_OPTS", options))) {
      String line = server.line("ready");
      FirstFrame first = new FirstFrame();
      WebSocket socket =
          HTTP.newWebSocketBuilder()
              .buildAsync(
                  URI.create(
                      line.substring(line.indexOf("http")).replaceFirst("http", "ws") + "/ws"),
                  first)
              .get(10, TimeUnit.SECONDS);
      first.seen.get(10, TimeUnit.SECONDS);
      long took = System.nanoTime() - begin;
      socket.abort();
      return took;
    } catch (IOException e) {
      throw new IOException("Concert did not start", e);
    }
  }

  private static final class FirstFrame implements WebSocket.Listener {
    private final CompletableFuture<Void> seen = new CompletableFuture<>();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      seen.complete(null);
      return null;
    }
  }
}

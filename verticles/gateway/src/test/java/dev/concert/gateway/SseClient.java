package dev.concert.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads server-sent events from a socket of its own, as slowly as a test wants. */
final class SseClient implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** An event as it came. */
  record Event(String name, long id, JsonNode data) {}

  private final Socket socket;
  private final BufferedReader lines;
  final List<String> head = new ArrayList<>();

  /**
   * @param body JSON with single quotes for double ones; empty for none
   * @param headers whole lines
   */
  SseClient(int port, String method, String path, String body, String... headers) {
    try {
      socket = new Socket();
      socket.setReceiveBufferSize(16 << 10);
      socket.connect(new java.net.InetSocketAddress("127.0.0.1", port));
      socket.setSoTimeout(60_000);
      byte[] bytes = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
      String start =
          "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept: text/event-stream\r\nConnection: close\r\n%sContent-Length: %d\r\n\r\n"
              .formatted(
                  method,
                  path,
                  port,
                  String.join("", List.of(headers).stream().map(one -> one + "\r\n").toList()),
                  bytes.length);
      socket.getOutputStream().write(start.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(bytes);
      lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The status line. Reads the head of the response. */
  String status() {
    try {
      for (String line = lines.readLine(); !line.isEmpty(); line = lines.readLine()) {
        head.add(line.toLowerCase(Locale.ROOT));
      }
      return head.getFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next event; empty at the end of the stream, however it ended. */
  Optional<Event> next() {
    if (head.isEmpty()) {
      status();
    }
    long end = System.nanoTime() + PATIENCE.toNanos();
    try {
      String name = null;
      long id = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (System.nanoTime() > end) {
          // The heartbeats of a stream keep the socket alive.
          throw new AssertionError("No event came in " + PATIENCE.toMinutes() + " minutes");
        }
        if (line.startsWith("event: ")) {
          name = line.substring(7);
        } else if (line.startsWith("id: ")) {
          id = Long.parseLong(line.substring(4));
        } else if (line.startsWith("data: ")) {
          String data = line.substring(6);
          // An event counts when the empty line after it has come.
          String empty = lines.readLine();
          return empty == null
              ? Optional.empty()
              : Optional.of(new Event(name, id, Json.MAPPER.readTree(data)));
        }
      }
      return Optional.empty();
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("Nothing came in a minute", e);
    } catch (IOException cut) {
      return Optional.empty();
    }
  }

  /** Everything up to the end of the stream. */
  List<Event> rest() {
    List<Event> all = new ArrayList<>();
    for (Optional<Event> one = next(); one.isPresent(); one = next()) {
      all.add(one.get());
    }
    return all;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.concert.ensemble.api;

import dev.concert.ensemble.RunningEnsemble;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** What goes over the wire, to the letter. */
final class RawExchange {
  private RawExchange() {}

  static String post(int port, String path, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head =
        "POST %s HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer %s\r\nConnection: close\r\n"
            + "Content-Length: %d\r\n\r\n";
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              head.formatted(path, RunningEnsemble.KEY, bytes.length)
                  .getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().write(bytes);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

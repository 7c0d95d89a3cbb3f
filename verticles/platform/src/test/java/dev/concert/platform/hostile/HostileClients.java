package dev.concert.platform.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.RawWebSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/** Attacks on a gateway, each with what it must not achieve. */
final class HostileClients implements AutoCloseable {
  /** Below the rate of a connection, so that each frame is looked at. */
  private static final int FRAMES_OF_A_CONNECTION = 50;

  private static final long DRIP_NANOS = 500_000_000;

  private final int port;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  HostileClients(int port) {
    this.port = port;
  }

  /** Sends frames, and waits for the answer to each. */
  void frames(int count, int clients, long seed, List<String> sessions) throws Exception {
    List<Future<?>> running = new ArrayList<>();
    for (int client = 0; client < clients; client++) {
      HostileFrames frames = new HostileFrames(seed + client, sessions);
      running.add(threads.submit(() -> frames(count / clients, frames)));
    }
    for (Future<?> one : running) {
      one.get();
    }
  }

  private void frames(int count, HostileFrames frames) {
    int sent = 0;
    while (sent < count) {
      try (RawWebSocket socket = RawWebSocket.open(port, "/ws")) {
        socket.awaitText("\"authenticated\"");
        boolean goesOn = true;
        for (int i = 0; i < FRAMES_OF_A_CONNECTION && sent < count && goesOn; i++) {
          goesOn = exchange(socket, frames.next());
          sent++;
        }
      }
    }
  }

  /** Whether the connection goes on. */
  private static boolean exchange(RawWebSocket socket, HostileFrames.HostileFrame frame) {
    socket.send(frame.bytes());
    if (frame.expected() == HostileFrames.Expected.CLOSE) {
      assertThat(socket.awaitClose()).isIn(1002, 1007, 1009, 4400);
      return false;
    }
    while (true) {
      Optional<RawWebSocket.Frame> answer = socket.read();
      assertThat(answer).as(() -> "an answer to " + shown(frame)).isPresent();
      if (answer.get().opcode() == RawWebSocket.CLOSE) {
        throw new AssertionError(
            "The server closed with %d after %s".formatted(answer.get().closeCode(), shown(frame)));
      }
      if (answer.get().opcode() == RawWebSocket.TEXT && answers(answer.get().text(), frame)) {
        return true;
      }
    }
  }

  private static boolean answers(String text, HostileFrames.HostileFrame frame) {
    assertThat(text).doesNotContain("Exception", "\tat ", "/tmp/");
    return text.contains("\"requestId\":\"" + frame.requestId() + '"')
        || text.contains("\"type\":\"error\"");
  }

  private static String shown(HostileFrames.HostileFrame frame) {
    String text = new String(frame.bytes(), StandardCharsets.ISO_8859_1);
    return frame.requestId() + ", a frame of " + text.length() + " bytes";
  }

  /** Opens WebSockets and says nothing. */
  void silent(int count) {
    for (int i = 0; i < count; i++) {
      open.add(RawWebSocket.open(port, "/ws"));
    }
  }

  /** Asks for much, never reads an answer, and floods with pings; ends when it is cut off. */
  void neverReading(int count) {
    byte[] ping = RawWebSocket.last(RawWebSocket.PING, new byte[125]);
    byte[] list = RawWebSocket.text("{\"type\":\"list_sessions\",\"limit\":500}");
    for (int i = 0; i < count; i++) {
      RawWebSocket socket = RawWebSocket.open(port, "/ws");
      open.add(socket);
      threads.submit(
          () -> {
            while (socket.send(list) && socket.send(ping)) {
              // Until the server closes the connection.
            }
          });
    }
  }

  /** Begins handshakes and ends none. */
  void halfOpen(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      Socket socket = new Socket("127.0.0.1", port);
      open.add(socket);
      byte[] handshake = RawWebSocket.handshake(port, "/ws");
      socket.getOutputStream().write(handshake, 0, i % handshake.length);
    }
  }

  /** Uploads of which a byte comes now and then. */
  void drippingUploads(int count, String session) throws IOException {
    for (int i = 0; i < count; i++) {
      Socket socket = new Socket("127.0.0.1", port);
      open.add(socket);
      socket
          .getOutputStream()
          .write(
              ("PUT /api/sessions/%s/file?path=drip-%d HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
                      + "Content-Length: 1000000\r\n\r\n")
                  .formatted(session, i, port)
                  .getBytes(StandardCharsets.US_ASCII));
      threads.submit(() -> drip(socket));
    }
  }

  private static void drip(Socket socket) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        socket.getOutputStream().write('x');
        LockSupport.parkNanos(DRIP_NANOS);
      }
    } catch (IOException closed) {
      // By the server, or at the end of the attack.
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    for (AutoCloseable one : open) {
      try {
        one.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    threads.close();
  }
}

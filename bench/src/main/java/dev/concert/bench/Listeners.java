package dev.concert.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import org.HdrHistogram.Recorder;

/**
 * WebSocket clients that note how long each delta was under way: agents write the monotonic clock
 * of this machine into the text, and this JVM reads the same clock.
 */
final class Listeners {
  /** How many connect at once: a benchmark of streams is none of the rush at its beginning. */
  private static final int GROUP = 50;

  private static final String TEXT = "\"text\":";

  /** Keeps a reference: Vert.x closes a client and its sockets once it is unreachable. */
  private final WebSocketClient client;

  private final Recorder recorder = new Recorder(3);
  private final ConcurrentLinkedQueue<WebSocket> sockets = new ConcurrentLinkedQueue<>();

  Listeners(Vertx vertx, int count) {
    client =
        vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(count + 10));
  }

  Recorder recorder() {
    return recorder;
  }

  /**
   * @param other called with every frame that is no delta
   */
  Future<Void> connect(int count, int port, BiConsumer<WebSocket, String> other) {
    Future<Void> opened = Future.succeededFuture();
    for (int done = 0; done < count; done += GROUP) {
      int group = Math.min(GROUP, count - done);
      opened = opened.compose(_ -> connectGroup(group, port, other));
    }
    return opened;
  }

  private Future<Void> connectGroup(int count, int port, BiConsumer<WebSocket, String> other) {
    List<Future<?>> opening = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      var socket = client.webSocket();
      socket.textMessageHandler(frame -> receive(frame, () -> other.accept(socket, frame)));
      opening.add(socket.connect(port, "127.0.0.1", "/ws").onSuccess(sockets::add));
    }
    return Future.all(opening).mapEmpty();
  }

  private void receive(String frame, Runnable other) {
    long now = System.nanoTime();
    int text = frame.contains("text_delta") ? frame.indexOf(TEXT) : -1;
    if (text < 0) {
      other.run();
      return;
    }
    int begin = frame.indexOf('"', text + TEXT.length()) + 1;
    long sent = Long.parseLong(frame, begin, frame.indexOf(' ', begin), 10);
    recorder.recordValue(Math.max(0, now - sent));
  }

  void close() {
    sockets.forEach(WebSocket::close);
  }
}

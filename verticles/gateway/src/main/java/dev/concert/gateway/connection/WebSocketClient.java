package dev.concert.gateway.connection;

import dev.concert.error.Problem;
import dev.concert.protocol.EventCodec;
import dev.concert.protocol.Identity;
import dev.concert.protocol.ServerEvent;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.ServerWebSocket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client at the other end of a WebSocket. */
final class WebSocketClient implements Client {
  private static final Logger LOG = LoggerFactory.getLogger(WebSocketClient.class);

  /** A client with more than this many characters unsent is cut off. */
  static final long MAX_BACKLOG = 8L << 20;

  /** A replay goes on when no more than this is unsent. */
  private static final long WRITABLE = 256L << 10;

  private final String id;
  private final ServerWebSocket socket;
  private final AtomicLong backlog = new AtomicLong();
  private final Queue<Promise<Void>> waiting = new ConcurrentLinkedQueue<>();
  private volatile Identity identity;
  private volatile boolean closed;

  WebSocketClient(String id, ServerWebSocket socket) {
    this.id = id;
    this.socket = socket;
  }

  @Override
  public String id() {
    return id;
  }

  /** Null until the client is authenticated; nobody but its connection knows it before. */
  @Override
  public Identity identity() {
    return identity;
  }

  void identify(Identity who) {
    identity = who;
  }

  @Override
  public void send(String json) {
    if (closed) {
      return;
    }
    if (backlog.addAndGet(json.length()) > MAX_BACKLOG) {
      LOG.info("Client {} reads too slowly and is cut off", id);
      close(CloseCode.SLOW_CONSUMER);
      return;
    }
    socket.writeTextMessage(json).onComplete(_ -> sent(json.length()));
  }

  private void sent(int length) {
    if (backlog.addAndGet(-length) <= WRITABLE) {
      for (Promise<Void> one = waiting.poll(); one != null; one = waiting.poll()) {
        one.tryComplete();
      }
    }
  }

  @Override
  public Future<Void> writable() {
    if (closed) {
      return Future.failedFuture("The client is gone");
    }
    if (backlog.get() <= WRITABLE) {
      return Future.succeededFuture();
    }
    Promise<Void> promise = Promise.promise();
    waiting.add(promise);
    sent(0);
    return promise.future();
  }

  @Override
  public void reply(String requestId, ServerEvent event) {
    send(EventCodec.encode(event, requestId));
  }

  @Override
  public void refuse(String requestId, Problem problem) {
    reply(
        requestId,
        new ServerEvent.Error(
            problem.code().name(),
            problem.forPerson(),
            problem.retryAfterMs() > 0 ? problem.retryAfterMs() : null));
  }

  void close(CloseCode code) {
    if (!closed) {
      closed = true;
      socket.close(code.number(), code.reason());
      gone();
    }
  }

  /** The socket is closed, whoever closed it. */
  void gone() {
    closed = true;
    for (Promise<Void> one = waiting.poll(); one != null; one = waiting.poll()) {
      one.tryFail("The client is gone");
    }
  }

  @Override
  public boolean closed() {
    return closed;
  }
}

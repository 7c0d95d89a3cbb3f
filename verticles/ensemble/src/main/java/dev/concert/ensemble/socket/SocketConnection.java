package dev.concert.ensemble.socket;

import dev.concert.ensemble.call.GatewayLatency;
import dev.concert.ensemble.http.ErrorBody;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.foundation.http.StrictWebSocket;
import io.vertx.core.Future;
import io.vertx.core.http.ServerWebSocket;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/**
 * A client's connection and its calls. A client that does not read slows down its own calls only.
 * Lives on its socket's context.
 */
final class SocketConnection {
  /**
   * Limit of concurrent calls, above what an agent with its subagents needs; each may hold a
   * response in memory.
   */
  static final int MOST_CALLS = 64;

  private static final short POLICY = 1008;
  private static final short GOING_AWAY = 1001;

  private final ServerWebSocket socket;
  private final StrictWebSocket strict;
  private final SocketCalls starter;
  private final Map<String, SocketCall> calls = new HashMap<>();
  private final Queue<Runnable> held = new ArrayDeque<>();

  /** The key, which is checked for every call, so that a revoked one makes no more calls. */
  private Optional<String> token;

  private boolean draining;

  SocketConnection(StrictWebSocket strict, SocketCalls starter, Optional<String> token) {
    this.strict = strict;
    this.socket = strict.socket();
    this.starter = starter;
    this.token = token;
    socket.textMessageHandler(this::received);
    socket.binaryMessageHandler(bytes -> refuse(null, textOnly()));
    socket.drainHandler(drained -> goOn());
    socket.closeHandler(closed -> closed());
    socket.shutdownHandler(stopping -> drain());
  }

  boolean isKnown() {
    return token.isPresent();
  }

  void close(String why) {
    strict.close(POLICY, why);
  }

  void send(SocketReply message) {
    if (!socket.isClosed()) {
      socket.writeTextMessage(message.text());
    }
  }

  void ended(SocketCall call, SocketReply last) {
    calls.remove(call.id());
    send(last);
    closeWhereDrained();
  }

  boolean full() {
    return !socket.isClosed() && socket.writeQueueFull();
  }

  void whenDrained(Runnable action) {
    held.add(action);
  }

  private void goOn() {
    for (int waiting = held.size(); waiting > 0 && !full(); waiting--) {
      held.remove().run();
    }
  }

  private void received(String text) {
    GatewayLatency time = GatewayLatency.begin();
    Future<SocketRequest> message = starter.read(text);
    boolean later = !message.isComplete() || full();
    if (later) {
      socket.pause();
    }
    // One handler for both: of two, the second may run at once where a worker has just ended the
    // message, before the first has had its turn. Then the next message would overtake this one.
    message.onComplete(
        read -> {
          if (read.succeeded()) {
            act(read.result(), text.length(), time);
          } else {
            refuse(null, Problem.of(read.cause()));
          }
          if (later) {
            readOn();
          }
        });
  }

  private void act(SocketRequest message, int size, GatewayLatency time) {
    if (socket.isClosed()) {
      return;
    }
    switch (message) {
      case SocketRequest.Auth auth -> authenticate(auth);
      case SocketRequest.Request request -> request(request, size, time);
      case SocketRequest.Cancel cancel -> cancel(cancel);
      case SocketRequest.Ping ping -> send(new SocketReply.Pong());
    }
  }

  /** Reads on once the client has taken in what it was sent: replies must not pile up. */
  private void readOn() {
    if (full()) {
      whenDrained(this::readOn);
    } else {
      socket.resume();
    }
  }

  private void authenticate(SocketRequest.Auth auth) {
    try {
      starter.caller(Optional.of(auth.apiKey()));
    } catch (ConcertException refused) {
      refuse(null, refused.problem());
      close("authentication failed");
      return;
    }
    token = Optional.of(auth.apiKey());
    send(new SocketReply.Authenticated());
  }

  private void request(SocketRequest.Request request, int size, GatewayLatency time) {
    String id = request.requestId();
    try {
      starter.caller(token);
    } catch (ConcertException refused) {
      refuse(id, refused.problem());
      return;
    }
    if (calls.containsKey(id)) {
      refuse(id, new Problem(ErrorCode.INVALID_MESSAGE, "request_id: is in use by another call."));
      return;
    }
    if (calls.size() >= MOST_CALLS || draining) {
      refuse(id, noRoom());
      return;
    }
    SocketCall call = new SocketCall(this, id, time);
    calls.put(id, call);
    starter
        .start(token, request, size, call, time)
        .onSuccess(call::started)
        .onFailure(refused -> call.failed(Problem.of(refused)));
  }

  private Problem noRoom() {
    return draining
        ? new Problem(ErrorCode.ENSEMBLE_UNAVAILABLE, "Ensemble is stopping; connect again.")
        : new Problem(
            ErrorCode.RATE_LIMITED,
            "This connection already has %d calls in progress.".formatted(MOST_CALLS));
  }

  private void cancel(SocketRequest.Cancel cancel) {
    // If it has just ended, its end has already been sent.
    Optional.ofNullable(calls.remove(cancel.requestId()))
        .ifPresent(
            call -> {
              call.cancel();
              send(new SocketReply.Cancelled(call.id()));
              closeWhereDrained();
            });
  }

  private void refuse(String requestId, Problem problem) {
    send(new SocketReply.Failed(requestId, ErrorBody.of(problem), null));
  }

  private static Problem textOnly() {
    return new Problem(ErrorCode.INVALID_JSON, "Messages must be text.");
  }

  private void closed() {
    held.clear();
    List.copyOf(calls.values()).forEach(SocketCall::abandon);
    calls.clear();
  }

  private void drain() {
    draining = true;
    closeWhereDrained();
  }

  private void closeWhereDrained() {
    if (draining && calls.isEmpty()) {
      strict.close(GOING_AWAY, "Ensemble is stopping");
    }
  }
}

package dev.concert.ensemble.socket;

import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.api.ErrorBody;
import dev.concert.ensemble.stream.OwnTime;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import io.vertx.core.Future;
import io.vertx.core.http.ServerWebSocket;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/**
 * One client with its calls. What it does not read holds back its own calls and nobody else's.
 * Lives on its socket's context.
 */
final class SocketConnection {
  /** More calls at once than an agent with its helpers makes; each may hold an answer. */
  static final int MOST_CALLS = 64;

  private static final short POLICY = 1008;
  private static final short GOING_AWAY = 1001;
  private static final short TOO_BIG = 1009;

  private final ServerWebSocket socket;
  private final SocketCalls starter;
  private final Map<String, SocketCall> calls = new HashMap<>();
  private final Queue<Runnable> held = new ArrayDeque<>();

  /** The key is kept, not what it once stood for: one that is withdrawn makes no more calls. */
  private Optional<String> token;

  private boolean draining;

  SocketConnection(ServerWebSocket socket, SocketCalls starter, Optional<String> token) {
    this.socket = socket;
    this.starter = starter;
    this.token = token;
    socket.textMessageHandler(this::heard);
    socket.binaryMessageHandler(bytes -> refuse(null, textOnly()));
    socket.exceptionHandler(this::broken);
    socket.drainHandler(drained -> goOn());
    socket.closeHandler(closed -> closed());
    socket.shutdownHandler(stopping -> drain());
  }

  boolean isKnown() {
    return token.isPresent();
  }

  void close(String why) {
    socket.close(POLICY, why);
  }

  void send(ServerMessage message) {
    if (!socket.isClosed()) {
      socket.writeTextMessage(message.text());
    }
  }

  void ended(SocketCall call, ServerMessage last) {
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

  private void heard(String text) {
    OwnTime time = OwnTime.begin();
    Future<ClientMessage> message = starter.read(text);
    boolean later = !message.isComplete();
    if (later) {
      socket.pause();
    }
    message
        .onSuccess(said -> act(said, text.length(), time))
        .onFailure(wrong -> refuse(null, Problem.of(wrong)));
    if (later) {
      // Last, as it may hand over the next message at once: that stays behind this one.
      message.onComplete(done -> socket.resume());
    }
  }

  private void act(ClientMessage message, int size, OwnTime time) {
    if (socket.isClosed()) {
      return;
    }
    switch (message) {
      case ClientMessage.Auth auth -> authenticate(auth);
      case ClientMessage.Request request -> request(request, size, time);
      case ClientMessage.Cancel cancel -> cancel(cancel);
      case ClientMessage.Ping ping -> send(new ServerMessage.Pong());
    }
  }

  /** Vert.x drops a message that is too long, and goes on in the middle of it. */
  private void broken(Throwable failure) {
    if (failure instanceof IllegalStateException) {
      socket.close(TOO_BIG, "A message may have 32 MiB at most.");
    }
  }

  private void authenticate(ClientMessage.Auth auth) {
    try {
      starter.caller(Optional.of(auth.apiKey()));
    } catch (ConcertException refused) {
      refuse(null, refused.problem());
      close("authentication failed");
      return;
    }
    token = Optional.of(auth.apiKey());
    send(new ServerMessage.Authenticated());
  }

  private void request(ClientMessage.Request request, int size, OwnTime time) {
    String id = request.requestId();
    Caller caller;
    try {
      caller = starter.caller(token);
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
        .start(caller, request, size, call, time)
        .onSuccess(call::started)
        .onFailure(refused -> call.failed(Problem.of(refused)));
  }

  private Problem noRoom() {
    return draining
        ? new Problem(ErrorCode.ENSEMBLE_UNAVAILABLE, "Ensemble is stopping; connect again.")
        : new Problem(
            ErrorCode.RATE_LIMITED,
            "%d calls are under way on this connection.".formatted(MOST_CALLS));
  }

  private void cancel(ClientMessage.Cancel cancel) {
    // It may have ended a moment ago: then its end is already on the way.
    Optional.ofNullable(calls.remove(cancel.requestId()))
        .ifPresent(
            call -> {
              call.cancel();
              send(new ServerMessage.Cancelled(call.id()));
              closeWhereDrained();
            });
  }

  private void refuse(String requestId, Problem problem) {
    send(new ServerMessage.Failed(requestId, ErrorBody.of(problem), null));
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
      socket.close(GOING_AWAY, "Ensemble is stopping");
    }
  }
}

package dev.concert.ensemble.socket;

import dev.concert.ensemble.access.AccessTokens;
import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.RequestReader;
import dev.concert.ensemble.stream.CallIdentity;
import dev.concert.ensemble.stream.CallStart;
import dev.concert.ensemble.stream.RunningCall;
import dev.concert.error.ConcertException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;

/** Makes the calls of connections the way those of HTTP are made. */
final class SocketCalls {
  /** A request over this is read on a worker: it would hold up the event loop. */
  private static final int LARGE_MESSAGE = 128 * 1024;

  private final Vertx vertx;
  private final AccessTokens tokens;
  private final CallStart calls;

  SocketCalls(Vertx vertx, AccessTokens tokens, CallStart calls) {
    this.vertx = vertx;
    this.tokens = tokens;
    this.calls = calls;
  }

  Optional<Caller> caller(Optional<String> token) {
    return token.flatMap(tokens::find);
  }

  private record Question(InferenceRequest request, CallStart.Prompt prompt) {}

  /**
   * @param size characters of the whole message
   */
  Future<RunningCall> start(
      Caller caller, ClientMessage.Request message, int size, SocketCall answer) {
    long arrived = System.nanoTime();
    return read(message, size)
        .compose(
            question ->
                calls.start(
                    new CallStart.Ask(
                        new CallIdentity(message.requestId(), caller),
                        question.request(),
                        question.prompt(),
                        "ws",
                        message.session(),
                        admitted -> {},
                        true,
                        () -> answer,
                        arrived)));
  }

  private Future<Question> read(ClientMessage.Request message, int size) {
    if (size > LARGE_MESSAGE) {
      return vertx.executeBlocking(() -> question(message), false);
    }
    try {
      return Future.succeededFuture(question(message));
    } catch (ConcertException wrong) {
      return Future.failedFuture(wrong);
    }
  }

  private Question question(ClientMessage.Request message) {
    InferenceRequest request = RequestReader.read(message.body());
    return new Question(request, calls.prompt(request));
  }
}

package dev.concert.ensemble.socket;

import dev.concert.ensemble.access.AccessTokens;
import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.RequestReader;
import dev.concert.ensemble.stream.BodyReader;
import dev.concert.ensemble.stream.CallIdentity;
import dev.concert.ensemble.stream.CallStart;
import dev.concert.ensemble.stream.OwnTime;
import dev.concert.ensemble.stream.RunningCall;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;

/** Makes the calls of connections the way those of HTTP are made. */
final class SocketCalls {
  private final BodyReader reader;
  private final AccessTokens tokens;
  private final CallStart calls;

  SocketCalls(Vertx vertx, AccessTokens tokens, CallStart calls) {
    this.reader = new BodyReader(vertx);
    this.tokens = tokens;
    this.calls = calls;
  }

  /**
   * @throws dev.concert.error.ConcertException where it is none that may call
   */
  Caller caller(Optional<String> token) {
    return tokens.caller(token);
  }

  /** Reads a message: a large one on a worker, which takes a while. */
  Future<ClientMessage> read(String text) {
    return reader.read(text.length(), () -> ClientMessage.read(text));
  }

  private record Question(InferenceRequest request, CallStart.Prompt prompt) {}

  /**
   * @param size characters of the whole message
   */
  Future<RunningCall> start(
      Caller caller, ClientMessage.Request message, int size, SocketCall answer, OwnTime time) {
    return reader
        .read(size, () -> question(caller, message))
        .compose(
            question ->
                calls.start(
                    new CallStart.Ask(
                        new CallIdentity(message.requestId(), caller),
                        question.request(),
                        question.prompt(),
                        "ws",
                        message.session(),
                        admitted -> answer.admitted(admitted.left()),
                        message.outlives(),
                        () -> answer,
                        time.arrived())));
  }

  private Question question(Caller caller, ClientMessage.Request message) {
    InferenceRequest request = RequestReader.read(message.body());
    return new Question(request, calls.prompt(caller, request));
  }
}

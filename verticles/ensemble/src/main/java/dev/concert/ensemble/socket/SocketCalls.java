package dev.concert.ensemble.socket;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.access.AccessTokens;
import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.call.GatewayLatency;
import dev.concert.ensemble.call.InferenceCall;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.message.RequestReader;
import dev.concert.ensemble.pipeline.BodyReader;
import dev.concert.ensemble.pipeline.CallInput;
import dev.concert.ensemble.pipeline.CallPipeline;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/** Makes the calls of connections, through the pipeline. */
final class SocketCalls {
  private final BodyReader reader;
  private final AccessTokens tokens;
  private final CallPipeline calls;

  SocketCalls(Vertx vertx, AccessTokens tokens, CallPipeline calls) {
    this.reader = new BodyReader(vertx);
    this.tokens = tokens;
    this.calls = calls;
  }

  /**
   * Finds the caller of a token.
   *
   * @throws dev.concert.error.ConcertException {@code UNAUTHENTICATED} or {@code AUTH_FAILED}
   */
  Caller caller(Optional<String> token) {
    return tokens.caller(token);
  }

  /** The same, with every change of keys until now. */
  Future<Caller> authenticate(Optional<String> token) {
    return tokens.authenticate(token);
  }

  /** Parses a message: a large one on a worker. A key in it is known then, if it is valid. */
  Future<SocketRequest> read(String text) {
    Future<SocketRequest> read = reader.read(text.length(), () -> SocketRequest.read(text));
    return read.result() instanceof SocketRequest.Auth auth
        ? authenticate(Optional.of(auth.apiKey())).transform(_ -> read)
        : read;
  }

  private record Content(ObjectNode body, SocketCall sink) implements CallInput.Content {
    @Override
    public CallInput.Parsed parsed() {
      return new CallInput.Parsed(RequestReader.read(body), () -> sink);
    }

    @Override
    public Buffer bytes() {
      return ExactJson.bytes(body);
    }

    @Override
    public Content with(Buffer other) {
      return new Content(VendorJson.object(other), sink);
    }
  }

  /**
   * Makes a call.
   *
   * @param token the key of the connection
   * @param size characters of the whole message
   */
  Future<InferenceCall> start(
      Optional<String> token,
      SocketRequest.Request message,
      int size,
      SocketCall sink,
      GatewayLatency latency) {
    return calls.start(
        new CallInput(
            message.requestId(),
            token,
            size,
            new Content(message.body(), sink),
            "ws",
            message.session(),
            message.outlives(),
            sink::admitted,
            latency.arrived()));
  }
}

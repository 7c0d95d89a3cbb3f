package dev.concert.ensemble.socket;

import dev.concert.ensemble.admission.RemainingLimits;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.call.GatewayLatency;
import dev.concert.ensemble.call.InferenceCall;
import dev.concert.ensemble.call.ResponseSink;
import dev.concert.ensemble.http.ErrorBody;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.ensemble.message.RoutingSummary;
import dev.concert.error.Problem;
import java.math.BigDecimal;
import java.util.Optional;

/** A call of a connection, from its message to its end. Lives on the connection's context. */
final class SocketCall implements ResponseSink {
  private final SocketConnection connection;
  private final String id;
  private final GatewayLatency time;
  private Optional<InferenceCall> running = Optional.empty();
  private Optional<RemainingLimits> limits = Optional.empty();
  private Optional<BigDecimal> overhead = Optional.empty();
  private boolean over;
  private boolean cancelled;

  SocketCall(SocketConnection connection, String id, GatewayLatency time) {
    this.connection = connection;
    this.id = id;
    this.time = time;
  }

  String id() {
    return id;
  }

  /** Notes what is left of the key's limits. */
  void admitted(RemainingLimits left) {
    limits = Optional.of(left);
  }

  /** The call has started; it may have been cancelled meanwhile. */
  void started(InferenceCall call) {
    running = Optional.of(call);
    if (cancelled) {
      call.cancel();
    } else if (over) {
      call.clientGone();
    }
  }

  /** The client has disconnected. */
  void abandon() {
    over = true;
    running.ifPresent(InferenceCall::clientGone);
  }

  /** The client cancels the call. */
  void cancel() {
    over = true;
    cancelled = true;
    running.ifPresent(InferenceCall::cancel);
  }

  @Override
  public void block(Block block) {
    if (!over) {
      answered();
      connection.send(new SocketReply.Block(id, block));
    }
  }

  @Override
  public void done(InferenceResponse response) {
    end(new SocketReply.Done(id, response, facts(Optional.empty())));
  }

  @Override
  public void failed(Problem problem) {
    end(
        new SocketReply.Failed(
            id, ErrorBody.of(problem), facts(running.map(InferenceCall::routing))));
  }

  private BigDecimal answered() {
    BigDecimal own = overhead.orElseGet(() -> time.millis(running));
    overhead = Optional.of(own);
    return own;
  }

  private CallSummary facts(Optional<RoutingSummary> routing) {
    return new CallSummary(
        answered(), routing.orElse(null), limits.flatMap(RateLimitBody::of).orElse(null));
  }

  private void end(SocketReply last) {
    if (!over) {
      over = true;
      connection.ended(this, last);
    }
  }

  @Override
  public boolean full() {
    return connection.full();
  }

  @Override
  public void whenDrained(Runnable action) {
    connection.whenDrained(action);
  }
}

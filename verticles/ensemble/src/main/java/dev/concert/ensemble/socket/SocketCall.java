package dev.concert.ensemble.socket;

import dev.concert.ensemble.admission.LimitsLeft;
import dev.concert.ensemble.api.ErrorBody;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.ensemble.routing.Routing;
import dev.concert.ensemble.stream.AnswerSink;
import dev.concert.ensemble.stream.OwnTime;
import dev.concert.ensemble.stream.RunningCall;
import dev.concert.error.Problem;
import java.math.BigDecimal;
import java.util.Optional;

/** One call of a connection, from its message to its end. Lives on the connection's context. */
final class SocketCall implements AnswerSink {
  private final SocketConnection connection;
  private final String id;
  private final OwnTime time;
  private Optional<RunningCall> running = Optional.empty();
  private Optional<LimitsLeft> limits = Optional.empty();
  private Optional<BigDecimal> overhead = Optional.empty();
  private boolean over;
  private boolean cancelled;

  SocketCall(SocketConnection connection, String id, OwnTime time) {
    this.connection = connection;
    this.id = id;
    this.time = time;
  }

  String id() {
    return id;
  }

  /** What is left to the key that makes it. */
  void admitted(LimitsLeft left) {
    limits = Optional.of(left);
  }

  /** It is under way; nobody may be waiting for it any more. */
  void started(RunningCall call) {
    running = Optional.of(call);
    if (cancelled) {
      call.cancel();
    } else if (over) {
      call.clientGone();
    }
  }

  /** The client is gone. */
  void abandon() {
    over = true;
    running.ifPresent(RunningCall::clientGone);
  }

  /** The client does not want it any more. */
  void cancel() {
    over = true;
    cancelled = true;
    running.ifPresent(RunningCall::cancel);
  }

  @Override
  public void block(Block block) {
    if (!over) {
      answered();
      connection.send(new ServerMessage.Block(id, block));
    }
  }

  @Override
  public void done(InferenceResponse response) {
    end(new ServerMessage.Done(id, response, facts(Optional.empty())));
  }

  @Override
  public void failed(Problem problem) {
    end(
        new ServerMessage.Failed(
            id, ErrorBody.of(problem), facts(running.map(RunningCall::routing))));
  }

  private BigDecimal answered() {
    BigDecimal own = overhead.orElseGet(() -> time.millis(running));
    overhead = Optional.of(own);
    return own;
  }

  private CallFacts facts(Optional<Routing> routing) {
    return new CallFacts(
        answered(), routing.orElse(null), limits.flatMap(RateLimitBody::of).orElse(null));
  }

  private void end(ServerMessage last) {
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

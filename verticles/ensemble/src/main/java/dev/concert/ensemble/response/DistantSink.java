package dev.concert.ensemble.response;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.call.ResponseSink;
import dev.concert.ensemble.loop.LoopContext;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.error.Problem;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A sink whose client is at another event loop than the call: what it receives goes over in order,
 * and a client that reads slowly holds the sender back. Used on the context of the call.
 */
final class DistantSink implements ResponseSink {
  /** Blocks that may be on their way. */
  private static final int MOST_UNDER_WAY = 64;

  private final ResponseSink sink;
  private final LoopContext there;
  private final LoopContext here;
  private final AtomicInteger underWay = new AtomicInteger();
  private volatile boolean full;

  /**
   * @param there where the sink lives
   * @param here where the call lives
   */
  DistantSink(ResponseSink sink, LoopContext there, LoopContext here) {
    this.sink = sink;
    this.there = there;
    this.here = here;
  }

  @Override
  public void block(Block block) {
    underWay.incrementAndGet();
    there.run(
        () -> {
          sink.block(block);
          full = sink.full();
          underWay.decrementAndGet();
        });
  }

  @Override
  public void done(InferenceResponse whole) {
    there.run(() -> sink.done(whole));
  }

  @Override
  public void failed(Problem problem) {
    there.run(() -> sink.failed(problem));
  }

  @Override
  public boolean full() {
    return full || underWay.get() >= MOST_UNDER_WAY;
  }

  /** By then everything that is under way has gone over. */
  @Override
  public void whenDrained(Runnable action) {
    there.run(
        () -> {
          if (sink.full()) {
            sink.whenDrained(() -> drained(action));
          } else {
            drained(action);
          }
        });
  }

  private void drained(Runnable action) {
    full = false;
    here.run(action);
  }
}

package dev.concert.ensemble.response;

import dev.concert.ensemble.call.ResponseSink;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import java.util.Optional;
import java.util.function.Consumer;

/** A client that joined a response and reads it at its own pace. Not thread-safe. */
final class ResponseSubscriber {
  private static final Problem TOO_LONG =
      new Problem(
          ErrorCode.MESSAGE_TOO_LARGE,
          "The response is too long to be streamed again. Retrieve it when it has ended.");

  private final BlockBuffer blocks;
  private final ResponseSink sink;
  private int next;
  private boolean waiting;
  private boolean over;
  private Optional<Consumer<ResponseSink>> end = Optional.empty();

  ResponseSubscriber(BlockBuffer blocks, int after, ResponseSink sink) {
    this.blocks = blocks;
    this.next = after;
    this.sink = sink;
  }

  /** Sends new blocks as far as the client takes them. */
  void pump() {
    if (waiting || over) {
      return;
    }
    if (!blocks.complete()) {
      over = true;
      sink.failed(TOO_LONG);
      return;
    }
    while (next < blocks.count()) {
      if (sink.full()) {
        waiting = true;
        sink.whenDrained(this::drained);
        return;
      }
      sink.block(blocks.get(next++));
    }
    over = end.isPresent();
    end.ifPresent(last -> last.accept(sink));
  }

  /** Sends the end, after all blocks before it. */
  void end(Consumer<ResponseSink> last) {
    end = Optional.of(last);
    pump();
  }

  private void drained() {
    waiting = false;
    pump();
  }
}

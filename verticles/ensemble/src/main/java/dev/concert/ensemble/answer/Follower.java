package dev.concert.ensemble.answer;

import dev.concert.ensemble.stream.AnswerSink;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import java.util.Optional;
import java.util.function.Consumer;

/** Somebody who has joined an answer, and reads it at a pace of their own. Not thread-safe. */
final class Follower {
  private static final Problem TOO_LONG =
      new Problem(
          ErrorCode.MESSAGE_TOO_LARGE,
          "The answer has grown too long to be followed; retrieve it when it has ended.");

  private final BlockLog blocks;
  private final AnswerSink sink;
  private int next;
  private boolean waiting;
  private boolean over;
  private Optional<Consumer<AnswerSink>> end = Optional.empty();

  Follower(BlockLog blocks, int after, AnswerSink sink) {
    this.blocks = blocks;
    this.next = after;
    this.sink = sink;
  }

  /** Sends what has come since, as far as it is taken. */
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

  /** Says how it ended, once everything before was sent. */
  void end(Consumer<AnswerSink> last) {
    end = Optional.of(last);
    pump();
  }

  private void drained() {
    waiting = false;
    pump();
  }
}

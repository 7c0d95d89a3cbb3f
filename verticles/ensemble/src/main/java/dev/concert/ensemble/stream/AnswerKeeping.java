package dev.concert.ensemble.stream;

import dev.concert.ensemble.usage.CallReport;
import java.util.Optional;
import java.util.function.Supplier;

/** Keeps answers for clients that lose their connection. Used from the context of the calls. */
@FunctionalInterface
public interface AnswerKeeping {
  /** Nothing is kept: an answer ends with its client. */
  AnswerKeeping NONE =
      (identity, outlives, client) ->
          new Kept() {
            @Override
            public AnswerSink sink() {
              return client;
            }

            @Override
            public void started(RunningCall call) {
              // Nobody will ask for it.
            }

            @Override
            public Optional<Supplier<byte[]>> body(CallReport report) {
              return Optional.empty();
            }
          };

  /**
   * Begins to keep an answer.
   *
   * @param outlives whether the call goes on when its client is gone
   */
  Kept begin(CallIdentity identity, boolean outlives, AnswerSink client);

  /** An answer from its beginning to its end. */
  interface Kept {
    /** Where the answer goes to, in the place of the client itself. */
    AnswerSink sink();

    void started(RunningCall call);

    /** What is to be kept of an answer that has ended; the bytes are made on another thread. */
    Optional<Supplier<byte[]>> body(CallReport report);
  }
}

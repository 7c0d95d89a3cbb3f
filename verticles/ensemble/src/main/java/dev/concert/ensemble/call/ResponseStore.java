package dev.concert.ensemble.call;

import dev.concert.ensemble.ledger.AnswerBody;
import dev.concert.ensemble.usage.CallReport;
import java.util.Optional;

/** Stores responses for clients that lose their connection. Use it on the context of the calls. */
@FunctionalInterface
public interface ResponseStore {
  /** Stores nothing: a call ends with its client. */
  ResponseStore NONE =
      (identity, outlivesClient, client) ->
          new Entry() {
            @Override
            public ResponseSink sink() {
              return client;
            }

            @Override
            public void started(InferenceCall call) {
              // Not stored, so it is never looked up.
            }

            @Override
            public Optional<AnswerBody> body(CallReport report) {
              return Optional.empty();
            }
          };

  /**
   * Begins to store a response.
   *
   * @param outlivesClient whether the call goes on when its client is gone
   */
  Entry begin(CallIdentity identity, boolean outlivesClient, ResponseSink client);

  /** A response from its beginning to its end. */
  interface Entry {
    /** The sink of the call, which passes everything on to the client. */
    ResponseSink sink();

    /** The call has started. */
    void started(InferenceCall call);

    /** What to store when the call has ended. */
    Optional<AnswerBody> body(CallReport report);
  }
}

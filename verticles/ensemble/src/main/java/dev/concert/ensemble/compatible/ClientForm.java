package dev.concert.ensemble.compatible;

import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.stream.AnswerSink;
import dev.concert.error.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.function.Function;

/** One way in which a client asks and is answered. Thread-safe. */
public interface ClientForm {

  /** Its name in the ledger; stable. */
  String label();

  /**
   * A request as it was asked.
   *
   * @param answer makes where the answer goes, once it is known that there will be one
   */
  record Asked(InferenceRequest request, Function<Exchange, AnswerSink> answer) {}

  /**
   * Reads and checks a body.
   *
   * @throws dev.concert.error.ConcertException naming the wrong field
   */
  Asked read(Buffer body);

  /** Answers that nothing will be answered, by an HTTP error in the form of the vendor. */
  void refuse(HttpServerResponse response, String requestId, Problem problem);
}

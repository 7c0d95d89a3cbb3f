package dev.concert.ensemble.compatible;

import dev.concert.ensemble.call.ResponseSink;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.error.Problem;
import io.vertx.core.http.HttpServerResponse;
import java.util.function.Function;

/** An API format: how requests are read and responses written. Thread-safe. */
public interface ApiFormat {

  /** Its name in the usage ledger; stable. */
  String label();

  /**
   * A parsed request.
   *
   * @param sink creates the sink of the response, once it is known that there will be one
   * @param names names a field of the request in a problem as the client does
   */
  record ParsedRequest(
      InferenceRequest request, Function<HttpExchange, ResponseSink> sink, FieldNames names) {

    /** A request whose fields have the native names. */
    public ParsedRequest(InferenceRequest request, Function<HttpExchange, ResponseSink> sink) {
      this(request, sink, FieldNames.nativeOnes());
    }
  }

  /**
   * Reads and checks a body.
   *
   * @throws dev.concert.error.ConcertException naming the wrong field
   */
  ParsedRequest read(ClientBody sent);

  /** Sends an HTTP error in this format. */
  void refuse(HttpServerResponse response, String requestId, Problem problem);
}

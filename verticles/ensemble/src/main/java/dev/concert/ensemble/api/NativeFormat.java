package dev.concert.ensemble.api;

import dev.concert.ensemble.call.ResponseSink;
import dev.concert.ensemble.compatible.ApiFormat;
import dev.concert.ensemble.compatible.ClientBody;
import dev.concert.ensemble.compatible.HttpExchange;
import dev.concert.ensemble.http.JsonResponse;
import dev.concert.ensemble.message.RequestReader;
import dev.concert.error.Problem;
import dev.concert.foundation.http.SseResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.function.Function;

/** The native API's formats: streamed as events, whole, or streamed as plain text. */
enum NativeFormat implements ApiFormat {
  STREAM(
      "stream",
      exchange ->
          new NativeSseSink(exchange.vertx(), exchange.response(), SseResponse.DEFAULT_HEARTBEAT)),
  WHOLE("generate", exchange -> new NativeJsonSink(exchange.response())),
  /** The answer's text as it is, for clients that read a body and no events. */
  TEXT("text", exchange -> new NativeTextSink(exchange.response()));

  private final String label;
  private final Function<HttpExchange, ResponseSink> answer;

  NativeFormat(String label, Function<HttpExchange, ResponseSink> answer) {
    this.label = label;
    this.answer = answer;
  }

  /** What a client wants that asks for a stream: events, unless it accepts only text. */
  static NativeFormat streamed(HttpServerRequest request) {
    String accepted = request.getHeader(HttpHeaders.ACCEPT);
    return accepted != null && accepted.startsWith("text/plain") ? TEXT : STREAM;
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public ParsedRequest read(ClientBody sent) {
    return new ParsedRequest(RequestReader.read(sent.bytes()), answer);
  }

  @Override
  public void refuse(HttpServerResponse response, String requestId, Problem problem) {
    JsonResponse.fail(response, problem);
  }
}

package dev.concert.gateway.http;

import dev.concert.error.ErrorCode;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.UUID;

/**
 * Answers what is no HTTP request, or too long a one, with a problem, and closes its connection.
 */
final class InvalidRequest {
  private InvalidRequest() {}

  static void refuse(HttpServerRequest request) {
    DecoderResult result = request.decoderResult();
    int status =
        switch (result.cause()) {
          case TooLongHttpLineException _ -> 414;
          case TooLongHttpHeaderException _ -> 431;
          default -> 400;
        };
    ErrorCode code = status == 400 ? ErrorCode.INVALID_MESSAGE : ErrorCode.MESSAGE_TOO_LARGE;
    String title =
        switch (status) {
          case 414 -> "The path and the query are too long.";
          case 431 -> "The headers are too long.";
          default -> "The request is not well formed.";
        };
    String id = UUID.randomUUID().toString();
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/problem+json")
        .putHeader("Connection", "close")
        .putHeader(RequestId.HEADER, id)
        .end(
            new JsonObject()
                .put("status", status)
                .put("code", code.name())
                .put("title", title)
                .put("detail", title)
                .put("requestId", id)
                .encode())
        .onComplete(_ -> request.connection().close());
  }
}

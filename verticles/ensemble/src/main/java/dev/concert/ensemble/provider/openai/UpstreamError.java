package dev.concert.ensemble.provider.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bus.Json;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

/**
 * Turns a server's refusal into one of our codes.
 *
 * <p>Error bodies: https://platform.openai.com/docs/guides/error-codes/api-errors; in practice also
 * {@code {"error":"text"}}, {@code {"message":"text"}}, and HTML from a proxy on the way.
 */
final class UpstreamError {
  private static final int MAX_BODY = 64 * 1024;
  private static final int MAX_MESSAGE = 500;

  private UpstreamError() {}

  /**
   * Reads the body of a paused response, at most 64 KiB of it; a cut body is read as far as it
   * goes.
   */
  static Future<String> read(HttpClientResponse response) {
    Promise<String> text = Promise.promise();
    Buffer body = Buffer.buffer();
    response.handler(
        piece -> {
          body.appendBuffer(piece);
          if (body.length() > MAX_BODY) {
            text.tryComplete(body.toString());
            response.request().reset();
          }
        });
    response.endHandler(end -> text.tryComplete(body.toString()));
    response.exceptionHandler(cut -> text.tryComplete(body.toString()));
    response.resume();
    return text.future();
  }

  static ConcertException of(OpenAiOptions options, HttpClientResponse response, String body) {
    String name = "The provider '" + options.name() + "'";
    int status = response.statusCode();
    return switch (status) {
      case 401, 403 ->
          // The body may repeat a part of the key.
          new ConcertException(ErrorCode.PROVIDER_AUTH, name + " refused our key.");
      case 404 ->
          new ConcertException(
              ErrorCode.MODEL_UNKNOWN, name + " does not know the model" + detail(options, body));
      case 429 ->
          ConcertException.retryAfter(
              ErrorCode.PROVIDER_RATE_LIMITED,
              name + " asks us to slow down" + detail(options, body),
              RetryAfter.milliseconds(response.headers()));
      case 408 ->
          new ConcertException(
              ErrorCode.PROVIDER_FAILED, name + " did not get our request in time.");
      default ->
          status >= 400 && status < 500
              ? new ConcertException(
                  ErrorCode.PROVIDER_REJECTED,
                  name + " refused the request (" + status + ")" + detail(options, body))
              : new ConcertException(
                  ErrorCode.PROVIDER_FAILED,
                  name + " failed (" + status + ")" + detail(options, body));
    };
  }

  /** An error in the middle of a stream: the data of an event with {@code error} in it. */
  static ConcertException inStream(String provider, JsonNode error) {
    return new ConcertException(
        ErrorCode.PROVIDER_FAILED,
        "The provider '" + provider + "' broke off" + ending(message(error)));
  }

  static String shortened(String text) {
    return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE) + "…";
  }

  private static String detail(OpenAiOptions options, String body) {
    String message = "";
    try {
      message = message(Json.MAPPER.readTree(body));
    } catch (JsonProcessingException e) {
      // HTML or worse: nothing in it is meant for our client, and the status says enough.
      return ".";
    }
    String safe = message;
    return ending(options.key().map(key -> safe.replace(key, "***")).orElse(safe));
  }

  private static String message(JsonNode body) {
    JsonNode error = body.path("error");
    if (error.isTextual()) {
      return error.asText();
    }
    return error.isObject() ? error.path("message").asText("") : body.path("message").asText("");
  }

  private static String ending(String message) {
    String text = message.strip();
    if (text.isEmpty()) {
      return ".";
    }
    return ": " + shortened(text);
  }
}

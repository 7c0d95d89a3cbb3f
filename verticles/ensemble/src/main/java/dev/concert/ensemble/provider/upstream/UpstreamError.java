package dev.concert.ensemble.provider.upstream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

/** Turns a server's refusal into one of our codes. */
public final class UpstreamError {
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

  static ConcertException of(ProviderOptions options, HttpClientResponse response, String body) {
    VendorError error = parse(body);
    String message = options.key().map(key -> hidden(error.message(), key)).orElse(error.message());
    long retryAfterMs = Math.max(RetryAfter.milliseconds(response.headers()), error.retryAfterMs());
    return problem(options.name(), response.statusCode(), error, message, retryAfterMs);
  }

  /** An error in the middle of a stream. */
  public static ConcertException inStream(String provider, JsonNode event) {
    VendorError error = VendorError.of(event);
    return problem(provider, 0, error, error.message(), error.retryAfterMs());
  }

  public static String shortened(String text) {
    return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE) + "…";
  }

  private static ConcertException problem(
      String provider, int status, VendorError error, String message, long retryAfterMs) {
    ErrorCode code = ErrorTaxonomy.classify(status, error);
    String what =
        switch (code) {
          case PROVIDER_AUTH -> "refused our key";
          case MODEL_UNKNOWN -> "does not know the model";
          case PROVIDER_RATE_LIMITED -> "asks us to slow down";
          case PROVIDER_OVERLOADED -> "is overloaded";
          case PROVIDER_QUOTA -> "wants to be paid first";
          case CONTEXT_TOO_LONG -> "finds the request too long";
          case PROVIDER_BLOCKED -> "refused the request by its policy";
          case PROVIDER_REJECTED -> "refused the request";
          default -> status == 0 ? "broke off" : "failed";
        };
    // What is said about a key may repeat a part of it.
    String detail = code == ErrorCode.PROVIDER_AUTH ? "." : ending(message);
    String where = status == 0 ? "" : " (" + status + ")";
    String sentence = "The provider '" + provider + "' " + what + where + detail;
    return retryAfterMs > 0
        ? ConcertException.retryAfter(code, sentence, retryAfterMs)
        : new ConcertException(code, sentence);
  }

  private static VendorError parse(String body) {
    try {
      return VendorError.of(ExactJson.MAPPER.readTree(body));
    } catch (JsonProcessingException e) {
      // HTML or worse: nothing in it is meant for our client, and the status says enough.
      return VendorError.UNKNOWN;
    }
  }

  private static String hidden(String message, String key) {
    return message.replace(key, "***");
  }

  private static String ending(String message) {
    String text = message.strip();
    return text.isEmpty() ? "." : ": " + shortened(text);
  }
}

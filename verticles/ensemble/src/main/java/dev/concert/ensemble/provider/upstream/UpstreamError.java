package dev.concert.ensemble.provider.upstream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.provider.VendorRefusal;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.text.ShortText;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.Collection;
import java.util.Set;

/** Maps a server's error response to an error code. */
public final class UpstreamError {
  private static final int MAX_BODY = 64 * 1024;
  private static final int MAX_MESSAGE = 500;

  /** Names the exception, also for bodies that do not. */
  private static final String AMAZONS_NAME = "x-amzn-errortype";

  private static final Set<String> EXPIRED =
      Set.of("expiredtokenexception", "access_token_expired");

  private UpstreamError() {}

  /**
   * Reads the body of a paused response, at most 64 KiB; a truncated body is read as far as it
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

  static ConcertException of(
      String provider, HttpClientResponse response, String body, Collection<String> secrets) {
    VendorError error = parse(body).named(response.getHeader(AMAZONS_NAME));
    String message = hidden(error.message(), secrets);
    long retryAfterMs = Math.max(RetryAfter.milliseconds(response.headers()), error.retryAfterMs());
    int status = response.statusCode();
    ConcertException known = problem(provider, status, error, message, retryAfterMs);
    return isOfTheRequest(known.code()) ? own(status, hidden(body, secrets), known) : known;
  }

  /** Only what is about the request itself is meant for the client. */
  private static boolean isOfTheRequest(ErrorCode code) {
    return code == ErrorCode.PROVIDER_REJECTED
        || code == ErrorCode.CONTEXT_TOO_LONG
        || code == ErrorCode.PROVIDER_BLOCKED;
  }

  private static ConcertException own(int status, String body, ConcertException known) {
    try {
      return ExactJson.MAPPER.readTree(body) instanceof ObjectNode error && error.has("error")
          ? new ConcertException(known.code(), known.getMessage(), new VendorRefusal(status, error))
          : known;
    } catch (JsonProcessingException e) {
      return known;
    }
  }

  /**
   * Maps an error in the middle of a stream, whole: it is shortened when the secrets in it are
   * hidden, since a part of a secret is not found.
   */
  public static ConcertException inStream(String provider, JsonNode event) {
    VendorError error = VendorError.of(event);
    return problem(provider, 0, error, error.message(), error.retryAfterMs());
  }

  /** The same error, if need be shortened, without secrets in its message. */
  static ConcertException withoutSecrets(ConcertException error, Collection<String> secrets) {
    String shown = shortened(hidden(error.getMessage(), secrets));
    return shown.equals(error.getMessage())
        ? error
        : ConcertException.retryAfter(error.code(), shown, error.retryAfterMs(), error.getCause());
  }

  public static String shortened(String text) {
    return text.length() <= MAX_MESSAGE ? text : ShortText.of(text, MAX_MESSAGE) + "…";
  }

  private static ConcertException problem(
      String provider, int status, VendorError error, String message, long retryAfterMs) {
    ErrorCode code = ErrorTaxonomy.classify(status, error);
    String what =
        switch (code) {
          case PROVIDER_AUTH -> refusal(error);
          case MODEL_UNKNOWN -> "does not know the model";
          case PROVIDER_RATE_LIMITED -> "is over its rate limit";
          case PROVIDER_OVERLOADED -> "is overloaded";
          case PROVIDER_QUOTA -> "requires payment or more quota";
          case CONTEXT_TOO_LONG -> "says that the request is too long";
          case PROVIDER_BLOCKED -> "refused the request by its policy";
          case PROVIDER_REJECTED -> "refused the request";
          default -> status == 0 ? "ended the stream with an error" : "failed";
        };
    // A message about a key may repeat a part of the key.
    String detail = code == ErrorCode.PROVIDER_AUTH ? "." : ending(message, status != 0);
    String where = status == 0 ? "" : " (" + status + ")";
    String sentence = "The provider '" + provider + "' " + what + where + detail;
    return retryAfterMs > 0
        ? ConcertException.retryAfter(code, sentence, retryAfterMs)
        : new ConcertException(code, sentence);
  }

  private static String refusal(VendorError error) {
    if (error.names().stream().anyMatch(EXPIRED::contains)) {
      return "says that its credentials have expired";
    }
    return error.names().contains("accessdeniedexception")
        ? "does not let its credentials use the model"
        : "rejected its API key";
  }

  private static VendorError parse(String body) {
    try {
      return VendorError.of(ExactJson.MAPPER.readTree(body));
    } catch (JsonProcessingException e) {
      // HTML or the like is not meant for clients, and the status says enough.
      return VendorError.UNKNOWN;
    }
  }

  private static String hidden(String text, Collection<String> secrets) {
    String shown = text;
    for (String secret : secrets) {
      shown = shown.replace(secret, "***");
    }
    return shown;
  }

  private static String ending(String message, boolean shorten) {
    String text = message.strip();
    if (text.isEmpty()) {
      return ".";
    }
    boolean open = Character.isLetterOrDigit(text.charAt(text.length() - 1));
    return ": "
        + (shorten ? shortened(text) : text)
        + (open && text.length() <= MAX_MESSAGE ? "." : "");
  }
}

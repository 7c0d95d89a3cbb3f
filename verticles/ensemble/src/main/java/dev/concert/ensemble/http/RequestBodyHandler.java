package dev.concert.ensemble.http;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/**
 * Reads the body of a request as bytes, whatever its media type: {@code curl -d} calls JSON a form.
 * A compressed body is inflated on a worker, up to the same limit.
 */
public final class RequestBodyHandler implements Handler<RoutingContext> {
  private static final String KEY = "ensemble.body";

  private final Vertx vertx;
  private final int limit;

  /**
   * @param limit most bytes, as sent and inflated
   */
  public RequestBodyHandler(Vertx vertx, int limit) {
    this.vertx = vertx;
    this.limit = limit;
  }

  /** The body of a request that this handler has let pass; empty without one. */
  public static Buffer body(RoutingContext context) {
    return context.get(KEY);
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    BodyCodec encoding = BodyCodec.of(request.getHeader(HttpHeaders.CONTENT_ENCODING));
    if (announced(request) > limit) {
      context.fail(tooLarge());
      return;
    }
    Buffer body = Buffer.buffer();
    request.handler(
        piece -> {
          if (body.length() <= limit) {
            body.appendBuffer(piece);
            if (body.length() > limit) {
              context.fail(tooLarge());
            }
          }
        });
    request.exceptionHandler(broken -> context.fail(400, broken));
    request.endHandler(
        end -> {
          // A client that leaves later is the business of whoever answers.
          request.exceptionHandler(null);
          if (body.length() <= limit) {
            decode(context, encoding, body);
          }
        });
  }

  private void decode(RoutingContext context, BodyCodec encoding, Buffer body) {
    if (encoding == BodyCodec.IDENTITY) {
      context.put(KEY, body);
      context.next();
    } else {
      // A few bytes may inflate to the limit, which takes an event loop too long.
      vertx
          .executeBlocking(() -> encoding.decode(body, limit), false)
          .onSuccess(plain -> proceed(context, plain))
          .onFailure(context::fail);
    }
  }

  private static void proceed(RoutingContext context, Buffer plain) {
    context.put(KEY, plain);
    context.next();
  }

  private static long announced(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length != null && length.matches("\\d{1,18}") ? Long.parseLong(length) : 0;
  }

  private ConcertException tooLarge() {
    return new ConcertException(
        ErrorCode.MESSAGE_TOO_LARGE,
        limit >= 1024 * 1024
            ? "The body is over %d MiB.".formatted(limit / 1024 / 1024)
            : "The body is over %d KiB.".formatted(limit / 1024));
  }
}

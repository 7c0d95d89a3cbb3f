package dev.concert.ensemble.http;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/**
 * Reads the body of a request as bytes, whatever its media type: {@code curl -d} calls JSON a form.
 * A compressed body is inflated on a worker, up to the same limit. Thread-safe: one of them serves
 * all loops, so that it knows what all bodies that are under way hold together.
 */
public final class RequestBodyHandler implements Handler<RoutingContext> {
  private static final String KEY = "ensemble.body";

  private final Vertx vertx;
  private final int limit;
  private final BodyRoom room;

  /**
   * @param limit most bytes, as sent and inflated
   */
  public RequestBodyHandler(Vertx vertx, int limit) {
    this(vertx, limit, BodyRoom.forBodiesOf(limit));
  }

  RequestBodyHandler(Vertx vertx, int limit, BodyRoom room) {
    this.vertx = vertx;
    this.limit = limit;
    this.room = room;
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
    new Arriving(context, encoding).read(request);
  }

  /** A body that is being sent. Lives on the context of its request. */
  private final class Arriving {
    private final RoutingContext context;
    private final BodyCodec encoding;
    private final BodyRoom.Share share;
    private Buffer body = Buffer.buffer();
    private boolean over;

    Arriving(RoutingContext context, BodyCodec encoding) {
      this.context = context;
      this.encoding = encoding;
      Context loop = vertx.getOrCreateContext();
      this.share = room.begin(() -> loop.runOnContext(now -> refuse(noRoom())));
    }

    void read(HttpServerRequest request) {
      request.handler(this::piece);
      request.exceptionHandler(this::refuse);
      request.endHandler(
          end -> {
            // A client that leaves later is the business of whoever answers.
            request.exceptionHandler(null);
            whole();
          });
    }

    private void piece(Buffer piece) {
      if (!over) {
        body.appendBuffer(piece);
        if (body.length() > limit) {
          refuse(tooLarge());
        } else {
          share.grow(body.length());
        }
      }
    }

    private void whole() {
      if (!over) {
        over = true;
        share.end();
        decode(context, encoding, body);
      }
    }

    /** Whatever the client still sends is read and dropped. */
    private void refuse(Throwable why) {
      if (!over) {
        over = true;
        share.end();
        body = Buffer.buffer();
        if (why instanceof ConcertException refusal) {
          context.fail(refusal);
        } else {
          context.fail(400, why);
        }
      }
    }
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

  private static ConcertException noRoom() {
    return ConcertException.retryAfter(
        ErrorCode.ENSEMBLE_UNAVAILABLE,
        "Ensemble receives too many large bodies at once and has given up this one.",
        1_000);
  }

  private ConcertException tooLarge() {
    return new ConcertException(
        ErrorCode.MESSAGE_TOO_LARGE,
        limit >= 1024 * 1024
            ? "The body is over %d MiB.".formatted(limit / 1024 / 1024)
            : "The body is over %d KiB.".formatted(limit / 1024));
  }
}

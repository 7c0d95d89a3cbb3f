package dev.concert.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Optional;

/**
 * Reads the body of a request as the bytes that came. Vert.x Web decodes what calls itself a form,
 * within limits of its own: chat platforms sign such bytes, and curl calls everything a form.
 */
public final class RawBodyHandler implements Handler<RoutingContext> {
  private static final String CONTENT_TYPE = RawBodyHandler.class.getName();

  private final BodyHandler bytes;

  /**
   * @param limit of the body, bytes
   */
  public RawBodyHandler(long limit) {
    this.bytes = BodyHandler.create(false).setBodyLimit(limit);
  }

  /**
   * Goes on with the next handler when the body is there; fails the request where it is too long.
   */
  @Override
  public void handle(RoutingContext request) {
    MultiMap headers = request.request().headers();
    request.put(CONTENT_TYPE, headers.get(HttpHeaders.CONTENT_TYPE));
    headers.remove(HttpHeaders.CONTENT_TYPE);
    bytes.handle(request);
  }

  /** What the sender calls the body that this handler has read; empty where it says nothing. */
  public static Optional<String> contentType(RoutingContext request) {
    return Optional.ofNullable(request.get(CONTENT_TYPE));
  }
}

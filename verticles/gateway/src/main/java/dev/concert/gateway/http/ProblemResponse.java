package dev.concert.gateway.http;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpObjectDecoder;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refuses HTTP requests with a problem (RFC 9457) that carries our code. */
public final class ProblemResponse {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemResponse.class);

  private static final String SHARED = "/shared/";
  private static final String MALFORMED = "The request is not well formed.";

  private ProblemResponse() {}

  /** Answers with what went wrong. A failure without a code is logged and not shown. */
  public static void send(RoutingContext request, Throwable failure) {
    if (request.response().closed() || request.response().ended()) {
      LOG.debug("A request to {} ended before its answer: {}", path(request), failure.toString());
      return;
    }
    if (isMalformed(failure)) {
      refuseAndClose(request, ErrorCode.INVALID_MESSAGE, MALFORMED);
      return;
    }
    if (isBrokenOff(failure)) {
      // Mostly the client; if it was a server behind this one, the client still waits.
      LOG.debug(
          "{} {} broke off: {}", request.request().method(), path(request), failure.toString());
    } else if (Problem.isDefect(failure)) {
      LOG.atError()
          .addKeyValue("requestId", RequestId.of(request))
          .setCause(failure)
          .log(
              "{} {} failed, request {}",
              request.request().method(),
              path(request),
              RequestId.of(request));
    }
    send(request, Problem.of(failure));
  }

  /** What comes after the headers is no HTTP, for example the length of a chunk no number. */
  private static boolean isMalformed(Throwable failure) {
    return failure instanceof DecoderException
        || failure instanceof NumberFormatException
            && Arrays.stream(failure.getStackTrace())
                .anyMatch(one -> one.getClassName().equals(HttpObjectDecoder.class.getName()));
  }

  private static boolean isBrokenOff(Throwable failure) {
    return failure instanceof HttpClosedException
        || failure instanceof ClosedChannelException
        || failure instanceof SocketException;
  }

  /** As it came: Vert.x cannot normalize every path. Without the token of a shared link. */
  private static String path(RoutingContext request) {
    String path = String.valueOf(request.request().path());
    return path.startsWith(SHARED) ? SHARED + "…" : path;
  }

  private static void send(RoutingContext request, Problem problem) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    if (response.headWritten()) {
      response.reset();
      return;
    }
    // Without the path: that of a shared link or an invitation is a secret.
    LOG.atDebug()
        .addKeyValue("requestId", RequestId.of(request))
        .addKeyValue("code", problem.code())
        .log("A request is answered {}", problem.code());
    int status = problem.code().httpStatus();
    String body =
        new JsonObject()
            .put("status", status)
            .put("code", problem.code().name())
            .put("title", problem.message())
            .put("detail", problem.forPerson())
            .put("requestId", RequestId.of(request))
            .encode();
    response.setStatusCode(status).putHeader("Content-Type", "application/problem+json");
    if (problem.retryAfterMs() > 0) {
      response.putHeader("Retry-After", Long.toString((problem.retryAfterMs() + 999) / 1000));
    }
    if (request.request().method() == HttpMethod.HEAD) {
      response.end();
    } else {
      response.end(body);
    }
  }

  /** Handles what a handler or Vert.x failed with: a failure, or a status and nothing else. */
  static void handleFailure(RoutingContext request) {
    Throwable failure = request.failure();
    if (failure instanceof ConcertException) {
      send(request, failure);
      return;
    }
    switch (request.statusCode()) {
      case 400 -> refuse(request, ErrorCode.INVALID_MESSAGE, MALFORMED);
      case 404 -> notFound(request);
      case 413 -> refuse(request, ErrorCode.MESSAGE_TOO_LARGE, "The body is too large.");
      default -> send(request, failure == null ? new IllegalStateException("No cause") : failure);
    }
  }

  static void notFound(RoutingContext request) {
    refuse(request, ErrorCode.NOT_FOUND, "There is nothing at this path.");
  }

  static void refuse(RoutingContext request, ErrorCode code, String message) {
    send(request, new Problem(code, message));
  }

  /**
   * The same for a client whose connection is not to be used again: the header alone ends none. A
   * request that was answered before its body came is not answered again.
   */
  static void refuseAndClose(RoutingContext request, ErrorCode code, String message) {
    if (!request.response().headWritten()) {
      request.response().putHeader("Connection", "close");
      refuse(request, code, message);
    }
    request.request().connection().close();
  }
}

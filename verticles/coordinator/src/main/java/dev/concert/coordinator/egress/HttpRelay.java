package dev.concert.coordinator.egress;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Passes one HTTP request on and its response back, as they come and each at its reader's pace:
 * nothing is kept but what a socket's queue holds. When the agent hangs up, the request to the
 * server is cut, and the other way round. Belongs to one event loop.
 *
 * <p>Vert.x HTTP Proxy is not used: it keeps the whole response to an HTTP/1.0 request in memory,
 * which any agent could fill, and changes {@code Date} and {@code X-Forwarded-Host}.
 */
final class HttpRelay {
  /** Headers that belong to one connection (RFC 9110, 7.6.1), and what the client writes itself. */
  private static final Set<String> OF_ONE_CONNECTION =
      Set.of(
          "connection",
          "expect", // answered on this side already
          "host",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private final HttpServerRequest from;
  private final HttpClientRequest to;
  private final Map<String, String> own;
  private Optional<CountedStream> body = Optional.empty();

  /**
   * @param from paused, with nothing read of it
   * @param to nothing sent of it; its method, path and host are set
   */
  HttpRelay(HttpServerRequest from, HttpClientRequest to) {
    this(from, to, Map.of());
  }

  /**
   * @param own headers that take the place of the agent's
   */
  HttpRelay(HttpServerRequest from, HttpClientRequest to, Map<String, String> own) {
    this.from = from;
    this.to = to;
    this.own = own;
  }

  /**
   * Completes when the whole response has been passed back. Fails when the server ends before its
   * response does; where that had begun the agent's connection is cut.
   */
  Future<Void> run() {
    if (from.response().closed()) {
      return to.reset().transform(_ -> Future.failedFuture("The agent has hung up."));
    }
    from.response().closeHandler(_ -> to.reset());
    from.response().exceptionHandler(_ -> to.reset());
    copy(from.headers(), to.headers());
    own.forEach(to.headers()::set);
    sendBody();
    return to.response().compose(this::respond);
  }

  private void sendBody() {
    boolean chunked = from.headers().contains(HttpHeaders.TRANSFER_ENCODING);
    if (chunked) {
      to.headers().remove(HttpHeaders.CONTENT_LENGTH);
      to.setChunked(true);
    }
    if (chunked || from.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
      // Not ended on failure: half a body must not look like a whole one.
      from.pipe().endOnFailure(false).to(to).onFailure(_ -> to.reset());
    } else {
      to.end();
      from.resume();
    }
  }

  private Future<Void> respond(HttpClientResponse answer) {
    HttpServerResponse response = from.response();
    response.setStatusCode(answer.statusCode()).setStatusMessage(answer.statusMessage());
    copy(answer.headers(), response.headers());
    if (from.method() == HttpMethod.HEAD) {
      return response.end();
    }
    if (!answer.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
      if (from.version() == HttpVersion.HTTP_1_0) {
        response.putHeader(HttpHeaders.CONNECTION, "close");
      } else {
        response.setChunked(true);
      }
    }
    CountedStream counted = new CountedStream(answer);
    body = Optional.of(counted);
    return counted
        .pipe()
        .endOnFailure(false)
        .to(response)
        .onFailure(
            _ -> {
              to.reset();
              from.connection().close();
            });
  }

  /** Bytes of the response's body so far. */
  long bytesReceived() {
    return body.map(CountedStream::bytes).orElse(0L);
  }

  private static void copy(MultiMap source, MultiMap target) {
    Set<String> left = new HashSet<>(OF_ONE_CONNECTION);
    source.getAll(HttpHeaders.CONNECTION).stream()
        .flatMap(line -> Arrays.stream(line.split(",")))
        .forEach(name -> left.add(name.strip().toLowerCase(Locale.ROOT)));
    for (Map.Entry<String, String> header : source) {
      if (!left.contains(header.getKey().toLowerCase(Locale.ROOT))) {
        target.add(header.getKey(), header.getValue());
      }
    }
  }
}

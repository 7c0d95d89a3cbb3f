package dev.concert.ensemble.provider.upstream;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.circuitbreaker.CircuitBreakerState;
import io.vertx.circuitbreaker.OpenCircuitException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The way to one server, with a circuit breaker: after some failures in a row the server is left
 * alone for a while, then one call tries whether it is back.
 *
 * <p>Only the server's own failures count (unreachable, 5xx, no answer in time), not what it
 * refuses, nor what its caller does not want any more, and only up to the head of the response.
 */
final class UpstreamGate {
  static final Duration DEFAULT_REST = Duration.ofSeconds(10);
  static final int MAX_FAILURES = 5;

  private static final int OK = 200;
  private static final String EVENTS = "text/event-stream";

  private final HttpClientAgent client;
  private final ProviderOptions options;
  private final Supplier<Map<String, String>> headers;
  private final String base;
  private final CircuitBreaker breaker;
  private final Duration rest;

  UpstreamGate(
      Vertx vertx,
      HttpClientAgent client,
      ProviderOptions options,
      Supplier<Map<String, String>> headers,
      Duration rest) {
    this.client = client;
    this.options = options;
    this.headers = headers;
    this.rest = rest;
    this.base = options.baseUrl().toString().replaceAll("/+$", "");
    this.breaker =
        CircuitBreaker.create(
                "provider." + options.name(),
                vertx,
                new CircuitBreakerOptions()
                    .setMaxFailures(MAX_FAILURES)
                    // The call's own watchdog knows how long its model may take.
                    .setTimeout(-1)
                    .setResetTimeout(rest.toMillis()))
            .<HttpClientResponse>failurePolicy(
                answer -> answer.failed() && isServersFault(answer.cause()));
  }

  /** Who sends a request. */
  interface Sender {
    /** Is given the request as soon as there is one, so that it can be reset. */
    void sending(HttpClientRequest request);

    /** Whether the answer is not wanted any more, and the request was reset for that. */
    boolean unwanted();
  }

  /**
   * Sends a request; the response is paused.
   *
   * @param streaming whether events are expected, or one JSON body
   * @return fails with a {@link ConcertException} for everything but a 200 of the expected type
   */
  Future<HttpClientResponse> send(String path, Buffer body, boolean streaming, Sender sender) {
    boolean probe = breaker.state() != CircuitBreakerState.CLOSED;
    return breaker
        .<HttpClientResponse>execute(() -> connect(path, body, streaming, sender))
        .recover(
            failure -> {
              if (probe && isUnwanted(failure)) {
                // It proved nothing, though the breaker takes it for a success.
                breaker.open();
              }
              return Future.failedFuture(known(failure));
            });
  }

  CircuitBreakerState state() {
    return breaker.state();
  }

  private Future<HttpClientResponse> connect(
      String path, Buffer body, boolean streaming, Sender sender) {
    RequestOptions request =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setAbsoluteURI(base + path)
            .setFollowRedirects(false)
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
            .putHeader(HttpHeaders.ACCEPT, streaming ? EVENTS : "application/json");
    headers.get().forEach(request::putHeader);
    return client
        .request(request)
        .compose(
            open -> {
              sender.sending(open);
              return open.send(body);
            })
        .recover(
            failure -> Future.failedFuture(sender.unwanted() ? unwanted() : unreachable(failure)))
        .compose(response -> accept(response, streaming ? EVENTS : "application/json"));
  }

  private Future<HttpClientResponse> accept(HttpClientResponse response, String wanted) {
    response.pause();
    if (response.statusCode() != OK) {
      return UpstreamError.read(response)
          .compose(text -> Future.failedFuture(UpstreamError.of(options, response, text)));
    }
    String type = response.getHeader(HttpHeaders.CONTENT_TYPE);
    if (type != null && !type.toLowerCase(Locale.ROOT).startsWith(wanted)) {
      // The reset is ours: what it does to the response is no news.
      response.exceptionHandler(reset -> {});
      response.request().reset();
      return Future.failedFuture(
          new ConcertException(
              ErrorCode.PROVIDER_FAILED,
              "The provider '%s' answered with %s instead of %s."
                  .formatted(options.name(), UpstreamError.shortened(type), wanted)));
    }
    return Future.succeededFuture(response);
  }

  private static ConcertException unwanted() {
    return new ConcertException(ErrorCode.CALL_CANCELLED, "The call was cancelled.");
  }

  private static boolean isUnwanted(Throwable failure) {
    return failure instanceof ConcertException known && known.code() == ErrorCode.CALL_CANCELLED;
  }

  private ConcertException unreachable(Throwable failure) {
    return failure instanceof ConcertException known
        ? known
        : new ConcertException(
            ErrorCode.PROVIDER_FAILED,
            "The provider '" + options.name() + "' cannot be reached, or cut the connection.",
            failure);
  }

  private ConcertException known(Throwable failure) {
    return failure instanceof OpenCircuitException
        ? ConcertException.retryAfter(
            ErrorCode.PROVIDER_FAILED,
            "The provider '"
                + options.name()
                + "' failed several times in a row and is left alone"
                + " for a moment.",
            rest.toMillis())
        : unreachable(failure);
  }

  private static boolean isServersFault(Throwable failure) {
    return !(failure instanceof ConcertException known)
        || known.code() == ErrorCode.PROVIDER_FAILED
        || known.code() == ErrorCode.PROVIDER_OVERLOADED
        || known.code() == ErrorCode.TIMEOUT;
  }
}

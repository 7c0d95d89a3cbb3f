package dev.concert.ensemble.provider.upstream;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.circuitbreaker.CircuitBreakerState;
import io.vertx.circuitbreaker.OpenCircuitException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Sends requests to one server through a circuit breaker: after several failures in a row it stays
 * open for a while, then one call probes the server.
 *
 * <p>Only failures of the server count (unreachable, 5xx, timeout), not requests that it rejects or
 * that the caller cancels, and only up to the head of the response.
 */
final class UpstreamClient {
  static final Duration DEFAULT_REST = Duration.ofSeconds(10);
  static final int MAX_FAILURES = 5;

  private static final Set<String> CREDENTIALS =
      Set.of("authorization", "x-api-key", "x-goog-api-key", "api-key");

  private static final int OK = 200;
  private static final String EVENTS = "text/event-stream";

  private final Vertx vertx;
  private final HttpClientAgent client;
  private final ProviderOptions options;
  private final RequestAuthorization authorization;
  private final String base;
  private final CircuitBreaker breaker;
  private final Duration rest;

  UpstreamClient(
      Vertx vertx,
      HttpClientAgent client,
      ProviderOptions options,
      RequestAuthorization authorization,
      Duration rest) {
    this.vertx = vertx;
    this.client = client;
    this.options = options;
    this.authorization = authorization;
    this.rest = rest;
    this.base = options.baseUrl().toString().replaceAll("/+$", "");
    this.breaker =
        CircuitBreaker.create(
                "provider." + options.name(),
                vertx,
                new CircuitBreakerOptions()
                    .setMaxFailures(MAX_FAILURES)
                    // The call has its own timeouts, which depend on the model.
                    .setTimeout(-1)
                    .setResetTimeout(rest.toMillis()))
            .<HttpClientResponse>failurePolicy(
                answer -> answer.failed() && isServersFault(answer.cause()));
  }

  /** The sender of a request. */
  interface Sender {
    /** Receives the request as soon as it exists, so that it can be reset. */
    void sending(HttpClientRequest request);

    /** Whether the call was cancelled and the request reset. */
    boolean unwanted();
  }

  /**
   * Sends a request; the response is paused.
   *
   * @param streaming whether events are expected, not one JSON body
   * @return fails with a {@link ConcertException} for everything but a 200 that is no HTML page
   */
  Future<HttpClientResponse> send(UpstreamRequest theirs, boolean streaming, Sender sender) {
    boolean probe = breaker.state() != CircuitBreakerState.CLOSED;
    return breaker
        .<HttpClientResponse>execute(() -> connect(theirs, streaming, sender, true))
        .recover(
            failure -> {
              if (probe && isUnwanted(failure)) {
                // It proved nothing, although the breaker counts it as a success.
                breaker.open();
              }
              return Future.failedFuture(known(failure));
            })
        .compose(this::uncut);
  }

  /**
   * The breaker hands the response on a turn of the event loop later. A connection that was cut
   * meanwhile is known by the end of the response only: nobody had a handler yet.
   */
  private Future<HttpClientResponse> uncut(HttpClientResponse response) {
    Future<Void> end = response.end();
    return end.failed()
        ? Future.failedFuture(
            new ConcertException(
                ErrorCode.PROVIDER_FAILED,
                "The provider '%s' cut the response off.".formatted(options.name()),
                end.cause()))
        : Future.succeededFuture(response);
  }

  CircuitBreakerState state() {
    return breaker.state();
  }

  private Future<HttpClientResponse> connect(
      UpstreamRequest theirs, boolean streaming, Sender sender, boolean again) {
    URI uri = URI.create(base + theirs.path());
    Buffer body = theirs.bytes();
    RequestOptions request =
        new RequestOptions()
            .setMethod(theirs.method())
            .setAbsoluteURI(uri.toString())
            .setFollowRedirects(false)
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
            .putHeader(HttpHeaders.ACCEPT, streaming ? EVENTS : "application/json");
    options.headers().forEach(request::putHeader);
    return here(authorization.headers(new RequestAuthorization.Unsigned(uri, body)))
        .compose(
            proof -> {
              proof.forEach(request::putHeader);
              theirs.headers().forEach((name, value) -> addHeader(request, name, value));
              return client.request(request);
            })
        .compose(
            open -> {
              sender.sending(open);
              return open.send(body);
            })
        .recover(
            failure -> Future.failedFuture(sender.unwanted() ? unwanted() : unreachable(failure)))
        .compose(
            response ->
                response.statusCode() == OK
                    ? accept(response, streaming ? EVENTS : "application/json")
                    : refused(response, again, () -> connect(theirs, streaming, sender, false)));
  }

  /** The same on the caller's context: several calls may wait for one token. */
  private <T> Future<T> here(Future<T> proof) {
    if (proof.isComplete()) {
      return proof.succeeded()
          ? Future.succeededFuture(proof.result())
          : Future.failedFuture(proof.cause());
    }
    Context context = vertx.getOrCreateContext();
    Promise<T> moved = Promise.promise();
    proof.onComplete(result -> context.runOnContext(now -> moved.handle(result)));
    return moved.future();
  }

  /** The betas of the client join those of the configuration; other headers replace ours. */
  private static void addHeader(RequestOptions request, String name, String value) {
    String ours = request.getHeaders().get(name);
    boolean joined = ours != null && name.endsWith("-beta");
    request.putHeader(name, joined ? ours + "," + value : value);
  }

  /** One more attempt, if the proof of who calls was at fault and is better now. */
  private Future<HttpClientResponse> refused(
      HttpClientResponse response, boolean again, Supplier<Future<HttpClientResponse>> attempt) {
    response.pause();
    return UpstreamError.read(response)
        .compose(
            text -> {
              boolean better =
                  again
                      && authorization.improves(
                          new RequestAuthorization.Refusal(
                              response.statusCode(), response.headers(), text));
              return better
                  ? attempt.get()
                  : Future.failedFuture(
                      UpstreamError.of(options.name(), response, text, secrets()));
            });
  }

  private Future<HttpClientResponse> accept(HttpClientResponse response, String wanted) {
    response.pause();
    // From now on the response remembers how it ends.
    response.end();
    String type = response.getHeader(HttpHeaders.CONTENT_TYPE);
    if (isPage(type)) {
      // Caused by our own reset.
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

  /** An error of a response that had begun, without what must not come back in it. */
  ConcertException withoutSecrets(ConcertException error) {
    return UpstreamError.withoutSecrets(error, secrets());
  }

  /** What must not come back in an error. */
  private List<String> secrets() {
    Stream<String> configured =
        options.headers().entrySet().stream()
            .filter(header -> CREDENTIALS.contains(header.getKey().toLowerCase(Locale.ROOT)))
            .map(header -> header.getValue().replaceFirst("^Bearer ", ""));
    return Stream.concat(configured, authorization.secrets().stream())
        .filter(secret -> !secret.isBlank())
        .toList();
  }

  /**
   * A page of a proxy or a sign-in. All other types may be an answer: servers name them wrongly.
   */
  private static boolean isPage(String type) {
    return type != null && type.toLowerCase(Locale.ROOT).contains("html");
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
            "The provider '" + options.name() + "' cannot be reached, or closed the connection.",
            failure);
  }

  private ConcertException known(Throwable failure) {
    return failure instanceof OpenCircuitException
        ? ConcertException.retryAfter(
            ErrorCode.PROVIDER_FAILED,
            "The provider '"
                + options.name()
                + "' failed several times in a row and is not called"
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

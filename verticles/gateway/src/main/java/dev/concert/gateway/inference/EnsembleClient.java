package dev.concert.gateway.inference;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.HealthReport;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.http.SseParser;
import dev.concert.inference.InferenceMessages.Access;
import dev.concert.inference.InferenceMessages.CloseAccess;
import dev.concert.inference.InferenceMessages.OpenAccess;
import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.circuitbreaker.OpenCircuitException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Ensemble on behalf of the gateway. Each call is booked to its tenant: it has an access of
 * its own that ends with it.
 *
 * <p>A whole answer has 60 s, a stream 120 s. After five failures in a row calls fail at once for a
 * while. Every failure is a {@link ConcertException} with {@code ENSEMBLE_UNAVAILABLE}.
 * Thread-safe.
 */
public final class EnsembleClient {
  private static final Logger LOG = LoggerFactory.getLogger(EnsembleClient.class);
  private static final String UNAVAILABLE = "Ensemble unavailable: ";
  private static final Duration BUS_TIMEOUT = Duration.ofSeconds(5);
  private static final Timeouts TIMEOUTS =
      new Timeouts(Duration.ofSeconds(60), Duration.ofSeconds(120));
  private static final int FAILURES = 5;
  private static final long PAUSE_MS = 5000;

  /** Of one server-sent event. */
  private static final int MAX_EVENT = 1 << 20;

  /** How long an answer may take, and a stream. */
  record Timeouts(Duration whole, Duration stream) {}

  private final Vertx vertx;
  private final ConcertBus bus;
  private final EnsembleEndpoint endpoint;
  private final Timeouts timeouts;
  private final HttpClient http;
  private final CircuitBreaker breaker;

  public EnsembleClient(Vertx vertx, ConcertBus bus, EnsembleEndpoint endpoint) {
    this(vertx, bus, endpoint, TIMEOUTS);
  }

  EnsembleClient(Vertx vertx, ConcertBus bus, EnsembleEndpoint endpoint, Timeouts timeouts) {
    this.timeouts = timeouts;
    this.vertx = vertx;
    this.bus = bus;
    this.endpoint = endpoint;
    this.http = vertx.createHttpClient();
    this.breaker =
        CircuitBreaker.create(
            "gateway-ensemble",
            vertx,
            new CircuitBreakerOptions()
                .setMaxFailures(FAILURES)
                .setResetTimeout(PAUSE_MS)
                // Each call has a timeout of its own.
                .setTimeout(-1)
                .setNotificationAddress(null));
    if (endpoint instanceof EnsembleEndpoint.Unavailable) {
      LOG.warn(
          "ENSEMBLE_URL is set but ENSEMBLE_API_KEY is empty — Ensemble integration will fail.");
    }
  }

  /** Asks for a whole answer. */
  public Future<Generation> generate(String tenantId, GenerationRequest prompt) {
    return guarded(
        tenantId,
        access ->
            post(access, "/api/v1/generate", prompt, timeouts.whole(), HttpClientResponse::body)
                .map(body -> Generation.of(body.toJsonObject())));
  }

  /**
   * Asks for an answer piece by piece.
   *
   * @param piece gets each piece of the text, on the caller's context
   * @return completes after the last piece
   */
  public Future<Void> generateStream(
      String tenantId, GenerationRequest prompt, Consumer<String> piece) {
    return guarded(
        tenantId,
        access ->
            post(
                access,
                "/api/v1/stream",
                prompt,
                timeouts.stream(),
                answer -> read(answer, piece)));
  }

  /** Whether a call may succeed now. Never fails. */
  public Future<Boolean> isHealthy() {
    return switch (endpoint) {
      case EnsembleEndpoint.Unavailable _ -> Future.succeededFuture(false);
      case EnsembleEndpoint.OnTheBus _ ->
          bus.request(Addresses.ENSEMBLE_HEALTH, new HealthReport.Probe(), BUS_TIMEOUT)
              .map(report -> !report.status().equals("down"))
              .otherwise(false);
      case EnsembleEndpoint.At at ->
          http.request(
                  new RequestOptions()
                      .setAbsoluteURI(at.url() + "/api/v1/health")
                      .setTimeout(BUS_TIMEOUT.toMillis()))
              .compose(HttpClientRequest::send)
              .map(response -> response.statusCode() == 200)
              .otherwise(false);
    };
  }

  private <T> Future<T> guarded(String tenantId, Function<Access, Future<T>> call) {
    if (endpoint instanceof EnsembleEndpoint.Unavailable(String reason)) {
      return Future.failedFuture(unavailable(reason, null));
    }
    return breaker.execute(() -> withAccess(tenantId, call)).recover(EnsembleClient::explain);
  }

  private <T> Future<T> withAccess(String tenantId, Function<Access, Future<T>> call) {
    if (endpoint instanceof EnsembleEndpoint.At(var url, var key)) {
      return call.apply(new Access(url.toString(), key, ""));
    }
    String caller = OpenAccess.GATEWAY + UUID.randomUUID();
    return bus.request(Addresses.OPEN_ACCESS, new OpenAccess(caller, tenantId, null), BUS_TIMEOUT)
        .compose(
            access ->
                call.apply(access)
                    .onComplete(
                        _ ->
                            bus.request(
                                Addresses.CLOSE_ACCESS, new CloseAccess(caller), BUS_TIMEOUT)));
  }

  private <T> Future<T> post(
      Access access,
      String path,
      GenerationRequest prompt,
      Duration timeout,
      Function<HttpClientResponse, Future<T>> read) {
    Promise<T> answer = Promise.promise();
    http.request(
            new RequestOptions().setMethod(HttpMethod.POST).setAbsoluteURI(access.url() + path))
        .compose(
            request -> {
              long timer =
                  vertx.setTimer(
                      timeout.toMillis(),
                      _ -> {
                        answer.tryFail(
                            unavailable(
                                "no answer within %d s.".formatted(timeout.toSeconds()), null));
                        request.reset();
                      });
              return request
                  .putHeader("Authorization", "Bearer " + access.token())
                  .putHeader("Content-Type", "application/json")
                  .send(prompt.json(access.defaultModel()).toBuffer())
                  .compose(EnsembleClient::accepted)
                  .compose(read)
                  .onComplete(_ -> vertx.cancelTimer(timer));
            })
        .onSuccess(answer::tryComplete)
        .onFailure(answer::tryFail);
    return answer.future();
  }

  private static Future<HttpClientResponse> accepted(HttpClientResponse response) {
    return response.statusCode() == 200
        ? Future.succeededFuture(response)
        : Future.failedFuture(
            unavailable("it answered with status " + response.statusCode() + ".", null));
  }

  /** Server-sent events: {@code block}, then {@code done} or {@code error}. */
  private static Future<Void> read(HttpClientResponse response, Consumer<String> piece) {
    Promise<Void> end = Promise.promise();
    SseParser events =
        new SseParser(
            MAX_EVENT,
            () -> unavailable("it sent an event of more than 1 MiB.", null),
            (name, data) -> {
              switch (name) {
                case "block" -> piece.accept(Generation.textOf(block(data)));
                case "done" -> end.tryComplete();
                case "error" -> end.tryFail(unavailable("the model failed.", null));
                default -> {
                  // The names of its other events say nothing to the gateway.
                }
              }
            });
    response
        .exceptionHandler(end::tryFail)
        .endHandler(_ -> end.tryFail(unavailable("the stream broke off.", null)))
        .handler(
            bytes -> {
              try {
                events.accept(bytes);
              } catch (ConcertException | DecodeException broken) {
                end.tryFail(broken);
                response.request().reset();
              }
            });
    return end.future();
  }

  private static JsonObject block(String data) {
    JsonObject event = new JsonObject(data);
    return event.getJsonObject("block", event);
  }

  private static <T> Future<T> explain(Throwable failure) {
    return Future.failedFuture(
        switch (failure) {
          case ConcertException ours when ours.getMessage().startsWith(UNAVAILABLE) -> ours;
          case ConcertException known -> unavailable(known.getMessage(), known);
          case OpenCircuitException _ -> unavailable("it failed several times in a row.", failure);
          default -> unavailable("it cannot be reached.", failure);
        });
  }

  private static ConcertException unavailable(String reason, Throwable cause) {
    return new ConcertException(ErrorCode.ENSEMBLE_UNAVAILABLE, UNAVAILABLE + reason, cause);
  }
}

package dev.concert.github.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.concert.foundation.proxy.OutboundProxies;
import dev.concert.json.Json;
import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.circuitbreaker.OpenCircuitException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Calls a forge's REST API. If a rate limit refuses a call, the client repeats it when the limit
 * allows. If a read fails at the forge, the client repeats it; it does not repeat a write, because
 * the write may have taken effect. An unchanged answer does not count against the limit.
 *
 * <p>Non-blocking, on one context. A call fails with a {@link ForgeException}.
 */
public final class ForgeClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final int CONNECT_MS = 5000;
  private static final int MAX_ATTEMPTS = 4;
  private static final int MAX_FAILURES = 5;
  private static final long REST_MS = 10_000;
  private static final long REMEMBERED_BYTES = 32 << 20;
  private static final int NOT_MODIFIED = 304;
  private static final Duration RETRY = Duration.ofMillis(300);
  private static final Pattern NEXT = Pattern.compile("<([^>]+)>; *rel=\"next\"");
  private static final Duration LONGEST_NAMED = Duration.ofHours(2);

  private final ForgeTerms forge;
  private final URI base;
  private final PauseClock clock;
  private final WebClient client;
  private final CircuitBreaker breaker;
  private final Cache<String, CallPace> paces = Caffeine.newBuilder().maximumSize(10_000).build();
  private final Cache<String, Known> known =
      Caffeine.newBuilder()
          .maximumWeight(REMEMBERED_BYTES)
          .<String, Known>weigher((url, one) -> url.length() + one.size())
          .build();

  /** What the forge said last, how many bytes that was, and its tag. */
  private record Known(String tag, Page page, int size) {}

  /**
   * A part of a list.
   *
   * @param next path of the next part; empty at the end
   */
  public record Page(JsonNode body, Optional<String> next) {}

  /**
   * @param until when it is to be sent at the latest
   */
  private record Call(
      ApiCaller caller, HttpMethod method, String url, JsonNode body, Instant until) {
    boolean isRead() {
      return method == HttpMethod.GET;
    }

    boolean isPatient() {
      return caller.patience().isEmpty();
    }
  }

  /**
   * @param before what was known when the call was made
   */
  private record Answer(HttpResponse<Buffer> response, Optional<Known> before) {}

  /**
   * @param base of the API, without a final slash
   * @param proxies on the way to it
   */
  public ForgeClient(
      Vertx vertx, ForgeTerms forge, URI base, OutboundProxies proxies, PauseClock clock) {
    this.forge = forge;
    this.base = base;
    this.clock = clock;
    WebClientOptions web =
        new WebClientOptions()
            .setConnectTimeout(CONNECT_MS)
            .setFollowRedirects(false)
            .setUserAgent("Concert");
    proxies.to(base).ifPresent(web::setProxyOptions);
    this.client = WebClient.create(vertx, web);
    this.breaker =
        CircuitBreaker.create(
            forge.title(),
            vertx,
            new CircuitBreakerOptions()
                .setMaxFailures(MAX_FAILURES)
                .setResetTimeout(REST_MS)
                // Each call has a timeout of its own.
                .setTimeout(-1)
                .setNotificationAddress(null));
  }

  /** Reads. */
  public Future<JsonNode> get(ApiCaller caller, String path) {
    return page(caller, path).map(Page::body);
  }

  /** Reads a part of a list, which says where the next one is. */
  public Future<Page> page(ApiCaller caller, String path) {
    return attempt(call(caller, HttpMethod.GET, path, MissingNode.getInstance()), 1);
  }

  /** Changes something. */
  public Future<JsonNode> write(ApiCaller caller, HttpMethod method, String path, JsonNode body) {
    return attempt(call(caller, method, path, body), 1).map(Page::body);
  }

  private Call call(ApiCaller caller, HttpMethod method, String path, JsonNode body) {
    Instant until = caller.patience().map(clock.now()::plus).orElse(Instant.MAX);
    return new Call(caller, method, base + path, body, until);
  }

  private boolean isInTime(Call call) {
    return !clock.now().isAfter(call.until());
  }

  private Future<Page> attempt(Call call, int attempt) {
    CallPace pace = paces.get(call.caller().scope(), _ -> new CallPace(forge, clock));
    Future<Answer> answer =
        call.isRead()
            ? pace.read(call.isPatient(), () -> send(call))
            : pace.write(call.isPatient(), () -> send(call));
    return answer.compose(
        given -> answered(call, attempt, pace, given),
        failure ->
            call.isRead() && attempt < MAX_ATTEMPTS && isWorthTrying(failure) && isInTime(call)
                ? clock
                    .pause(RETRY.multipliedBy(1L << attempt))
                    .compose(_ -> attempt(call, attempt + 1))
                : Future.failedFuture(failure));
  }

  private static boolean isWorthTrying(Throwable failure) {
    return failure instanceof ForgeException known && known.kind() != ForgeException.Kind.REFUSED;
  }

  private Future<Answer> send(Call call) {
    return call.caller()
        .token()
        .get()
        .compose(
            token ->
                isInTime(call)
                    ? breaker.execute(() -> sendOnce(call, token))
                    : Future.failedFuture(ForgeException.limited(forge)))
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof OpenCircuitException
                        ? ForgeException.unreached(forge, failure)
                        : failure));
  }

  private Future<Answer> sendOnce(Call call, String token) {
    HttpRequest<Buffer> request =
        client
            .requestAbs(call.method(), call.url())
            .timeout(TIMEOUT.toMillis())
            .putHeader("Accept", "application/json")
            .putHeader("X-GitHub-Api-Version", "2022-11-28");
    ApiCaller.header(token).ifPresent(value -> request.putHeader("Authorization", value));
    Optional<Known> before =
        Optional.ofNullable(known.getIfPresent(key(call))).filter(_ -> call.isRead());
    before.ifPresent(one -> request.putHeader("If-None-Match", one.tag()));
    Future<HttpResponse<Buffer>> sent =
        call.body().isMissingNode()
            ? request.send()
            : request
                .putHeader("Content-Type", "application/json")
                .sendBuffer(Buffer.buffer(call.body().toString()));
    return sent.recover(failure -> Future.failedFuture(failed(failure)))
        .compose(
            response ->
                response.statusCode() >= 500
                    ? Future.failedFuture(
                        ForgeException.unknown(forge, response.statusCode(), null))
                    : Future.succeededFuture(new Answer(response, before)));
  }

  private static String key(Call call) {
    return call.caller().scope() + " " + call.url();
  }

  private ForgeException failed(Throwable failure) {
    return failure instanceof ConnectException
            || failure instanceof UnknownHostException
            || failure instanceof UnresolvedAddressException
        ? ForgeException.unreached(forge, failure)
        : ForgeException.unknown(forge, 0, failure);
  }

  private Future<Page> answered(Call call, int attempt, CallPace pace, Answer answer) {
    HttpResponse<Buffer> response = answer.response();
    int status = response.statusCode();
    JsonNode body = body(response);
    if (isLimit(response, body)) {
      pace.limited(pause(response));
      return call.isPatient() && attempt < MAX_ATTEMPTS
          ? attempt(call, attempt + 1)
          : Future.failedFuture(ForgeException.limited(forge));
    }
    pace.taken();
    if (status == NOT_MODIFIED) {
      return answer
          .before()
          .map(before -> Future.succeededFuture(before.page()))
          .orElseGet(() -> Future.failedFuture(ForgeException.unknown(forge, status, null)));
    }
    if (status < 300) {
      Page page = new Page(body, next(response));
      Optional.ofNullable(response.getHeader("ETag"))
          .filter(_ -> call.isRead() && response.body() != null)
          .ifPresent(tag -> known.put(key(call), new Known(tag, page, response.body().length())));
      return Future.succeededFuture(page);
    }
    if (status < 400 && attempt < MAX_ATTEMPTS) {
      return moved(call, attempt, response);
    }
    if (status == 401) {
      call.caller().refused().run();
      // The next token is a new one.
      return attempt == 1
          ? attempt(call, MAX_ATTEMPTS)
          : Future.failedFuture(ForgeException.refused(forge, status, words(body)));
    }
    return Future.failedFuture(ForgeException.refused(forge, status, words(body)));
  }

  /** A repository has another name now. The token goes to the forge only. */
  private Future<Page> moved(Call call, int attempt, HttpResponse<Buffer> response) {
    String to = Optional.ofNullable(response.getHeader("Location")).orElse("");
    return to.startsWith(base + "/")
        ? attempt(
            new Call(call.caller(), call.method(), to, call.body(), call.until()), attempt + 1)
        : Future.failedFuture(ForgeException.refused(forge, response.statusCode(), "It moved."));
  }

  /** Only of the API itself. */
  private Optional<String> next(HttpResponse<?> response) {
    Matcher link = NEXT.matcher(Optional.ofNullable(response.getHeader("Link")).orElse(""));
    return link.find() && link.group(1).startsWith(base + "/")
        ? Optional.of(link.group(1).substring(base.toString().length()))
        : Optional.empty();
  }

  private static JsonNode body(HttpResponse<Buffer> response) {
    Buffer body = response.body();
    if (body == null || body.length() == 0) {
      return MissingNode.getInstance();
    }
    try {
      return Json.MAPPER.readTree(body.getBytes());
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  private static boolean isLimit(HttpResponse<?> response, JsonNode body) {
    int status = response.statusCode();
    return status == 429
        || status == 403
            && (response.getHeader("Retry-After") != null
                || "0".equals(response.getHeader("X-RateLimit-Remaining"))
                || body.path("message").asText().contains("secondary rate limit"));
  }

  private Optional<Duration> pause(HttpResponse<?> response) {
    Optional<Duration> named =
        number(response, "Retry-After").map(Duration::ofSeconds).map(ForgeClient::bounded);
    if (named.isPresent() || !"0".equals(response.getHeader("X-RateLimit-Remaining"))) {
      return named;
    }
    return number(response, "X-RateLimit-Reset")
        .map(reset -> Duration.between(clock.now(), Instant.ofEpochSecond(reset)))
        .map(ForgeClient::bounded);
  }

  private static Optional<Long> number(HttpResponse<?> response, String header) {
    return Optional.ofNullable(response.getHeader(header))
        .filter(text -> text.matches("\\d{1,12}"))
        .map(Long::valueOf);
  }

  private static Duration bounded(Duration pause) {
    return Duration.ofSeconds(Math.clamp(pause.toSeconds(), 1, LONGEST_NAMED.toSeconds()));
  }

  /** The forge's own words, which hold no secret of ours. */
  private static String words(JsonNode body) {
    JsonNode message = body.path("message");
    String other = body.path("error_description").asText(body.path("error").asText("no reason"));
    StringBuilder words =
        new StringBuilder(message.isContainerNode() ? message.toString() : message.asText(other));
    for (JsonNode error : body.path("errors")) {
      String more = error.isTextual() ? error.asText() : error.path("message").asText();
      if (!more.isBlank()) {
        words.append(" (").append(more).append(')');
      }
    }
    return words.toString();
  }
}

package dev.concert.foundation.openid;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Fetches what an issuer publishes: in a bounded time, of a bounded size, without following
 * redirects. Thread-safe; futures complete on the caller's context.
 */
public final class IssuerClient {
  private static final int CONNECT_MS = 3_000;

  /** Of a discovery document or a key set. */
  private static final int MAX_BYTES = 256 << 10;

  private final OpenIdOptions options;
  private final HttpClient http;
  private final Duration timeout;

  /**
   * @param timeout for one answer, from its request to its last byte
   */
  public IssuerClient(Vertx vertx, OpenIdOptions options, Duration timeout) {
    this.options = options;
    this.timeout = timeout;
    this.http =
        vertx.createHttpClient(
            new HttpClientOptions().setConnectTimeout(CONNECT_MS).setKeepAliveTimeout(5));
  }

  /** What the issuer says of itself. Fails with {@link IssuerException} or what the network did. */
  public Future<IssuerMetadata> metadata() {
    return json(options.discoveryUrl()).map(document -> IssuerMetadata.of(document, options));
  }

  /** The issuer's key set, as it publishes it. Fails like {@link #metadata}. */
  Future<JsonObject> keySet() {
    return options
        .jwksUrl()
        .map(Future::succeededFuture)
        .orElseGet(() -> metadata().map(IssuerMetadata::jwksUrl))
        .compose(this::json);
  }

  /**
   * What the token endpoint answers; empty where it refuses. Fails like {@link #metadata}.
   *
   * @param form of the request, without the client
   * @param clientSecret empty for a public client
   */
  public Future<Optional<JsonObject>> tokens(
      Map<String, String> form, String clientId, Optional<String> clientSecret) {
    return metadata()
        .map(known -> known.tokenUrl().orElseThrow(() -> new IssuerException("it has no tokens")))
        .compose(
            url -> {
              RequestOptions request =
                  request(HttpMethod.POST, url)
                      .putHeader("Content-Type", "application/x-www-form-urlencoded");
              clientSecret.ifPresent(
                  secret -> request.putHeader("Authorization", basic(clientId, secret)));
              Map<String, String> all = new LinkedHashMap<>(form);
              if (clientSecret.isEmpty()) {
                all.put("client_id", clientId);
              }
              return isAllowed(url)
                  ? exchange(request, Buffer.buffer(encoded(all)))
                      .map(Optional::of)
                      .recover(IssuerClient::refusal)
                  : Future.failedFuture(new IssuerException("it names a URL that is not https"));
            });
  }

  private static Future<Optional<JsonObject>> refusal(Throwable failure) {
    return failure instanceof IssuerException issuers && issuers.isRefusal()
        ? Future.succeededFuture(Optional.empty())
        : Future.failedFuture(failure);
  }

  /** RFC 6749, section 2.3.1: both are form-encoded first. */
  private static String basic(String clientId, String secret) {
    String both =
        URLEncoder.encode(clientId, StandardCharsets.UTF_8)
            + ":"
            + URLEncoder.encode(secret, StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
  }

  private static String encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(
            one ->
                URLEncoder.encode(one.getKey(), StandardCharsets.UTF_8)
                    + "="
                    + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  private Future<JsonObject> json(URI url) {
    return isAllowed(url)
        ? exchange(request(HttpMethod.GET, url), Buffer.buffer())
        : Future.failedFuture(new IssuerException("it names a URL that is not https"));
  }

  private RequestOptions request(HttpMethod method, URI url) {
    return options
        .proxies()
        .route(new RequestOptions().setMethod(method).setAbsoluteURI(url.toString()))
        .putHeader("Accept", "application/json");
  }

  private Future<JsonObject> exchange(RequestOptions options, Buffer content) {
    Promise<Buffer> body = Promise.promise();
    Future<HttpClientRequest> sent =
        http.request(options)
            .onSuccess(
                request ->
                    request
                        .send(content)
                        .onFailure(body::tryFail)
                        .onSuccess(response -> read(response, body)))
            .onFailure(body::tryFail);
    return body.future()
        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .map(IssuerClient::parse)
        .onFailure(
            _ -> {
              // Whatever failed, nothing more is wanted of it.
              body.tryFail("The answer is not waited for");
              sent.onSuccess(HttpClientRequest::reset);
            })
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof TimeoutException
                        ? new IssuerException("it does not answer in time")
                        : failure));
  }

  /** An issuer that is reached over https must not lead to keys that are not. */
  private boolean isAllowed(URI url) {
    return Set.of("https", options.issuer().getScheme()).contains(url.getScheme());
  }

  private static void read(HttpClientResponse response, Promise<Buffer> body) {
    if (response.statusCode() != 200) {
      body.tryFail(IssuerException.ofStatus(response.statusCode()));
      return;
    }
    Buffer read = Buffer.buffer();
    response.exceptionHandler(body::tryFail);
    response.handler(
        chunk -> {
          if (read.length() + chunk.length() > MAX_BYTES) {
            body.tryFail(new IssuerException("its answer is larger than " + MAX_BYTES + " bytes"));
          } else {
            read.appendBuffer(chunk);
          }
        });
    response.endHandler(_ -> body.tryComplete(read));
  }

  private static JsonObject parse(Buffer body) {
    try {
      return body.toJsonObject();
    } catch (DecodeException | ClassCastException e) {
      throw new IssuerException("its answer is not a JSON object");
    }
  }
}

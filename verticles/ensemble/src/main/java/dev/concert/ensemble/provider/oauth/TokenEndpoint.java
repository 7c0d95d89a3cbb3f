package dev.concert.ensemble.provider.oauth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.proxy.OutboundProxies;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A server that answers with an access token, as OAuth 2 (RFC 6749, section 5) has it: {@code
 * {"access_token", "expires_in"}} or {@code {"error", "error_description"}}.
 */
public final class TokenEndpoint {
  private static final int TIMEOUT_SECONDS = 20;
  private static final int OK = 200;
  private static final int SERVER_ERROR = 500;

  private final String provider;
  private final OutboundProxies proxies;
  private final HttpClient client;

  /**
   * @param provider the name in error messages
   * @param proxies on the way to servers of the vendor
   */
  public TokenEndpoint(Vertx vertx, String provider, OutboundProxies proxies) {
    this.provider = provider;
    this.proxies = proxies;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout((int) TimeUnit.SECONDS.toMillis(TIMEOUT_SECONDS)));
  }

  /** Asks with a form. Its server may need a proxy where the provider's own needs none. */
  public Future<FetchedToken> post(URI url, Map<String, String> form) {
    String body =
        form.entrySet().stream()
            .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&"));
    RequestOptions request =
        proxies
            .route(new RequestOptions().setMethod(HttpMethod.POST).setAbsoluteURI(url.toString()))
            .putHeader("Content-Type", "application/x-www-form-urlencoded");
    return send(url, request, Buffer.buffer(body));
  }

  /** Asks the metadata server of this machine, to which no proxy has a way. */
  public Future<FetchedToken> get(URI url, Map<String, String> headers) {
    RequestOptions request =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setAbsoluteURI(url.toString())
            .setHeaders(MultiMap.caseInsensitiveMultiMap().addAll(headers));
    return send(url, request, Buffer.buffer());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private Future<FetchedToken> send(URI url, RequestOptions request, Buffer body) {
    return client
        .request(request)
        .compose(open -> open.send(body))
        .compose(response -> response.body().map(bytes -> read(response, bytes)))
        .timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .recover(failure -> Future.failedFuture(known(url, failure)));
  }

  private FetchedToken read(HttpClientResponse response, Buffer bytes) {
    JsonNode body;
    try {
      body = ExactJson.MAPPER.readTree(bytes.toString());
    } catch (JsonProcessingException e) {
      // Without the cause, whose message may repeat a part of a token.
      body = ExactJson.MAPPER.createObjectNode();
    }
    if (response.statusCode() >= SERVER_ERROR) {
      throw failed("failed to sign in: the token server failed (%d).", response.statusCode());
    }
    if (response.statusCode() != OK || !body.path("access_token").isTextual()) {
      String reason = body.path("error").asText("");
      throw new ConcertException(
          ErrorCode.PROVIDER_AUTH,
          "The provider '%s' does not sign Ensemble in (%d%s). Check its credentials."
              .formatted(
                  provider,
                  response.statusCode(),
                  reason.matches("[a-z_]{1,40}") ? ", " + reason : ""));
    }
    Duration life = Duration.ofSeconds(Math.max(0, body.path("expires_in").asLong()));
    return new FetchedToken(body.path("access_token").asText(), life);
  }

  private ConcertException failed(String what, int status) {
    return new ConcertException(
        ErrorCode.PROVIDER_FAILED, ("The provider '%s' " + what).formatted(provider, status));
  }

  private ConcertException known(URI url, Throwable failure) {
    return failure instanceof ConcertException known
        ? known
        : new ConcertException(
            ErrorCode.PROVIDER_FAILED,
            "The server %s, which signs in to the provider '%s', cannot be reached."
                .formatted(url.getHost(), provider),
            failure);
  }
}

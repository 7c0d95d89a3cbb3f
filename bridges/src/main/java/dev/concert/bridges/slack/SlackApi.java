package dev.concert.bridges.slack;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bridges.http.ChatNetwork;
import dev.concert.foundation.proxy.OutboundProxies;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
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
import java.util.Map;
import java.util.Set;

/** Calls methods of Slack's Web API, once each. Who calls decides whether to call again. */
final class SlackApi {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final Duration UPLOAD = Duration.ofMinutes(1);
  private static final int CONNECT_MS = 5000;
  private static final Duration UNNAMED_WAIT = Duration.ofSeconds(30);
  private static final int MAX_WAIT_SECONDS = 3600;

  /** After these Slack itself says that a part of the work may be done. */
  private static final Set<String> UNCERTAIN =
      Set.of("fatal_error", "internal_error", "request_timeout", "service_unavailable");

  private final OutboundProxies proxies;
  private final WebClient client;
  private final URI base;

  /**
   * @param base of the methods, for example {@code https://slack.com/api/}
   */
  SlackApi(ChatNetwork network, URI base) {
    this.proxies = network.proxies();
    this.client =
        WebClient.create(
            network.vertx(),
            new WebClientOptions()
                .setConnectTimeout(CONNECT_MS)
                .setFollowRedirects(false)
                .setUserAgent("Concert"));
    this.base = base.getPath().endsWith("/") ? base : URI.create(base + "/");
  }

  /**
   * @param fields as Slack's own clients send them: a form, with JSON in it where a field is no
   *     text
   */
  Future<SlackReply> call(String token, String method, Map<String, String> fields) {
    MultiMap form = MultiMap.caseInsensitiveMultiMap();
    fields.forEach(form::add);
    return post(base.resolve(method).toString(), TIMEOUT)
        .bearerTokenAuthentication(token)
        .sendForm(form)
        .map(SlackApi::reply)
        .otherwise(SlackApi::failure);
  }

  /** Sends the bytes of a file to the address that Slack gave for it. */
  Future<Boolean> upload(String url, Buffer content) {
    return post(url, UPLOAD)
        .putHeader("Content-Type", "application/octet-stream")
        .sendBuffer(content)
        .map(response -> response.statusCode() == 200)
        .otherwise(false);
  }

  private HttpRequest<Buffer> post(String url, Duration timeout) {
    HttpRequest<Buffer> request = client.postAbs(url).timeout(timeout.toMillis());
    proxies.to(request.host(), request.ssl()).ifPresent(request::proxy);
    return request;
  }

  private static SlackReply reply(HttpResponse<Buffer> response) {
    if (response.statusCode() == 429) {
      return new SlackReply.Limited(retryAfter(response));
    }
    if (response.statusCode() >= 500) {
      return new SlackReply.Unknown("HTTP " + response.statusCode());
    }
    JsonNode body;
    try {
      body = Json.MAPPER.readTree(response.bodyAsString("UTF-8"));
    } catch (IOException | IllegalArgumentException e) {
      return new SlackReply.Unknown("a reply that is not JSON");
    }
    if (body.path("ok").asBoolean()) {
      return new SlackReply.Ok(body);
    }
    String error = body.path("error").asText("HTTP " + response.statusCode());
    if (error.equals("ratelimited") || error.equals("rate_limited")) {
      return new SlackReply.Limited(retryAfter(response));
    }
    return UNCERTAIN.contains(error)
        ? new SlackReply.Unknown(error)
        : new SlackReply.Refused(error);
  }

  private static Duration retryAfter(HttpResponse<?> response) {
    String seconds = response.getHeader("Retry-After");
    return seconds != null && seconds.matches("\\d{1,6}")
        ? Duration.ofSeconds(Math.clamp(Integer.parseInt(seconds), 1, MAX_WAIT_SECONDS))
        : UNNAMED_WAIT;
  }

  private static SlackReply failure(Throwable failure) {
    String reason = failure.getClass().getSimpleName();
    return failure instanceof ConnectException
            || failure instanceof UnknownHostException
            || failure instanceof UnresolvedAddressException
        ? new SlackReply.Unreached(reason)
        : new SlackReply.Unknown(reason);
  }
}

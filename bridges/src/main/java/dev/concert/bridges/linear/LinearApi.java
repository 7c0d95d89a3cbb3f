package dev.concert.bridges.linear;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridges.http.ChatNetwork;
import dev.concert.bridges.http.ChatReply;
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
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * Calls Linear's GraphQL API as an app. The app's token is fetched with its id and secret, kept
 * until shortly before it ends, and fetched anew where Linear does not take it any more. On one
 * context.
 */
final class LinearApi {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final int CONNECT_MS = 5000;
  private static final String SCOPE = "read,write,app:assignable,app:mentionable";

  /** Linear's budget fills up evenly: a few calls are possible again after a short time. */
  private static final Duration UNNAMED_PAUSE = Duration.ofSeconds(3);

  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
  private static final Duration MARGIN = Duration.ofMinutes(5);
  private static final int MAX_TOKENS = 1000;

  private final WebClient client;
  private final String base;
  private final InstantSource clock;
  private final Map<String, Token> tokens = new HashMap<>();

  /**
   * @param fetched an {@code Ok} whose body has the token, or why there is none
   */
  private record Token(Future<ChatReply> fetched, long endsAt) {}

  LinearApi(ChatNetwork network, URI base, InstantSource clock) {
    WebClientOptions web =
        new WebClientOptions()
            .setConnectTimeout(CONNECT_MS)
            .setFollowRedirects(false)
            .setUserAgent("Concert");
    network.proxies().to(base).ifPresent(web::setProxyOptions);
    this.client = WebClient.create(network.vertx(), web);
    this.base = base.toString().replaceAll("/+$", "");
    this.clock = clock;
  }

  /**
   * Makes a call; a second time where only the token was of no use any more.
   *
   * @param secrets of the connection
   * @return an {@code Ok} has the {@code data}
   */
  Future<ChatReply> call(Map<String, String> secrets, String query, ObjectNode variables) {
    return once(secrets, query, variables)
        .compose(
            reply -> {
              if (!isUnauthenticated(reply)) {
                return Future.succeededFuture(reply);
              }
              tokens.remove(key(secrets));
              return once(secrets, query, variables);
            });
  }

  /** The value of the header {@code Authorization}; fails where there is no token. */
  Future<String> authorization(Map<String, String> secrets) {
    return token(secrets)
        .compose(
            token ->
                token instanceof ChatReply.Ok ok
                    ? Future.succeededFuture("Bearer " + ok.body().path("access_token").asText())
                    : Future.failedFuture("Linear gives no token now"));
  }

  private static boolean isUnauthenticated(ChatReply reply) {
    return reply instanceof ChatReply.Refused refused
        && refused.body().path("code").asText().equals("AUTHENTICATION_ERROR");
  }

  private Future<ChatReply> once(Map<String, String> secrets, String query, ObjectNode variables) {
    return token(secrets)
        .compose(
            token ->
                token instanceof ChatReply.Ok ok
                    ? post(ok.body().path("access_token").asText(), query, variables)
                    : Future.succeededFuture(token));
  }

  private Future<ChatReply> post(String token, String query, ObjectNode variables) {
    ObjectNode body = Json.MAPPER.createObjectNode().put("query", query);
    body.set("variables", variables);
    return request("/graphql")
        .bearerTokenAuthentication(token)
        .putHeader("Content-Type", "application/json")
        .sendBuffer(Buffer.buffer(body.toString()))
        .map(this::reply)
        .otherwise(LinearApi::failure);
  }

  private HttpRequest<Buffer> request(String path) {
    return client.postAbs(base + path).timeout(TIMEOUT.toMillis());
  }

  private static String key(Map<String, String> secrets) {
    return secrets.get(LinearPlatform.CLIENT_ID) + "\n" + secrets.get(LinearPlatform.CLIENT_SECRET);
  }

  /** Those who ask at the same time share one call. */
  private Future<ChatReply> token(Map<String, String> secrets) {
    String key = key(secrets);
    Token known = tokens.get(key);
    if (known != null && clock.millis() < known.endsAt()) {
      return known.fetched();
    }
    if (tokens.size() >= MAX_TOKENS) {
      tokens.clear();
    }
    Future<ChatReply> fetched = fetch(secrets);
    tokens.put(key, new Token(fetched, clock.millis() + TIMEOUT.toMillis()));
    return fetched.onSuccess(
        reply -> {
          if (reply instanceof ChatReply.Ok ok) {
            long seconds = Math.max(0, ok.body().path("expires_in").asLong());
            long lifetime = Math.max(seconds * 1000 / 2, seconds * 1000 - MARGIN.toMillis());
            tokens.put(key, new Token(fetched, clock.millis() + lifetime));
          } else {
            tokens.remove(key);
          }
        });
  }

  private Future<ChatReply> fetch(Map<String, String> secrets) {
    MultiMap form =
        MultiMap.caseInsensitiveMultiMap()
            .add("grant_type", "client_credentials")
            .add("scope", SCOPE)
            .add("client_id", secrets.get(LinearPlatform.CLIENT_ID))
            .add("client_secret", secrets.get(LinearPlatform.CLIENT_SECRET));
    return request("/oauth/token").sendForm(form).map(this::token).otherwise(LinearApi::failure);
  }

  private ChatReply token(HttpResponse<Buffer> response) {
    JsonNode body = body(response);
    if (body.path("access_token").isTextual()) {
      return new ChatReply.Ok(body, Duration.ZERO);
    }
    if (response.statusCode() == 429) {
      return new ChatReply.Limited(pause(response), body);
    }
    return response.statusCode() < 500
        // Our credentials are refused, whatever status OAuth has for that.
        ? new ChatReply.Refused(401, body)
        // Without a token nothing was asked for.
        : new ChatReply.Unreached("HTTP " + response.statusCode());
  }

  private ChatReply reply(HttpResponse<Buffer> response) {
    int status = response.statusCode();
    JsonNode body = body(response);
    JsonNode error = body.path("errors").path(0);
    JsonNode extensions = error.path("extensions");
    String code = extensions.path("code").asText("");
    if (status == 429 || code.equals("RATELIMITED")) {
      return new ChatReply.Limited(pause(response), body);
    }
    if (status >= 500 || code.equals("INTERNAL_SERVER_ERROR")) {
      return new ChatReply.Unknown("HTTP " + status);
    }
    if (error.isObject() || status >= 300) {
      String said =
          extensions
              .path("userPresentableMessage")
              .asText(error.path("message").asText("HTTP " + status));
      return new ChatReply.Refused(
          status, Json.MAPPER.createObjectNode().put("message", said).put("code", code));
    }
    return body.path("data").isObject()
        ? new ChatReply.Ok(body.path("data"), Duration.ZERO)
        : new ChatReply.Unknown("a reply that is not GraphQL");
  }

  private static JsonNode body(HttpResponse<Buffer> response) {
    try {
      Buffer body = response.body();
      JsonNode read = body == null ? null : Json.MAPPER.readTree(body.getBytes());
      return read == null ? Json.MAPPER.missingNode() : read;
    } catch (IOException e) {
      return Json.MAPPER.missingNode();
    }
  }

  /** Linear says when the budget is full again, in milliseconds. */
  private Duration pause(HttpResponse<?> response) {
    String after = response.getHeader("Retry-After");
    String reset = response.getHeader("X-RateLimit-Requests-Reset");
    Duration named =
        after != null && after.matches("\\d{1,6}")
            ? Duration.ofSeconds(Integer.parseInt(after))
            : reset != null && reset.matches("\\d{1,15}")
                ? Duration.ofMillis(Long.parseLong(reset) - clock.millis())
                : UNNAMED_PAUSE;
    Duration atLeast = named.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : named;
    return atLeast.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : atLeast;
  }

  private static ChatReply failure(Throwable failure) {
    String reason = failure.getClass().getSimpleName();
    return failure instanceof ConnectException
            || failure instanceof UnknownHostException
            || failure instanceof UnresolvedAddressException
        ? new ChatReply.Unreached(reason)
        : new ChatReply.Unknown(reason);
  }
}

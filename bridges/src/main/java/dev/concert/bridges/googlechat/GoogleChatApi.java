package dev.concert.bridges.googlechat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.concert.bridges.http.ChatHttp;
import dev.concert.bridges.http.ChatReply;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.token.ChatTokens;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** Calls of Google's services, once each. */
final class GoogleChatApi {
  private static final String CHAT = "https://www.googleapis.com/auth/chat.bot";
  private static final String PUBSUB = "https://www.googleapis.com/auth/pubsub";
  private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";

  /** Google answers a pull after a minute and a half, also where there is nothing. */
  private static final Duration PULL = Duration.ofSeconds(100);

  private final Vertx vertx;
  private final ChatHttp http;
  private final ChatTokens tokens;
  private final GoogleChatEndpoints endpoints;

  GoogleChatApi(Vertx vertx, ChatHttp http, ChatTokens tokens, GoogleChatEndpoints endpoints) {
    this.vertx = vertx;
    this.http = http;
    this.tokens = tokens;
    this.endpoints = endpoints;
  }

  Future<JsonNode> chatKeys() {
    return keys(endpoints.chatKeys());
  }

  Future<JsonNode> openIdKeys() {
    return keys(endpoints.openIdKeys());
  }

  private Future<JsonNode> keys(URI url) {
    return http.call(HttpMethod.GET, url.toString(), "", MissingNode.getInstance())
        .compose(
            reply ->
                reply instanceof ChatReply.Ok ok
                    ? Future.succeededFuture(ok.body())
                    : Future.failedFuture(
                        new ConcertException(
                            ErrorCode.BRIDGES_UNAVAILABLE,
                            "Google's keys cannot be fetched now.")));
  }

  /**
   * Asks whether an account may speak in Google Chat: the reply to a list of its spaces, or to the
   * request for a token.
   */
  Future<ChatReply> tryOut(ChatServiceAccount account) {
    return token(account, CHAT)
        .compose(
            reply ->
                reply instanceof ChatReply.Ok ok
                    ? http.call(
                        HttpMethod.GET,
                        base(endpoints.api()) + "/v1/spaces?pageSize=1",
                        "Bearer " + ok.body().path("access_token").asText(""),
                        MissingNode.getInstance())
                    : Future.succeededFuture(reply));
  }

  private Future<ChatReply> token(ChatServiceAccount account, String scope) {
    String url = endpoints.token().toString();
    return vertx
        .executeBlocking(() -> account.assertion(vertx, url, scope), false)
        .compose(assertion -> http.form(url, Map.of("grant_type", GRANT, "assertion", assertion)));
  }

  /**
   * @param path with the query, for example {@code spaces/AAAA/messages}
   */
  Future<ChatReply> chat(ChatConnection connection, HttpMethod method, String path, JsonNode body) {
    String url = base(endpoints.api()) + "/v1/" + path;
    return tokens.call(
        connection.id(),
        () -> token(GoogleChatPlatform.account(connection), CHAT),
        authorization -> http.call(method, url, authorization, body));
  }

  /** The address of a file that somebody sent, and the header {@code Authorization} for it. */
  Future<Media> media(ChatConnection connection, String resource) {
    return tokens
        .authorization(connection.id(), () -> token(GoogleChatPlatform.account(connection), CHAT))
        .map(
            authorization ->
                new Media(
                    "%s/v1/media/%s?alt=media".formatted(base(endpoints.api()), resource),
                    authorization));
  }

  /** Where a file is. */
  record Media(String url, String authorization) {
    /** Without the token. */
    @Override
    public String toString() {
      return url;
    }
  }

  /**
   * @param verb {@code pull} or {@code acknowledge}
   */
  Future<ChatReply> subscription(
      ChatConnection connection, String subscription, String verb, JsonNode body) {
    String url = "%s/v1/%s:%s".formatted(base(endpoints.pubsub()), subscription, verb);
    return tokens.call(
        connection.id() + " pubsub",
        () -> token(GoogleChatPlatform.account(connection), PUBSUB),
        authorization -> http.call(HttpMethod.POST, url, authorization, body, PULL));
  }

  private static String base(URI uri) {
    return uri.toString().replaceAll("/+$", "");
  }
}

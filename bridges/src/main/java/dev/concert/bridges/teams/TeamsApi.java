package dev.concert.bridges.teams;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.concert.bridges.http.ChatHttp;
import dev.concert.bridges.http.ChatReply;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.token.ChatTokens;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Calls of Microsoft's services, once each. */
final class TeamsApi {
  private static final String GRAPH = "https://graph.microsoft.com/.default";
  private static final String SCOPE = "https://api.botframework.com/.default";

  private final ChatHttp http;
  private final ChatTokens tokens;
  private final TeamsEndpoints endpoints;

  TeamsApi(ChatHttp http, ChatTokens tokens, TeamsEndpoints endpoints) {
    this.http = http;
    this.tokens = tokens;
    this.endpoints = endpoints;
  }

  /** The keys with which the Bot Framework signs activities. */
  Future<JsonNode> keys() {
    return document(endpoints.openId().toString())
        .compose(metadata -> document(metadata.path("jwks_uri").asText("")));
  }

  private Future<JsonNode> document(String url) {
    return http.call(HttpMethod.GET, url, "", MissingNode.getInstance())
        .compose(
            reply ->
                reply instanceof ChatReply.Ok ok
                    ? Future.succeededFuture(ok.body())
                    : Future.failedFuture(
                        new ConcertException(
                            ErrorCode.BRIDGES_UNAVAILABLE,
                            "The keys of the Bot Framework cannot be fetched now.")));
  }

  /** An access token of an application in a Teams tenant. */
  Future<ChatReply> token(Map<String, String> secrets) {
    return token(secrets, SCOPE);
  }

  private Future<ChatReply> token(Map<String, String> secrets, String scope) {
    String url =
        "%s/%s/oauth2/v2.0/token"
            .formatted(base(endpoints.login()), encoded(secrets.get(TeamsPlatform.TENANT_ID)));
    return http.form(
        url,
        Map.of(
            "grant_type",
            "client_credentials",
            "client_id",
            secrets.get(TeamsPlatform.APP_ID),
            "client_secret",
            secrets.get(TeamsPlatform.APP_PASSWORD),
            "scope",
            scope));
  }

  /**
   * @param activity id of the one that is meant; empty for none
   */
  Future<ChatReply> activity(
      ChatConnection connection,
      HttpMethod method,
      String conversation,
      String activity,
      JsonNode body) {
    String url =
        "%s/v3/conversations/%s/activities%s"
            .formatted(
                base(endpoints.service()),
                encoded(conversation),
                activity.isEmpty() ? "" : "/" + encoded(activity));
    return tokens.call(
        connection.id(),
        () -> token(connection.secrets()),
        authorization -> http.call(method, url, authorization, body));
  }

  /** The value of the header {@code Authorization} of a connection. */
  Future<String> authorization(ChatConnection connection) {
    return tokens.authorization(connection.id(), () -> token(connection.secrets()));
  }

  /** Gets something of a team from Microsoft Graph, as far as the team allows the application. */
  Future<ChatReply> graph(ChatConnection connection, String path) {
    return tokens.call(
        connection.id() + " graph",
        () -> token(connection.secrets(), GRAPH),
        authorization ->
            http.call(
                HttpMethod.GET,
                base(endpoints.graph()) + "/v1.0" + path,
                authorization,
                MissingNode.getInstance()));
  }

  URI service() {
    return endpoints.service();
  }

  private static String base(URI uri) {
    return uri.toString().replaceAll("/+$", "");
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}

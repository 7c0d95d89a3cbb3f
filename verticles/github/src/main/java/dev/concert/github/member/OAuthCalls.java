package dev.concert.github.member;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.github.api.ApiCaller;
import dev.concert.github.api.ForgeClient;
import dev.concert.github.connection.ForgeConnection.OAuthIdentity;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/**
 * GitHub's OAuth: codes and refresh tokens become tokens. GitHub answers what it refuses with
 * status 200 and a word, which is in the answer here, too.
 *
 * <p>Source:
 * https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app
 */
public final class OAuthCalls {
  private static final String TOKEN = "/login/oauth/access_token";
  private static final String DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

  private final ForgeClient web;
  private final ForgeClient api;

  /**
   * @param web for GitHub's pages, which have the OAuth endpoints
   */
  public OAuthCalls(ForgeClient web, ForgeClient api) {
    this.web = web;
    this.api = api;
  }

  Future<JsonNode> code(OAuthIdentity app, String code, String verifier, String redirectUri) {
    return ask(
        TOKEN,
        Map.of(
            "client_id", app.clientId(),
            "client_secret", app.secret(),
            "code", code,
            "code_verifier", verifier,
            "redirect_uri", redirectUri));
  }

  Future<JsonNode> deviceCode(OAuthIdentity app) {
    return ask("/login/device/code", Map.of("client_id", app.clientId()));
  }

  Future<JsonNode> device(OAuthIdentity app, String deviceCode) {
    return ask(
        TOKEN,
        Map.of(
            "client_id", app.clientId(),
            "device_code", deviceCode,
            "grant_type", DEVICE_GRANT));
  }

  Future<JsonNode> refresh(OAuthIdentity app, String refreshToken) {
    return ask(
        TOKEN,
        Map.of(
            "client_id",
            app.clientId(),
            "client_secret",
            app.secret(),
            "grant_type",
            "refresh_token",
            "refresh_token",
            refreshToken));
  }

  private Future<JsonNode> ask(String path, Map<String, String> fields) {
    ObjectNode body = Json.MAPPER.createObjectNode();
    fields.forEach(body::put);
    return web.write(
        ApiCaller.anybody("oauth:" + fields.get("client_id")), HttpMethod.POST, path, body);
  }

  /** Takes back everything that a person allowed an App. */
  Future<Void> revoke(OAuthIdentity app, String token) {
    String basic =
        Base64.getEncoder()
            .encodeToString((app.clientId() + ":" + app.secret()).getBytes(StandardCharsets.UTF_8));
    ApiCaller caller =
        new ApiCaller(
            "oauth:" + app.clientId(), () -> Future.succeededFuture("Basic " + basic), () -> {});
    return api.write(
            caller,
            HttpMethod.DELETE,
            "/applications/" + app.clientId() + "/grant",
            Json.MAPPER.createObjectNode().put("access_token", token))
        .mapEmpty();
  }

  /** The answer, where GitHub did not refuse. */
  static Future<JsonNode> accepted(JsonNode answer) {
    String error = answer.path("error").asText();
    if (error.isEmpty()) {
      return Future.succeededFuture(answer);
    }
    return Future.failedFuture(
        new ConcertException(
            ErrorCode.INVALID_MESSAGE,
            switch (error) {
              case "access_denied" -> "You said no at GitHub.";
              case "expired_token" -> "The code is too old. Begin again.";
              case "bad_verification_code" -> "GitHub does not know this code. Begin again.";
              case "device_flow_disabled" ->
                  "This App has no device flow. Tick 'Enable Device Flow' in its settings on"
                      + " GitHub, or use the page.";
              case "incorrect_client_credentials" ->
                  "GitHub does not take the client secret of this App. Add the App again.";
              case "bad_refresh_token" -> "Your link to GitHub is over. Link your account again.";
              default -> "GitHub refused it: %s.".formatted(error.replaceAll("[^a-z_]", "?"));
            }));
  }
}

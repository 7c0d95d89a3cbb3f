package dev.concert.testing.github;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * People at the played GitHub: Apps that are made from a manifest, OAuth in a browser and on a
 * device, and what their tokens see. Guarded by its server. Source:
 * https://docs.github.com/apps/creating-github-apps
 */
final class AccountRoutes {
  static final String CLIENT_ID = "Iv23liPlayed";
  static final String CLIENT_SECRET = "played-client-secret-0123456789abcdef";
  private static final long TOKEN_SECONDS = 28_800;
  private static final long CODE_SECONDS = 600;
  private static final long DEVICE_SECONDS = 900;
  private static final int INTERVAL = 5;

  private final InstantSource clock;
  private final String web;
  private final Map<String, Instant> manifests = new HashMap<>();
  private final Map<String, Code> codes = new HashMap<>();
  private final Map<String, Device> devices = new HashMap<>();
  private final Map<String, UserGrant> tokens = new HashMap<>();
  private final Map<String, String> refreshTokens = new HashMap<>();
  private final Map<String, Set<Long>> installations = new HashMap<>();
  private final List<String> issued = new ArrayList<>();
  private int number;

  private record Code(String login, String redirectUri, String challenge, Instant end) {}

  private record UserGrant(String login, Instant end) {}

  /** A device that asks; who answers it is empty before somebody does. */
  private static final class Device {
    private final String userCode;
    private final Instant end;
    private int interval = INTERVAL;
    private Instant next;
    private String login = "";
    private boolean denied;

    Device(String userCode, Instant now) {
      this.userCode = userCode;
      this.end = now.plusSeconds(DEVICE_SECONDS);
      this.next = now;
    }
  }

  AccountRoutes(InstantSource clock, String web) {
    this.clock = clock;
    this.web = web;
    installations.put(FakeGitHub.OWNER, new HashSet<>(Set.of(FakeGitHub.INSTALLATION)));
  }

  private String next(String prefix) {
    String text = prefix + "played%034d".formatted(++number);
    issued.add(text);
    return text;
  }

  List<String> issued() {
    return List.copyOf(issued);
  }

  /** A person's browser posts the form of a manifest; gives where it is sent. */
  String createApp(String url, String manifest) {
    JsonObject wanted = new JsonObject(manifest);
    if (!wanted.getJsonObject("hook_attributes").getString("url").startsWith("https://")
        || wanted.getString("name").length() > 34) {
      throw new IllegalArgumentException("GitHub shows the form again: " + manifest);
    }
    String code = "manifest" + "%032d".formatted(++number);
    manifests.put(code, clock.instant().plusSeconds(3600));
    return wanted.getString("redirect_url") + "?code=" + code + "&state=" + parameter(url, "state");
  }

  /** A person's browser allows an App; gives where it is sent. */
  String authorize(String url, String login) {
    if (!CLIENT_ID.equals(parameter(url, "client_id"))) {
      throw new IllegalArgumentException("GitHub knows no such App: " + url);
    }
    String code = "code%016d".formatted(++number);
    codes.put(
        code,
        new Code(
            login,
            parameter(url, "redirect_uri"),
            parameter(url, "code_challenge"),
            clock.instant().plusSeconds(CODE_SECONDS)));
    return parameter(url, "redirect_uri") + "?code=" + code + "&state=" + parameter(url, "state");
  }

  /** A person types the code of a device. */
  void enter(String userCode, String login, boolean denied) {
    Device device =
        devices.values().stream()
            .filter(one -> one.userCode.equals(userCode))
            .findFirst()
            .orElseThrow();
    device.login = login;
    device.denied = denied;
  }

  void install(String login, long installation) {
    installations.computeIfAbsent(login, _ -> new HashSet<>()).add(installation);
  }

  /** A parameter of an address; empty where it has none of this name. */
  static String parameter(String url, String name) {
    int query = url.indexOf('?');
    return query < 0 ? "" : form(url.substring(query + 1)).getOrDefault(name, "");
  }

  private static Map<String, String> form(String text) {
    return Arrays.stream(text.split("&"))
        .map(pair -> pair.split("=", 2))
        .filter(pair -> pair.length == 2)
        .collect(
            Collectors.toMap(
                pair -> pair[0],
                pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8),
                (first, _) -> first));
  }

  /** What GitHub's pages answer to programs. */
  GitHubReply web(HttpServerRequest request, Buffer body) {
    String type = Optional.ofNullable(request.getHeader("Content-Type")).orElse("");
    Map<String, String> fields = new HashMap<>();
    if (type.startsWith("application/json")) {
      body.toJsonObject().forEach(one -> fields.put(one.getKey(), one.getValue().toString()));
    } else {
      fields.putAll(form(body.toString()));
    }
    if (request.path().equals("/login/device")) {
      // The page on which a person types the code; the owner of the App is signed in.
      enter(fields.getOrDefault("user_code", ""), FakeGitHub.OWNER, false);
      return GitHubReply.ok(new JsonObject());
    }
    if (!"application/json".equals(request.getHeader("Accept"))) {
      return GitHubReply.error(406, "Played: only JSON is asked for");
    }
    if (!CLIENT_ID.equals(fields.get("client_id"))) {
      return GitHubReply.of(404, new JsonObject().put("error", "Not Found"));
    }
    return switch (request.path()) {
      case "/login/device/code" -> GitHubReply.ok(device());
      case "/login/oauth/access_token" -> GitHubReply.ok(token(fields));
      default -> GitHubReply.notFound();
    };
  }

  private JsonObject device() {
    String code = next("device");
    String userCode = "%04d-%04d".formatted(++number, 4711);
    devices.put(code, new Device(userCode, clock.instant()));
    return new JsonObject()
        .put("device_code", code)
        .put("user_code", userCode)
        .put("verification_uri", web + "/login/device")
        .put("expires_in", DEVICE_SECONDS)
        .put("interval", INTERVAL);
  }

  private static JsonObject error(String word) {
    return new JsonObject()
        .put("error", word)
        .put("error_description", "Played: " + word)
        .put("error_uri", "https://docs.github.com/apps");
  }

  private JsonObject token(Map<String, String> fields) {
    String kind = fields.getOrDefault("grant_type", "authorization_code");
    if (kind.equals("urn:ietf:params:oauth:grant-type:device_code")) {
      return polled(fields.getOrDefault("device_code", ""));
    }
    if (!CLIENT_SECRET.equals(fields.get("client_secret"))) {
      return error("incorrect_client_credentials");
    }
    if (kind.equals("refresh_token")) {
      String login = refreshTokens.remove(fields.getOrDefault("refresh_token", ""));
      return login == null ? error("bad_refresh_token") : issue(login);
    }
    Code code = codes.remove(fields.getOrDefault("code", ""));
    if (code == null || code.end().isBefore(clock.instant())) {
      return error("bad_verification_code");
    }
    if (fields.containsKey("redirect_uri")
        && !code.redirectUri().equals(fields.get("redirect_uri"))) {
      return error("redirect_uri_mismatch");
    }
    boolean isProven =
        code.challenge().isEmpty()
            || code.challenge().equals(challenge(fields.getOrDefault("code_verifier", "")));
    return isProven ? issue(code.login()) : error("bad_verification_code");
  }

  private static String challenge(String verifier) {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(
              MessageDigest.getInstance("SHA-256")
                  .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private JsonObject polled(String deviceCode) {
    Device device = devices.get(deviceCode);
    Instant now = clock.instant();
    if (device == null) {
      return error("incorrect_device_code");
    }
    if (device.end.isBefore(now)) {
      return error("expired_token");
    }
    if (device.denied) {
      return error("access_denied");
    }
    if (device.next.isAfter(now)) {
      device.interval += INTERVAL;
      device.next = now.plusSeconds(device.interval);
      return error("slow_down").put("interval", device.interval);
    }
    device.next = now.plusSeconds(device.interval);
    if (device.login.isEmpty()) {
      return error("authorization_pending");
    }
    devices.remove(deviceCode);
    return issue(device.login);
  }

  private JsonObject issue(String login) {
    String token = next("ghu_");
    String refresh = next("ghr_");
    tokens.put(token, new UserGrant(login, clock.instant().plusSeconds(TOKEN_SECONDS)));
    refreshTokens.put(refresh, login);
    return new JsonObject()
        .put("access_token", token)
        .put("expires_in", TOKEN_SECONDS)
        .put("refresh_token", refresh)
        .put("refresh_token_expires_in", 15_897_600)
        .put("scope", "")
        .put("token_type", "bearer");
  }

  /** Whether a path of the API is about people. */
  static boolean isFor(String path) {
    return path.startsWith("/app-manifests/")
        || path.equals("/user")
        || path.startsWith("/user/")
        || path.startsWith("/applications/");
  }

  /** What the API answers about people. */
  GitHubReply api(HttpServerRequest request, String path, Buffer body) {
    String method = request.method().name();
    if (path.startsWith("/app-manifests/")) {
      return converted(method, path);
    }
    String authorization = Optional.ofNullable(request.getHeader("Authorization")).orElse("");
    if (path.startsWith("/applications/")) {
      return application(method, path, authorization, body);
    }
    UserGrant grant = tokens.get(authorization.replaceFirst("(?i)^(bearer|token) ", ""));
    if (grant == null || grant.end().isBefore(clock.instant())) {
      return authorization.contains("ghs_")
          ? GitHubReply.error(403, "Resource not accessible by integration")
          : GitHubReply.error(401, "Bad credentials");
    }
    return switch (path) {
      case "/user" -> GitHubReply.ok(FakeRepository.user(grant.login()));
      case "/user/installations" -> GitHubReply.ok(installationsOf(grant.login()));
      default -> GitHubReply.notFound();
    };
  }

  private JsonObject installationsOf(String login) {
    JsonArray all = new JsonArray();
    for (long id : installations.getOrDefault(login, Set.of())) {
      all.add(
          new JsonObject()
              .put("id", id)
              .put("app_id", FakeGitHub.APP_ID)
              .put("app_slug", FakeGitHub.SLUG)
              .put("account", FakeRepository.user(login))
              .put("repository_selection", "all"));
    }
    return new JsonObject().put("total_count", all.size()).put("installations", all);
  }

  private GitHubReply converted(String method, String path) {
    String[] parts = path.split("/");
    boolean isRoute = method.equals("POST") && parts.length == 4 && parts[3].equals("conversions");
    Instant end = isRoute ? manifests.remove(parts[2]) : null;
    if (end == null || end.isBefore(clock.instant())) {
      return GitHubReply.notFound();
    }
    return GitHubReply.of(
        201,
        new JsonObject()
            .put("id", FakeGitHub.APP_ID)
            .put("slug", FakeGitHub.SLUG)
            .put("name", "Concert")
            .put("owner", FakeRepository.user(FakeGitHub.OWNER))
            .put("client_id", CLIENT_ID)
            .put("client_secret", CLIENT_SECRET)
            .put("webhook_secret", FakeGitHub.WEBHOOK_SECRET)
            .put("pem", FakeGitHub.privateKey())
            .put("html_url", web + "/apps/" + FakeGitHub.SLUG));
  }

  private GitHubReply application(String method, String path, String authorization, Buffer body) {
    String basic =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((CLIENT_ID + ":" + CLIENT_SECRET).getBytes(StandardCharsets.UTF_8));
    if (!authorization.equalsIgnoreCase(basic)) {
      return GitHubReply.error(401, "Bad credentials");
    }
    String token = body.toJsonObject().getString("access_token", "");
    UserGrant grant = tokens.get(token);
    boolean isOurs = path.startsWith("/applications/" + CLIENT_ID + "/");
    if (grant == null || !isOurs) {
      return GitHubReply.notFound();
    }
    if (method.equals("POST") && path.endsWith("/token")) {
      return GitHubReply.ok(
          new JsonObject().put("token", token).put("user", FakeRepository.user(grant.login())));
    }
    if (!method.equals("DELETE")) {
      return GitHubReply.notFound();
    }
    tokens.remove(token);
    if (path.endsWith("/grant")) {
      refreshTokens.values().removeIf(grant.login()::equals);
    }
    return GitHubReply.nothing();
  }

  void revokeUserTokens() {
    tokens.clear();
  }
}

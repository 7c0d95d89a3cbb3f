package dev.concert.testing.chat;

import dev.concert.testing.TestIssuer;
import dev.concert.testing.chat.FakeGoogleSpaces.Reply;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Google's tokens, the Chat API and Pub/Sub, as far as bridges use them; sources:
 * https://developers.google.com/workspace/chat/api/reference/rest and
 * https://cloud.google.com/pubsub/docs/reference/rest.
 */
public final class FakeGoogleChat implements AutoCloseable {
  public static final String CHAT = "chat@system.gserviceaccount.com";
  private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  private static final String TOKEN_URL = "https://oauth2.googleapis.com/token";

  /** Of all instances: to make a key takes long. */
  private static final TestIssuer.Key ACCOUNT_KEY = TestIssuer.Key.rsa("account-key");

  private static final TestIssuer.Key CHAT_KEY = TestIssuer.Key.rsa("chat-key");
  private static final TestIssuer.Key GOOGLE_KEY = TestIssuer.Key.rsa("google-key");

  /** What goes wrong with the next message. */
  public enum Fault {
    RATE_LIMITED,
    /** As the network in front of Google says it: no JSON. */
    RATE_LIMITED_IN_FRONT,
    SERVER_ERROR,
    CUT_BEFORE,
    CUT_AFTER,
    /** It is taken, and there is no answer. */
    HELD,
    /** Nothing is done, and there is no answer. */
    HELD_BEFORE
  }

  /** A message that the people of a space see. */
  public record Message(
      String space,
      String thread,
      String name,
      String text,
      List<String> buttons,
      String onlyFor) {}

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final FakeGoogleSpaces spaces = new FakeGoogleSpaces();
  private final FakePubSub pubsub = new FakePubSub();
  private final Deque<Fault> faults = new ArrayDeque<>();
  private boolean isHeld;

  /** The scope of each token. */
  private final PlayedFiles files = new PlayedFiles();

  private final Map<String, String> tokens = new HashMap<>();

  private int tokenRequests;
  private int ids;

  public FakeGoogleChat() {
    server = vertx.createHttpServer().requestHandler(this::handle);
    server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
  }

  /** Of all services of Google's. */
  public URI url(String path) {
    return URI.create("http://127.0.0.1:%d%s".formatted(server.actualPort(), path));
  }

  /** One of two projects, from 1. */
  public static String project(int account) {
    return "played-project-" + account;
  }

  public static String projectNumber(int account) {
    return "10000000000" + account;
  }

  public static String email(int account) {
    return "concert@%s.iam.gserviceaccount.com".formatted(project(account));
  }

  public static String subscription(int account) {
    return "projects/%s/subscriptions/concert".formatted(project(account));
  }

  /** The JSON key file of a project's service account. */
  public String keyFile(int account) {
    String pem =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
            .encodeToString(ACCOUNT_KEY.pair().getPrivate().getEncoded());
    return new JsonObject()
        .put("type", "service_account")
        .put("project_id", project(account))
        .put("private_key_id", ACCOUNT_KEY.id())
        .put(
            "private_key",
            "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n".formatted(pem))
        .put("client_email", email(account))
        .put("token_uri", TOKEN_URL)
        .encode();
  }

  public synchronized String newId() {
    return "A" + ++ids;
  }

  /** Whether somebody waits for an answer that does not come. */
  public synchronized boolean isHeld() {
    return isHeld;
  }

  public synchronized void fail(Fault fault) {
    faults.add(fault);
  }

  public synchronized List<Message> messages() {
    return spaces.messages();
  }

  /** How often an account asked for a token. */
  public synchronized int tokenRequests() {
    return tokenRequests;
  }

  /** No token that was given so far is taken any more. */
  public synchronized void expireTokens() {
    tokens.clear();
  }

  /** An event goes to the subscription of a project; it stays until it was acknowledged. */
  public synchronized void publish(int account, JsonObject event) {
    pubsub.publish(subscription(account), event);
  }

  /** How many events of a project's subscription are not acknowledged yet. */
  public synchronized int unacknowledged(int account) {
    return pubsub.unacknowledged(subscription(account));
  }

  /** What Google Chat signs itself says this, where the audience is the project's number. */
  public JsonObject projectClaims(int account) {
    return times().put("iss", CHAT).put("aud", projectNumber(account));
  }

  /** An ID token of Google says this, where the audience is an address. */
  public JsonObject addressClaims(String email, String address) {
    return times()
        .put("iss", "https://accounts.google.com")
        .put("aud", address)
        .put("azp", "1")
        .put("email", email)
        .put("email_verified", true);
  }

  private static JsonObject times() {
    long now = Instant.now().getEpochSecond();
    return new JsonObject().put("iat", now).put("exp", now + 3600);
  }

  /** The value of the header {@code Authorization}. */
  public String authorization(JsonObject claims) {
    boolean isChat = CHAT.equals(claims.getString("iss"));
    return "Bearer " + TestIssuer.token(claims, isChat ? CHAT_KEY : GOOGLE_KEY);
  }

  private void handle(HttpServerRequest request) {
    if (request.path().equals("/token")) {
      request.setExpectMultipart(true).end().onSuccess(_ -> send(request, token(request)));
    } else {
      request
          .body()
          .onSuccess(
              body -> answer(request, body.length() == 0 ? new JsonObject() : body.toJsonObject()));
    }
  }

  private synchronized Reply token(HttpServerRequest request) {
    tokenRequests++;
    String assertion = String.valueOf(request.getFormAttribute("assertion"));
    if (!GRANT.equals(request.getFormAttribute("grant_type"))) {
      return refusedToken("unsupported_grant_type", "Invalid grant_type");
    }
    String[] parts = assertion.split("\\.");
    if (parts.length != 3 || !isSigned(parts)) {
      return refusedToken("invalid_grant", "Invalid JWT Signature.");
    }
    JsonObject claims = new JsonObject(new String(decoded(parts[1]), StandardCharsets.UTF_8));
    String email = claims.getString("iss", "");
    if (!email.equals(email(1)) && !email.equals(email(2))) {
      return refusedToken("invalid_grant", "Invalid grant: account not found");
    }
    long life = claims.getLong("exp", 0L) - claims.getLong("iat", 0L);
    boolean isForUs =
        List.of(TOKEN_URL, url("/token").toString()).contains(claims.getString("aud"));
    if (!isForUs || life < 1 || life > 3600) {
      return refusedToken(
          "invalid_grant",
          "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable"
              + " timeframe. Check your iat and exp values in the JWT claim.");
    }
    String token = "ya29.played-" + tokenRequests;
    tokens.put(token, claims.getString("scope", ""));
    return new Reply(
        200,
        new JsonObject()
            .put("access_token", token)
            .put("expires_in", 3599)
            .put("token_type", "Bearer"));
  }

  private static Reply refusedToken(String error, String description) {
    return new Reply(
        400, new JsonObject().put("error", error).put("error_description", description));
  }

  private boolean isSigned(String[] parts) {
    try {
      Signature check = Signature.getInstance("SHA256withRSA");
      check.initVerify(ACCOUNT_KEY.pair().getPublic());
      check.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
      return check.verify(decoded(parts[2]));
    } catch (GeneralSecurityException | IllegalArgumentException | DecodeException e) {
      return false;
    }
  }

  private static byte[] decoded(String part) {
    return Base64.getUrlDecoder().decode(part);
  }

  private synchronized void answer(HttpServerRequest request, JsonObject body) {
    switch (request.path()) {
      case "/jwk/chat" -> send(request, keys(CHAT_KEY));
      case "/oauth2/v3/certs" -> send(request, keys(GOOGLE_KEY));
      default -> call(request, body);
    }
  }

  private static Reply keys(TestIssuer.Key key) {
    return new Reply(200, new JsonObject().put("keys", new JsonArray().add(key.jwk())));
  }

  /** What people sent. */
  public PlayedFiles files() {
    return files;
  }

  private void call(HttpServerRequest request, JsonObject body) {
    if (request.path().startsWith("/v1/media/")) {
      String header = String.valueOf(request.getHeader("Authorization"));
      String scope = tokens.getOrDefault(header.replaceFirst("^Bearer ", ""), "");
      files.give(
          request, scope.contains("/auth/chat.bot") && "media".equals(request.getParam("alt")));
      return;
    }
    boolean isNew = request.method() == HttpMethod.POST && request.path().endsWith("/messages");
    Fault fault = isNew ? faults.poll() : null;
    switch (fault) {
      case RATE_LIMITED -> {
        request.response().putHeader("Retry-After", "1");
        send(
            request,
            FakeGoogleSpaces.refused(
                429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)."));
      }
      case RATE_LIMITED_IN_FRONT ->
          request.response().setStatusCode(429).putHeader("Retry-After", "1").end("<html>Sorry");
      case SERVER_ERROR -> request.response().setStatusCode(502).end("<html>Bad Gateway</html>");
      case CUT_BEFORE -> request.connection().close();
      case CUT_AFTER -> {
        reply(request, body);
        request.connection().close();
      }
      case HELD -> {
        reply(request, body);
        isHeld = true;
      }
      case HELD_BEFORE -> isHeld = true;
      case null -> send(request, reply(request, body));
    }
  }

  private Reply reply(HttpServerRequest request, JsonObject body) {
    String header = String.valueOf(request.getHeader("Authorization"));
    String scope = tokens.get(header.replaceFirst("^Bearer ", ""));
    if (scope == null) {
      return FakeGoogleSpaces.refused(
          401,
          "UNAUTHENTICATED",
          "Request had invalid authentication credentials. Expected OAuth 2 access token, login"
              + " cookie or other valid authentication credential.");
    }
    boolean isPubSub = request.path().contains("/subscriptions/");
    if (!scope.contains(isPubSub ? "/auth/pubsub" : "/auth/chat.bot")) {
      return FakeGoogleSpaces.refused(
          403, "PERMISSION_DENIED", "Request had insufficient authentication scopes.");
    }
    String path = request.path().substring("/v1/".length());
    if (isPubSub) {
      return pubsub.call(path, body);
    }
    return spaces.call(request.method(), path, request.params(), body);
  }

  private static void send(HttpServerRequest request, Reply reply) {
    request
        .response()
        .setStatusCode(reply.status())
        .putHeader("Content-Type", "application/json; charset=UTF-8")
        .end(reply.body().encode());
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}

package dev.concert.testing.chat;

import dev.concert.testing.TestIssuer;
import dev.concert.testing.chat.FakeTeamsConversations.Reply;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Microsoft's sign-in, the keys of the Bot Framework and its Connector API, as far as bridges use
 * them; source: https://learn.microsoft.com/azure/bot-service/rest-api.
 */
public final class FakeTeams implements AutoCloseable {
  public static final String ISSUER = "https://api.botframework.com";
  private static final String SCOPE = "https://api.botframework.com/.default";

  /** Of all instances: to make a key takes long. */
  private static final TestIssuer.Key FIRST_KEY = TestIssuer.Key.rsa("first-key");

  /** In UTF-16 about 100 KB, with all that is around the text. */
  private static final int MAX_CHARACTERS = 50_000;

  /** What goes wrong with the next message. */
  public enum Fault {
    RATE_LIMITED,
    /** As the network in front of Teams says it: no JSON. */
    RATE_LIMITED_IN_FRONT,
    SERVER_ERROR,
    PRECONDITION,
    CUT_BEFORE,
    CUT_AFTER,
    /** It is taken, and there is no answer. */
    HELD,
    /** Nothing is done, and there is no answer. */
    HELD_BEFORE
  }

  /** A message that the people of a conversation see. */
  public record Message(String conversation, String id, String text, List<String> buttons) {}

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final PlayedFiles files = new PlayedFiles();
  private final FakeTeamsConversations conversations = new FakeTeamsConversations();
  private final Deque<Fault> faults = new ArrayDeque<>();
  private boolean isHeld;
  private final Set<String> tokens = new HashSet<>();
  private final Set<String> graphTokens = new HashSet<>();
  private final Set<String> isRooted = new HashSet<>();
  private final FakeTeamsGraph graph = new FakeTeamsGraph();
  private final List<TestIssuer.Key> published = new ArrayList<>();
  private TestIssuer.Key signing = FIRST_KEY;
  private int tokenRequests;
  private int keyRequests;
  private int ids;
  private boolean keysFail;
  private String endorsement = "msteams";

  public FakeTeams() {
    published.add(signing);
    server = vertx.createHttpServer().requestHandler(this::handle);
    server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
  }

  private String base() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  /** Where applications get their tokens. */
  public URI login() {
    return URI.create(base());
  }

  /** Where the keys are said to be. */
  public URI openId() {
    return URI.create(base() + "/v1/.well-known/openidconfiguration");
  }

  /** Where messages go. */
  public URI service() {
    return URI.create(base() + "/teams/");
  }

  /** One of two applications, from 1, each in a tenant of its own. */
  public static String app(int account) {
    return "aaaaaaaa-0000-0000-0000-00000000000" + account;
  }

  public static String password(int account) {
    return "played~password-" + account;
  }

  public static String tenant(int account) {
    return "bbbbbbbb-0000-0000-0000-00000000000" + account;
  }

  public synchronized String newId() {
    return Integer.toString(1_700_000_000 + ++ids);
  }

  /** Whether somebody waits for an answer that does not come. */
  public synchronized boolean isHeld() {
    return isHeld;
  }

  public synchronized void fail(Fault fault) {
    faults.add(fault);
  }

  public synchronized List<Message> messages() {
    return conversations.messages();
  }

  /** Whether a message of a conversation grows. */
  public synchronized boolean isStreaming(String conversation) {
    return conversations.isStreaming(conversation);
  }

  /** Streams that go on now end: their time is over. */
  public synchronized void endStreams() {
    conversations.endStreams();
  }

  /** How often an application asked for a token. */
  public synchronized int tokenRequests() {
    return tokenRequests;
  }

  /** How often somebody asked for the keys. */
  public synchronized int keyRequests() {
    return keyRequests;
  }

  /** No token that was given so far is taken any more. */
  public synchronized void expireTokens() {
    tokens.clear();
  }

  /** Whether the keys cannot be had. */
  public synchronized void keysFail(boolean fail) {
    keysFail = fail;
  }

  /** The channel for which the keys are. */
  public synchronized void endorse(String channel) {
    endorsement = channel;
  }

  /** Signs with another key from now on; those of before are not published any more. */
  public synchronized void rotate(boolean isPublished) {
    signing = TestIssuer.Key.rsa("key-" + System.nanoTime());
    if (isPublished) {
      published.clear();
      published.add(signing);
    }
  }

  /** What the token of an activity says, for one of the applications. */
  public JsonObject claims(int account, String serviceUrl) {
    long now = Instant.now().getEpochSecond();
    return new JsonObject()
        .put("serviceurl", serviceUrl)
        .put("nbf", now)
        .put("exp", now + 3600)
        .put("iss", ISSUER)
        .put("aud", app(account));
  }

  /** The value of the header {@code Authorization} of an activity. */
  public synchronized String authorization(JsonObject claims) {
    return "Bearer " + TestIssuer.token(claims, signing);
  }

  private void handle(HttpServerRequest request) {
    if (request.path().startsWith("/files/")) {
      files.give(request, true);
      return;
    }
    if (request.path().endsWith("/oauth2/v2.0/token")) {
      request.setExpectMultipart(true).end().onSuccess(_ -> send(request, token(request)));
    } else {
      request
          .body()
          .onSuccess(body -> answer(request, body.length() == 0 ? "{}" : body.toString()));
    }
  }

  private synchronized Reply token(HttpServerRequest request) {
    tokenRequests++;
    String tenant = request.path().split("/")[1];
    String app = request.getFormAttribute("client_id");
    int account = tenant.equals(tenant(1)) ? 1 : tenant.equals(tenant(2)) ? 2 : 0;
    if (account == 0) {
      return refusedToken(
          400, "invalid_request", 90002, "Tenant '%s' not found.".formatted(tenant));
    }
    if (!app(account).equals(app)) {
      return refusedToken(
          400,
          "unauthorized_client",
          700016,
          "Application with identifier '%s' was not found in the directory.".formatted(app));
    }
    if (!password(account).equals(request.getFormAttribute("client_secret"))) {
      return refusedToken(401, "invalid_client", 7000215, "Invalid client secret provided.");
    }
    boolean isGraph = FakeTeamsGraph.SCOPE.equals(request.getFormAttribute("scope"));
    if (!isGraph && !SCOPE.equals(request.getFormAttribute("scope"))
        || !"client_credentials".equals(request.getFormAttribute("grant_type"))) {
      return refusedToken(
          400, "invalid_scope", 70011, "The provided value for scope is not valid.");
    }
    String token = "played-token-" + tokenRequests;
    (isGraph ? graphTokens : tokens).add(token);
    return new Reply(
        200,
        new JsonObject()
            .put("token_type", "Bearer")
            .put("expires_in", 3599)
            .put("ext_expires_in", 3599)
            .put("access_token", token));
  }

  private static Reply refusedToken(int status, String error, int code, String description) {
    return new Reply(
        status,
        new JsonObject()
            .put("error", error)
            .put("error_description", "AADSTS%d: %s\r\nTrace ID: 1".formatted(code, description))
            .put("error_codes", new JsonArray().add(code)));
  }

  /** A person writes in a thread of a channel. */
  public synchronized void written(String conversation, String author, String text) {
    String[] place = conversation.split(";messageid=", 2);
    String id = isRooted.add(conversation) ? place[1] : newId();
    graph.say(place[0], place[1], id, author, text);
  }

  private synchronized void answer(HttpServerRequest request, String body) {
    if (request.path().startsWith(FakeTeamsGraph.PATH)) {
      String header = String.valueOf(request.getHeader("Authorization"));
      boolean isAllowed = graphTokens.contains(header.replaceFirst("^Bearer ", ""));
      send(request, graph.get(request.path(), isAllowed));
      return;
    }
    switch (request.path()) {
      case "/v1/.well-known/openidconfiguration" -> send(request, new Reply(200, metadata()));
      case "/v1/.well-known/keys" -> {
        keyRequests++;
        send(request, keysFail ? new Reply(503, new JsonObject()) : new Reply(200, keySet()));
      }
      default -> activity(request, new JsonObject(body));
    }
  }

  private JsonObject metadata() {
    return new JsonObject()
        .put("issuer", ISSUER)
        .put("authorization_endpoint", "https://invalid.botframework.com")
        .put("jwks_uri", base() + "/v1/.well-known/keys")
        .put("id_token_signing_alg_values_supported", new JsonArray().add("RS256"))
        .put("token_endpoint_auth_methods_supported", new JsonArray().add("private_key_jwt"));
  }

  private JsonObject keySet() {
    JsonArray keys = new JsonArray();
    published.forEach(
        key -> keys.add(key.jwk().put("endorsements", new JsonArray().add(endorsement))));
    return new JsonObject().put("keys", keys);
  }

  /** A file of a person, which who knows its address may fetch. */
  public String file(String id, String content) {
    files.sent(id, content);
    return base() + "/files/" + id;
  }

  /** What people sent. */
  public PlayedFiles files() {
    return files;
  }

  /** Whether the people of a conversation saw that an answer is under way. */
  public synchronized boolean isTyped(String conversation) {
    return conversations.isTyped(conversation);
  }

  private void activity(HttpServerRequest request, JsonObject body) {
    Fault fault = request.method() == HttpMethod.POST ? faults.poll() : null;
    switch (fault) {
      case RATE_LIMITED -> {
        request.response().putHeader("Retry-After", "1");
        send(request, FakeTeamsConversations.refused(429, "TooManyRequests", "Too many requests"));
      }
      case RATE_LIMITED_IN_FRONT ->
          request.response().setStatusCode(429).putHeader("Retry-After", "1").end("Busy");
      case PRECONDITION ->
          send(
              request,
              FakeTeamsConversations.refused(412, "PreconditionFailed", "Precondition failed"));
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
    String header = request.getHeader("Authorization");
    if (header == null || !tokens.contains(header.replaceFirst("^Bearer ", ""))) {
      return new Reply(
          401, new JsonObject().put("message", "Authorization has been denied for this request."));
    }
    String[] path = request.path().split("/");
    if (path.length < 6 || !path[5].startsWith("activities")) {
      return new Reply(404, new JsonObject().put("message", "No HTTP resource was found."));
    }
    String conversation = URLDecoder.decode(path[4], StandardCharsets.UTF_8);
    if (conversation.contains("gone")) {
      return FakeTeamsConversations.refused(404, "ConversationNotFound", "Conversation not found.");
    }
    if (body.encode().length() > MAX_CHARACTERS) {
      return FakeTeamsConversations.refused(413, "MessageSizeTooBig", "Message size too large.");
    }
    return path.length == 7
        ? conversations.change(request.method(), conversation, path[6], body)
        : conversations.post(newId(), conversation, body);
  }

  private static void send(HttpServerRequest request, Reply reply) {
    request
        .response()
        .setStatusCode(reply.status())
        .putHeader("Content-Type", "application/json; charset=utf-8")
        .end(reply.body().encode());
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}

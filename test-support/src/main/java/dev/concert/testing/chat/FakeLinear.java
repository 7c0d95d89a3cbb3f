package dev.concert.testing.chat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Linear's OAuth and GraphQL, as far as agents use them; sources: https://linear.app/developers and
 * the schema of {@code @linear/sdk}. It answers with whole objects, whatever fields a query
 * selects.
 */
public final class FakeLinear implements AutoCloseable {
  public static final String WEBHOOK_SECRET = "lin_wh_played";
  public static final String CLIENT_SECRET = "played-client-secret";

  private static final Pattern ROOT =
      Pattern.compile("(?:query|mutation)\\s*\\w*[^{]*\\{\\s*(\\w+)");

  /** What goes wrong with the next activity that stays. */
  public enum Fault {
    RATE_LIMITED,
    RATE_LIMITED_WITHOUT_TIME,
    SERVER_ERROR,
    CUT_BEFORE,
    CUT_AFTER,
    /** It is taken, and there is no answer. */
    HELD,
    /** Nothing is done, and there is no answer. */
    HELD_BEFORE
  }

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final Map<String, Integer> tokens = new HashMap<>();
  private final Map<String, JsonObject> sessions = new HashMap<>();
  private final Map<String, JsonObject> issues = new HashMap<>();
  private final FakeLinearFiles files = new FakeLinearFiles();
  private final List<JsonObject> activities = new ArrayList<>();
  private final Deque<Fault> faults = new ArrayDeque<>();
  private boolean isHeld;

  public FakeLinear() {
    server = vertx.createHttpServer().requestHandler(this::handle);
    server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
  }

  public URI api() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  /** The id of one of the two workspaces, from 1. */
  public static String workspace(int number) {
    return "workspace-" + number;
  }

  /** The id of the app's user in a workspace. */
  public static String app(int workspace) {
    return "app-user-" + workspace;
  }

  public static String clientId(int workspace) {
    return "client-" + workspace;
  }

  /** Whether somebody waits for an answer that does not come. */
  public synchronized boolean isHeld() {
    return isHeld;
  }

  public synchronized void fail(Fault fault) {
    faults.add(fault);
  }

  /** No token of before is taken any more. */
  public synchronized void revokeTokens() {
    tokens.clear();
  }

  /** How many tokens were given out and are taken. */
  public synchronized int tokens() {
    return tokens.size();
  }

  /** An issue that waits to be worked on. */
  public synchronized JsonObject issue(String id, String delegate) {
    JsonObject started =
        new JsonObject().put("id", "state-doing").put("name", "Doing").put("position", 2.0);
    JsonObject later =
        new JsonObject().put("id", "state-review").put("name", "Review").put("position", 3.0);
    JsonObject issue =
        new JsonObject()
            .put("id", id)
            .put("identifier", "ENG-" + (issues.size() + 1))
            .put("title", "It is broken")
            .put("description", "Mend it, please.")
            .put("url", "https://linear.app/played/issue/ENG-" + (issues.size() + 1))
            .put("state", new JsonObject().put("id", "state-todo").put("type", "unstarted"))
            .put(
                "team",
                new JsonObject()
                    .put("id", "team-1")
                    .put(
                        "states",
                        new JsonObject().put("nodes", new JsonArray().add(later).add(started))))
            .put("comments", new JsonObject().put("nodes", new JsonArray()));
    if (!delegate.isEmpty()) {
      issue.put("delegate", new JsonObject().put("id", delegate));
    }
    issues.put(id, issue);
    return issue;
  }

  /** A person writes below an issue; returns the comment. */
  public synchronized JsonObject comment(String issue, String id, String author, String body) {
    JsonObject comment =
        new JsonObject()
            .put("id", id)
            .put("body", body)
            .put("createdAt", "2026-01-01T00:00:00.000Z")
            .put("user", new JsonObject().put("id", author).put("name", author));
    issues.get(issue).getJsonObject("comments").getJsonArray("nodes").add(comment);
    return comment;
  }

  /** An agent session begins. */
  public synchronized void begin(JsonObject session) {
    sessions.put(session.getString("id"), session.copy());
  }

  /** A session with its plan and its links. */
  public synchronized JsonObject session(String id) {
    return sessions.get(id).copy();
  }

  /** The state that an issue was moved to; empty for none. */
  public synchronized String stateOf(String issue) {
    return issues.get(issue).getString("stateId", "");
  }

  /** The activities of a session that people see now: one that passes is gone with the next. */
  public synchronized List<JsonObject> activities(String session) {
    List<JsonObject> all =
        activities.stream().filter(one -> one.getString("agentSessionId").equals(session)).toList();
    return all.stream()
        .filter(one -> !one.getBoolean("ephemeral", false) || one == all.getLast())
        .map(JsonObject::copy)
        .toList();
  }

  private void handle(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              if (FakeLinearFiles.isFile(request)) {
                file(request, body);
              } else if (request.path().equals("/oauth/token")) {
                token(request, body.toString());
              } else if (request.path().equals("/graphql")) {
                graphql(request, body.toJsonObject());
              } else {
                request.response().setStatusCode(404).end();
              }
            });
  }

  private synchronized void file(HttpServerRequest request, Buffer body) {
    files.answer(request, body, workspace(request).isPresent());
  }

  /** A file that a person has in Linear's store; returns its address. */
  public synchronized String file(String id, String content) {
    return files.put(api().toString(), id, content);
  }

  /** The content of the file at this address; empty if there is none. */
  public synchronized String contentOf(String url) {
    return files.content(url);
  }

  private Optional<Integer> workspace(HttpServerRequest request) {
    String authorization = Optional.ofNullable(request.getHeader("Authorization")).orElse("");
    return Optional.ofNullable(tokens.get(authorization.replaceFirst("^Bearer ", "")));
  }

  private synchronized void token(HttpServerRequest request, String form) {
    Matcher client = Pattern.compile("client_id=client-([12])(?:&|$)").matcher(form);
    if (!form.contains("grant_type=client_credentials")
        || !form.contains("client_secret=" + CLIENT_SECRET)
        || !client.find()) {
      send(
          request,
          400,
          new JsonObject()
              .put("error", "invalid_client")
              .put("error_description", "Invalid client credentials"));
      return;
    }
    String token = "lin_oauth_" + UUID.randomUUID();
    tokens.put(token, Integer.parseInt(client.group(1)));
    send(
        request,
        200,
        new JsonObject()
            .put("access_token", token)
            .put("token_type", "Bearer")
            .put("expires_in", 2_591_999)
            .put("scope", "read write app:assignable app:mentionable"));
  }

  private synchronized void graphql(HttpServerRequest request, JsonObject body) {
    Optional<Integer> found = workspace(request);
    if (found.isEmpty()) {
      send(
          request,
          401,
          error(
              "Authentication required, not authenticated",
              "authentication error",
              "AUTHENTICATION_ERROR",
              401));
      return;
    }
    int workspace = found.get();
    Matcher root = ROOT.matcher(body.getString("query", ""));
    String field = root.find() ? root.group(1) : "";
    JsonObject variables = body.getJsonObject("variables", new JsonObject());
    boolean stays =
        field.equals("agentActivityCreate")
            && !variables.getJsonObject("input").getBoolean("ephemeral", false);
    Fault fault = stays ? faults.poll() : null;
    switch (fault) {
      case RATE_LIMITED -> {
        long reset = System.currentTimeMillis() + 1000;
        request.response().putHeader("X-RateLimit-Requests-Reset", Long.toString(reset));
        send(request, 400, limited());
      }
      case RATE_LIMITED_WITHOUT_TIME -> send(request, 400, limited());
      case SERVER_ERROR -> request.response().setStatusCode(502).end("<html>Bad Gateway</html>");
      case CUT_BEFORE -> request.connection().close();
      case CUT_AFTER -> {
        answer(workspace, field, variables);
        request.connection().close();
      }
      case HELD -> {
        answer(workspace, field, variables);
        isHeld = true;
      }
      case HELD_BEFORE -> isHeld = true;
      case null -> {
        JsonObject answer = answer(workspace, field, variables);
        send(request, answer.containsKey("errors") ? status(answer) : 200, answer);
      }
    }
  }

  private static int status(JsonObject answer) {
    return answer
        .getJsonArray("errors")
        .getJsonObject(0)
        .getJsonObject("extensions")
        .getInteger("statusCode");
  }

  private static JsonObject limited() {
    return error("Rate limit exceeded", "ratelimited", "RATELIMITED", 429);
  }

  private JsonObject answer(int workspace, String field, JsonObject variables) {
    JsonObject input = variables.getJsonObject("input", new JsonObject());
    String id = variables.getString("id", "");
    return switch (field) {
      case "viewer" -> data(field, viewer(workspace));
      case "agentActivity" -> found(field, activity(id));
      case "agentSession" -> found(field, Optional.ofNullable(sessions.get(id)).map(this::whole));
      case "agentActivityCreate" -> create(field, input);
      case "agentSessionUpdate" -> update(field, sessions.get(id), "AgentSession", input);
      case "fileUpload" -> data(field, files.offer(api().toString(), variables));
      case "issueUpdate" -> update(field, issues.get(id), "Issue", input);
      default ->
          error(
              "Cannot query field \"%s\" on type \"Query\".".formatted(field),
              "graphql error",
              "GRAPHQL_VALIDATION_FAILED",
              400);
    };
  }

  private static JsonObject viewer(int workspace) {
    return new JsonObject()
        .put("id", app(workspace))
        .put("name", "Concert")
        .put("displayName", "concert")
        .put("active", true)
        .put(
            "organization",
            new JsonObject()
                .put("id", workspace(workspace))
                .put("name", "Played " + workspace)
                .put("urlKey", "played"));
  }

  private JsonObject whole(JsonObject session) {
    JsonObject issue = session.getJsonObject("issue");
    return issue == null ? session : session.copy().put("issue", issues.get(issue.getString("id")));
  }

  private Optional<JsonObject> activity(String id) {
    return activities.stream().filter(one -> one.getString("id").equals(id)).findFirst();
  }

  private JsonObject create(String field, JsonObject input) {
    Optional<JsonObject> fault = LinearRules.activity(input);
    if (fault.isPresent()) {
      return fault.get();
    }
    if (!sessions.containsKey(input.getString("agentSessionId"))) {
      return missing("AgentSession");
    }
    String id = input.getString("id", UUID.randomUUID().toString());
    if (activity(id).isPresent()) {
      return error(
          "conflict on insert of AgentActivity: entity with that id already exists",
          "invalid input",
          "INVALID_INPUT",
          400);
    }
    JsonObject activity = input.copy().put("id", id);
    activities.add(activity);
    return data(
        field,
        new JsonObject().put("success", true).put("lastSyncId", 1).put("agentActivity", activity));
  }

  private static JsonObject update(String field, JsonObject entity, String type, JsonObject input) {
    if (entity == null) {
      return missing(type);
    }
    Optional<JsonObject> fault = LinearRules.update(type, input);
    if (fault.isPresent()) {
      return fault.get();
    }
    input.forEach(one -> entity.put(one.getKey(), one.getValue()));
    return data(field, new JsonObject().put("success", true).put("lastSyncId", 1));
  }

  private static JsonObject found(String field, Optional<JsonObject> entity) {
    return entity.map(one -> data(field, one)).orElseGet(() -> missing(field));
  }

  private static JsonObject missing(String type) {
    return error("Entity not found: " + type, "invalid input", "INPUT_ERROR", 400);
  }

  private static JsonObject data(String field, JsonObject value) {
    return new JsonObject().put("data", new JsonObject().put(field, value));
  }

  static JsonObject error(String message, String type, String code, int status) {
    JsonObject extensions =
        new JsonObject()
            .put("type", type)
            .put("code", code)
            .put("statusCode", status)
            .put("userError", true)
            .put("userPresentableMessage", message);
    return new JsonObject()
        .put(
            "errors",
            new JsonArray()
                .add(new JsonObject().put("message", message).put("extensions", extensions)));
  }

  private static void send(HttpServerRequest request, int status, JsonObject body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json; charset=utf-8")
        .end(body.encode());
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}

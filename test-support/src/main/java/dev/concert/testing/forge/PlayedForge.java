package dev.concert.testing.forge;

import dev.concert.testing.github.GitBackend;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A forge with one repository, of which one user's token is known. Git is git itself. */
public abstract class PlayedForge implements AutoCloseable {
  public static final String WEBHOOK_SECRET = "It's a Secret to Everybody";

  /** The commit that a new repository has is on this branch. */
  static final String MAIN = "main";

  /** A webhook, as the forge sends it. */
  public record Delivery(Map<String, String> headers, byte[] body) {}

  /** A comment, or an emoji, that somebody left. */
  public record Written(long id, int number, boolean isChange, String author, String text) {}

  /** A state that a commit got. */
  public record Shown(long id, String commit, String name, String state, String url, String text) {}

  /** An issue or change request; a change request has branches. */
  static final class Thing {
    final int number;
    final String author;
    final String title;
    final String body;
    final String branch;
    final String base;
    final Set<String> reviewers = new LinkedHashSet<>();

    Thing(int number, String author, String title, String body, String branch, String base) {
      this.number = number;
      this.author = author;
      this.title = title;
      this.body = body;
      this.branch = branch;
      this.base = base;
    }
  }

  /** A change request. */
  public record Change(
      int number, String title, String body, String branch, List<String> reviewers) {}

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final String api;
  final GitBackend git;
  final String name;
  final Map<String, Boolean> people = new LinkedHashMap<>();
  final Map<Integer, Thing> issues = new LinkedHashMap<>();
  final Map<Integer, Thing> changes = new LinkedHashMap<>();
  final List<Written> comments = new ArrayList<>();
  final List<Written> reactions = new ArrayList<>();
  final List<Shown> statuses = new ArrayList<>();
  private final List<String> calls = new ArrayList<>();
  private final Map<String, Runnable> surprises = new LinkedHashMap<>();
  private String token;
  private String broken = "";
  private int failures;
  private long lastId = 1000;

  /**
   * @param api where it is, such as {@code /api/v4}
   * @param name of the repository
   */
  PlayedForge(Path folder, String api, String name, String token) {
    this.git = new GitBackend(vertx, folder);
    this.api = api;
    this.name = name;
    this.token = token;
    server = vertx.createHttpServer().requestHandler(this::handle);
    server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
  }

  /** As Concert names it. */
  public abstract String platform();

  /** Login of the user whose token it is. */
  public abstract String bot();

  abstract ForgeReply answer(ForgeCall call);

  /** What the forge says where a token is wrong. */
  abstract ForgeReply unauthorized();

  /** Whether a header of the request has the token. */
  abstract boolean knows(ForgeCall call, String token);

  /** A comment on an issue or change request, and its webhook. */
  public abstract Delivery comment(int number, boolean isChange, String author, String text);

  /** An issue is closed. */
  public abstract Delivery close(int number, String author);

  /** An issue gets a label. */
  public abstract Delivery label(int number, String author, String label);

  public URI web() {
    return URI.create("http://127.0.0.1:%d".formatted(server.actualPort()));
  }

  public synchronized String token() {
    return token;
  }

  /** From now on only this token is accepted. */
  public synchronized void replaceToken(String other) {
    token = other;
  }

  public String repository() {
    return name;
  }

  public void create(Map<String, String> files) {
    git.create(name, files);
  }

  public synchronized void permit(String login, boolean mayWrite) {
    people.put(login, mayWrite);
  }

  /** A number for each person whom anybody named. */
  synchronized long id(String login) {
    people.putIfAbsent(login, false);
    return 1 + List.copyOf(people.keySet()).indexOf(login);
  }

  synchronized long nextId() {
    return ++lastId;
  }

  public synchronized int openIssue(String author, String title, String body) {
    int number = nextIssue();
    issues.put(number, new Thing(number, author, title, body, "", ""));
    return number;
  }

  /** GitLab counts issues by themselves. */
  abstract int nextIssue();

  /** The next calls of this kind fail as if the forge were down. */
  public synchronized void breakDown(String call, int times) {
    broken = call;
    failures = times;
  }

  /**
   * Something happens once, when the forge did a call and has not answered it yet.
   *
   * @param call method and path, a pattern; of git the path of the repository with it
   */
  public synchronized void on(String call, Runnable happens) {
    surprises.put(call, happens);
  }

  private synchronized void surprise(String call) {
    surprises.keySet().stream()
        .filter(call::matches)
        .findFirst()
        .map(surprises::remove)
        .ifPresent(Runnable::run);
  }

  public synchronized List<Written> comments() {
    return List.copyOf(comments);
  }

  public synchronized List<Written> reactions() {
    return List.copyOf(reactions);
  }

  public synchronized List<Shown> statuses() {
    return List.copyOf(statuses);
  }

  public synchronized List<Change> changes() {
    return changes.values().stream()
        .map(
            one ->
                new Change(one.number, one.title, one.body, one.branch, List.copyOf(one.reviewers)))
        .toList();
  }

  /** Calls of the API in order, such as {@code POST /projects/a%2Fb/merge_requests}. */
  public synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  public String git(String... arguments) {
    return git.git(name, arguments);
  }

  /** A person puts a commit with these files on a branch. */
  public String push(String branch, Map<String, String> files) {
    return git.push(name, branch, "refs/heads/" + branch, files);
  }

  static String hmac(byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(WEBHOOK_SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  synchronized Written write(
      List<Written> into, int number, boolean isChange, String by, String text) {
    Written written = new Written(nextId(), number, isChange, by, text);
    into.add(written);
    return written;
  }

  /** Changes a comment; empty if none has this number. */
  synchronized Optional<Written> edit(long id, String text) {
    for (int i = 0; i < comments.size(); i++) {
      Written one = comments.get(i);
      if (one.id() == id) {
        Written edited = new Written(id, one.number(), one.isChange(), one.author(), text);
        comments.set(i, edited);
        return Optional.of(edited);
      }
    }
    return Optional.empty();
  }

  private void handle(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              if (request.path().startsWith(api + "/")) {
                vertx
                    .executeBlocking(() -> api(request, body), false)
                    .onSuccess(reply -> reply.send(request))
                    .onFailure(
                        failure -> request.response().setStatusCode(500).end("Played: " + failure));
              } else if (isLetIn(request)) {
                git.answer(request, body, () -> surprise(request.method() + " " + request.path()));
              } else {
                request
                    .response()
                    .setStatusCode(401)
                    .putHeader("WWW-Authenticate", "Basic realm=\"" + platform() + "\"")
                    .end("HTTP Basic: Access denied.");
              }
            });
  }

  private synchronized ForgeReply api(HttpServerRequest request, Buffer body) {
    String path = request.path().substring(api.length());
    JsonObject json = body.length() == 0 ? new JsonObject() : body.toJsonObject();
    ForgeCall call = new ForgeCall(request, path, json);
    calls.add(call.method() + " " + path);
    if (failures > 0 && (call.method() + " " + path).matches(broken)) {
      failures--;
      return new ForgeReply(502, "<html>Bad Gateway</html>");
    }
    if (!knows(call, token)) {
      return unauthorized();
    }
    ForgeReply reply = answer(call);
    surprise(call.method() + " " + path);
    return reply;
  }

  private synchronized boolean isLetIn(HttpServerRequest request) {
    String header = Optional.ofNullable(request.getHeader("Authorization")).orElse("");
    if (!header.startsWith("Basic ")) {
      return false;
    }
    String pair =
        new String(Base64.getDecoder().decode(header.substring(6)), StandardCharsets.UTF_8);
    return pair.endsWith(":" + token);
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}

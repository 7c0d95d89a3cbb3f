package dev.concert.testing.github;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * GitHub with one App, installed on an account with repositories, as far as Concert and the
 * witnesses use it; source: https://docs.github.com/rest. Git is git itself, behind the tokens.
 */
public final class FakeGitHub implements AutoCloseable {
  public static final long APP_ID = 4711;
  public static final String SLUG = "concert-bot";
  public static final String BOT = SLUG + "[bot]";
  public static final long INSTALLATION = 7;
  public static final String OWNER = "ada";
  public static final String WEBHOOK_SECRET = "It's a Secret to Everybody";

  public static final String CLIENT_ID = AccountRoutes.CLIENT_ID;
  public static final String CLIENT_SECRET = AccountRoutes.CLIENT_SECRET;

  /** What goes wrong with the next call of this kind. */
  public enum Fault {
    /** 403 of the secondary limit, without a time. */
    SECONDARY_LIMIT,
    /** 429 with {@code Retry-After: 2}. */
    RETRY_AFTER,
    SERVER_ERROR,
    /** 422: the line of a review's comment is not there any more. */
    LINE_GONE,
    /** The connection is cut, and GitHub did nothing. */
    CUT_BEFORE,
    /** 422: a token is asked for more than the App may do. */
    NOT_GRANTED,
    /** The connection is cut after GitHub did it. */
    CUT_AFTER
  }

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  final GitBackend git;
  private final AppTokens tokens;
  private final GitHubRoutes routes;
  private final AccountRoutes accounts;
  private final Map<String, FakeRepository> repositories = new HashMap<>();
  private final Map<String, String> renamed = new HashMap<>();
  private final Map<String, Runnable> surprises = new HashMap<>();
  private final HookRoutes hooks;
  private final Map<String, Deque<Fault>> faults = new HashMap<>();
  private final List<String> calls = new ArrayList<>();
  private final List<String> gitCalls = new ArrayList<>();
  private final AtomicInteger unchanged = new AtomicInteger();

  /**
   * @param folder of the repositories
   */
  public FakeGitHub(Path folder) {
    this(folder, InstantSource.system());
  }

  /**
   * @param clock of tokens
   */
  public FakeGitHub(Path folder, InstantSource clock) {
    this.git = new GitBackend(vertx, folder);
    this.tokens = new AppTokens(APP_ID, clock);
    this.hooks = new HookRoutes(clock);
    this.routes = new GitHubRoutes(git, tokens, repositories, renamed, hooks);
    server = vertx.createHttpServer().requestHandler(this::handle);
    server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
    this.accounts = new AccountRoutes(clock, web().toString());
  }

  /** The key of the App, as GitHub's page gives it. */
  public static String privateKey() {
    return AppTokens.privateKey();
  }

  /** Where the REST API is. */
  public URI api() {
    return URI.create("http://127.0.0.1:%d/api/v3".formatted(server.actualPort()));
  }

  /** Where repositories are. */
  public URI web() {
    return URI.create("http://127.0.0.1:%d".formatted(server.actualPort()));
  }

  /** A repository of {@value #OWNER}, with a commit on {@code main}. */
  public synchronized void create(String name, Map<String, String> files) {
    git.create(OWNER + "/" + name, files);
    FakeRepository made =
        new FakeRepository(OWNER, name, 500 + repositories.size(), api().toString());
    made.people.put(OWNER, "admin");
    repositories.put(name, made);
  }

  FakeRepository repository(String name) {
    return Optional.ofNullable(repositories.get(name)).orElseThrow();
  }

  /** Gives a person a permission: admin, write, read or none. */
  public synchronized void permit(String repository, String login, String permission) {
    repository(repository).people.put(login, permission);
  }

  public synchronized void archive(String repository) {
    repository(repository).archived = true;
  }

  /** A person opens an issue; returns its number. */
  public synchronized int openIssue(String repository, String author, String title, String body) {
    return repository(repository).openIssue(author, title, body).getInteger("number");
  }

  synchronized <T> T locked(Supplier<T> work) {
    return work.get();
  }

  /** A person puts a commit with these files on a branch. */
  public String push(String repository, String branch, Map<String, String> files) {
    return git.push(OWNER + "/" + repository, branch, "refs/heads/" + branch, files);
  }

  /** A repository gets another name. */
  public synchronized void rename(String from, String to) {
    FakeRepository moved = repositories.remove(from);
    git.rename(moved.fullName(), OWNER + "/" + to);
    moved.name = to;
    repositories.put(to, moved);
    renamed.put(from, to);
    tokens.rename(from, to);
  }

  public synchronized void delete(String repository) {
    repositories.remove(repository);
  }

  /** What GitHub delivered; it has the newest first. */
  public synchronized List<JsonObject> deliveries() {
    return copies(hooks.log());
  }

  /** Nobody took a webhook. */
  public synchronized void missed(Delivery delivery) {
    hooks.delivered(delivery, 503, false);
  }

  /** Who takes what is delivered again, and the status of the answer. */
  public synchronized void redeliverTo(ToIntFunction<Delivery> receiver) {
    hooks.receiver(receiver);
  }

  /**
   * Something happens once: just before git is answered, or before the answer of the API leaves.
   *
   * @param call method and path
   */
  public synchronized void on(String call, Runnable happens) {
    surprises.put(call, happens);
  }

  public synchronized List<JsonObject> checks(String repository) {
    return copies(repository(repository).checks);
  }

  public synchronized List<JsonObject> reviews(String repository) {
    return copies(repository(repository).reviews);
  }

  /** What the tokens may do that are good, such as {@code contents:write}. */
  public synchronized Set<String> permissions() {
    return tokens.permissions();
  }

  /** What git says in a repository. */
  public String git(String repository, String... arguments) {
    return git.git(OWNER + "/" + repository, arguments);
  }

  public Optional<String> commit(String repository, String branch) {
    return git.commit(OWNER + "/" + repository, branch);
  }

  public synchronized List<JsonObject> comments(String repository) {
    return copies(repository(repository).comments);
  }

  public synchronized List<JsonObject> reviewComments(String repository) {
    return copies(repository(repository).reviewComments);
  }

  public synchronized List<JsonObject> pulls(String repository) {
    return copies(List.copyOf(repository(repository).pulls.values()));
  }

  public synchronized List<JsonObject> reactions(String repository) {
    return copies(repository(repository).reactions);
  }

  private static List<JsonObject> copies(List<JsonObject> all) {
    return all.stream().map(JsonObject::copy).toList();
  }

  /** Calls of the API in order, such as {@code POST /repos/ada/engine/pulls}. */
  public synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  /** What git asked for. */
  public synchronized List<String> gitCalls() {
    return List.copyOf(gitCalls);
  }

  /** All tokens that were issued. */
  public synchronized List<String> tokens() {
    return Stream.concat(tokens.issued().stream(), accounts.issued().stream()).toList();
  }

  /** For what tokens were asked, such as <code>[engine] {issues=read}</code>. */
  public synchronized List<String> grants() {
    return tokens.asked();
  }

  /** How many answers were that nothing changed. */
  public int unchanged() {
    return unchanged.get();
  }

  public synchronized void revokeTokens() {
    tokens.revokeAll();
    accounts.revokeUserTokens();
  }

  /** A person's browser posts a manifest; gives where GitHub sends it back. */
  public synchronized String createApp(String url, String manifest) {
    return accounts.createApp(url, manifest);
  }

  /** A person's browser allows the App what an address asks for; gives where GitHub sends it. */
  public synchronized String authorize(String url, String login) {
    return accounts.authorize(url, login);
  }

  /** A person types the code of a device. */
  public synchronized void enterDeviceCode(String userCode, String login, boolean denied) {
    accounts.enter(userCode, login, denied);
  }

  /** A person may see an installation of the App. */
  public synchronized void install(String login, long installation) {
    accounts.install(login, installation);
  }

  /** A parameter of an address; empty where it has none of this name. */
  public static String parameter(String url, String name) {
    return AccountRoutes.parameter(url, name);
  }

  /**
   * Makes the next calls fail so, one each.
   *
   * @param call method and path
   */
  public synchronized void fail(String call, Fault... next) {
    faults.computeIfAbsent(call, _ -> new ArrayDeque<>()).addAll(List.of(next));
  }

  /** A webhook, as GitHub sends it. */
  public record Delivery(Map<String, String> headers, byte[] body) {}

  /** A comment on an issue, and its webhook. */
  public synchronized Delivery comment(String repository, int number, String author, String text) {
    FakeRepository in = repository(repository);
    JsonObject about = in.issues.get(number);
    if (about == null) {
      about = in.pulls.get(number).copy().put("pull_request", new JsonObject());
    }
    return delivery(
        "issue_comment",
        payload(in, "created", author)
            .put("issue", about)
            .put("comment", in.comment(author, number, text)));
  }

  /** A comment on a line of a pull request, and its webhook. */
  public synchronized Delivery review(
      String repository, int pull, String author, String path, int line, String text) {
    FakeRepository in = repository(repository);
    return delivery(
        "pull_request_review_comment",
        payload(in, "created", author)
            .put("pull_request", in.pulls.get(pull))
            .put("comment", in.reviewComment(author, pull, path, line, text, 0)));
  }

  /** Something happens to an issue: {@code closed}, {@code labeled}, {@code assigned}. */
  public synchronized Delivery issue(
      String repository, int number, String author, String action, JsonObject more) {
    FakeRepository in = repository(repository);
    if (action.equals("closed")) {
      in.issues.get(number).put("state", action);
    }
    return delivery(
        "issues",
        payload(in, action, author).put("issue", in.issues.get(number).copy()).mergeIn(more, true));
  }

  static JsonObject payload(FakeRepository in, String action, String sender) {
    return new JsonObject()
        .put("action", action)
        .put("repository", in.shown())
        .put("installation", new JsonObject().put("id", INSTALLATION))
        .put("sender", FakeRepository.user(sender));
  }

  /** Signs a payload. */
  public static Delivery delivery(String event, JsonObject payload) {
    return SignedDelivery.of(event, payload);
  }

  private void handle(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              if (request.path().startsWith("/api/v3/")) {
                vertx
                    .executeBlocking(() -> answer(request, body), false)
                    .onSuccess(reply -> send(request, reply))
                    .onFailure(
                        failure -> send(request, GitHubReply.error(500, "Played: " + failure)));
              } else if (request.path().startsWith("/login/")) {
                send(request, web(request, body));
              } else {
                git(request, body);
              }
            });
  }

  private synchronized GitHubReply web(HttpServerRequest request, Buffer body) {
    calls.add(request.method() + " " + request.path());
    return accounts.web(request, body);
  }

  private synchronized GitHubReply answer(HttpServerRequest request, Buffer body) {
    String path = request.path().substring("/api/v3".length()).replace("%2F", "/");
    String call = request.method() + " " + path;
    calls.add(call);
    Fault fault = faults.getOrDefault(call, new ArrayDeque<>()).poll();
    if (fault != null && fault != Fault.CUT_AFTER) {
      return GitHubReply.of(fault);
    }
    if (request.getHeader("User-Agent") == null) {
      return GitHubReply.error(403, "Request forbidden by administrative rules.");
    }
    GitHubReply reply =
        AccountRoutes.isFor(path)
            ? accounts.api(request, path, body)
            : routes.answer(request, path, body);
    Optional.ofNullable(surprises.remove(call)).ifPresent(Runnable::run);
    return fault == Fault.CUT_AFTER ? reply.cut() : reply;
  }

  private void send(HttpServerRequest request, GitHubReply reply) {
    if (reply.isKnown(request)) {
      unchanged.incrementAndGet();
    }
    reply.send(request);
  }

  private synchronized void git(HttpServerRequest request, Buffer body) {
    gitCalls.add(request.method() + " " + request.uri());
    Optional.ofNullable(surprises.remove(request.method() + " " + request.path()))
        .ifPresent(Runnable::run);
    new GitGate(tokens, git, repositories).answer(request, body);
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}

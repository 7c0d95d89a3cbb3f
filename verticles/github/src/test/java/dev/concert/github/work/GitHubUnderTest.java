package dev.concert.github.work;

import static dev.concert.testing.github.FakeGitHub.parameter;

import dev.concert.bridge.BridgeMessages.AddBridge;
import dev.concert.bridge.BridgeMessages.Bridge;
import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridge.BridgeMessages.ListBridges;
import dev.concert.bridge.GitHubAccountMessages.AppBegun;
import dev.concert.bridge.GitHubAccountMessages.BeginApp;
import dev.concert.bridge.GitHubAccountMessages.BeginLink;
import dev.concert.bridge.GitHubAccountMessages.CompleteApp;
import dev.concert.bridge.GitHubAccountMessages.CompleteLink;
import dev.concert.bridge.GitHubAccountMessages.LinkBegun;
import dev.concert.bridge.GitHubAccountMessages.LinkState;
import dev.concert.bus.Address;
import dev.concert.bus.BusCodecs;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.GitHubAddresses;
import dev.concert.error.Problem;
import dev.concert.github.GitHubOptions;
import dev.concert.github.GitHubVerticle;
import dev.concert.testing.Await;
import dev.concert.testing.BlockedThreads;
import dev.concert.testing.github.FakeGitHub;
import dev.concert.testing.github.FakeGitHub.Delivery;
import dev.concert.testing.github.PullEvents;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The real service between a played GitHub and a played Concert. */
final class GitHubUnderTest implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  static final String TENANT = "acme";

  private final BlockedThreads blocked = BlockedThreads.watch();
  private final Vertx vertx = Vertx.vertx();
  private final Path data;
  private final ConcertBus bus;
  final VirtualClock clock = new VirtualClock(vertx);
  final FakeGitHub github;
  final PlayedConcert concert;
  private String deployment;
  private String connection;

  GitHubUnderTest(Path folder) {
    BusCodecs.register(vertx);
    this.data = folder.resolve("data");
    this.bus = new ConcertBus(vertx);
    try {
      this.github = new FakeGitHub(Files.createDirectories(folder.resolve("git")), clock);
      this.concert =
          new PlayedConcert(vertx, Files.createDirectories(folder.resolve("workspaces")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    github.create(
        "engine",
        Map.of(
            "README.md", "An engine\n",
            "src/engine.py", "speed = 1\n",
            "old.txt", "old\n",
            ".gitignore", "*.log\n/build/\n"));
    github.permit("engine", "bob", "write");
    github.permit("engine", "mallory", "read");
    start();
  }

  /** Starts the service on what is on disk. */
  void start() {
    deployment =
        get(
            vertx.deployVerticle(
                new GitHubVerticle(
                    GitHubOptions.from(
                        new JsonObject()
                            .put(
                                "github",
                                new JsonObject()
                                    .put("apiUrl", github.api().toString())
                                    .put("webUrl", github.web().toString())
                                    .put("publicUrl", "https://concert.example.com")),
                        data,
                        Map.of()),
                    _ -> clock)));
  }

  /** Ends the service. */
  void stop() {
    get(vertx.undeploy(deployment));
  }

  /** The service begins to end; returns when it does. */
  Future<Void> beginStop() {
    Future<Void> ended = vertx.undeploy(deployment);
    // It answers on the context on which it stops.
    ask(GitHubAddresses.LIST_APPS, new ListBridges(TENANT));
    return ended;
  }

  /** Ends the service and starts it again on the same data. */
  void restart() {
    stop();
    concert.answerAgain();
    start();
  }

  AddBridge app(String tenant) {
    return new AddBridge(
        tenant,
        "admin",
        "github",
        "played",
        Map.of("appId", Long.toString(FakeGitHub.APP_ID)),
        Map.of("privateKey", FakeGitHub.privateKey(), "webhookSecret", FakeGitHub.WEBHOOK_SECRET));
  }

  /** Connects the App to the tenant. */
  void connect() {
    connect(Map.of());
  }

  /** The same, with these settings beside its number. */
  void connect(Map<String, String> more) {
    AddBridge app = app(TENANT);
    Map<String, String> settings = new HashMap<>(app.settings());
    settings.putAll(more);
    Bridge added =
        ask(
            GitHubAddresses.ADD_APP,
            new AddBridge(
                TENANT, app.userId(), app.platform(), app.name(), settings, app.secrets()));
    connection = added.connectionId();
  }

  /** The App is connected already, by this id. */
  void connectedAs(String id) {
    connection = id;
  }

  /** GitHub makes the App from our manifest, so that members can be linked. */
  void connectFromManifest() {
    AppBegun begun = ask(GitHubAddresses.BEGIN_APP, new BeginApp(TENANT, "admin", ""));
    String back = github.createApp(begun.url(), begun.manifest());
    connectedAs(
        ask(
                GitHubAddresses.COMPLETE_APP,
                new CompleteApp(TENANT, "admin", parameter(back, "code"), parameter(back, "state")))
            .bridge()
            .connectionId());
  }

  /** What a member has once GitHub sent their browser back. */
  CompleteLink allowed(String user, String login) {
    LinkBegun begun = ask(GitHubAddresses.BEGIN_LINK, new BeginLink(TENANT, user, "", false));
    String back = github.authorize(begun.url(), login);
    return new CompleteLink(TENANT, user, parameter(back, "state"), parameter(back, "code"));
  }

  /** A member shows who they are on GitHub. */
  LinkState link(String user, String login) {
    return ask(GitHubAddresses.COMPLETE_LINK, allowed(user, login));
  }

  /** Comments that the App wrote. */
  List<String> said() {
    return github.comments("engine").stream()
        .filter(one -> one.getJsonObject("user").getString("login").equals(FakeGitHub.BOT))
        .map(one -> one.getString("body"))
        .toList();
  }

  void awaitSaid(String text) {
    Await.until(
        "a comment says: " + text, () -> said().stream().anyMatch(one -> one.contains(text)));
  }

  /** The webhooks of pull requests and checks. */
  PullEvents pulls() {
    return new PullEvents(github);
  }

  String connection() {
    return connection;
  }

  Path data() {
    return data;
  }

  /** Delivers a webhook; returns the status of the reply. */
  int deliver(Delivery delivery) {
    return deliver(delivery, Map.of());
  }

  int deliver(Delivery delivery, Map<String, String> otherHeaders) {
    Map<String, String> headers = new HashMap<>(delivery.headers());
    headers.putAll(otherHeaders);
    return ask(
            GitHubAddresses.DELIVER_WEBHOOK,
            new DeliverWebhook("github", connection, headers, delivery.body()))
        .status();
  }

  <Q extends Record, R extends Record> R ask(Address<Q, R> address, Q request) {
    return get(bus.request(address, request, TIMEOUT));
  }

  /** Plays another service. */
  <Q extends Record, R extends Record> void serve(
      Address<Q, R> address, Function<Q, Future<R>> handler) {
    bus.serve(address, handler);
  }

  /** The sentence of the refusal. */
  <Q extends Record, R extends Record> String refusal(Address<Q, R> address, Q request) {
    return get(
        bus.request(address, request, TIMEOUT)
            .map("")
            .otherwise(failure -> Problem.of(failure).message()));
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  @Override
  public void close() {
    // Closed alone, Vert.x closes the databases before it stops the verticle.
    get(vertx.undeploy(deployment));
    concert.close();
    get(vertx.close());
    github.close();
    blocked.assertNone();
  }
}

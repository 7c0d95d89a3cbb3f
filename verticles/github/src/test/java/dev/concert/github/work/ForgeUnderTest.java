package dev.concert.github.work;

import dev.concert.bridge.BridgeMessages.AddBridge;
import dev.concert.bridge.BridgeMessages.Bridge;
import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bus.Address;
import dev.concert.bus.BusCodecs;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.GitHubAddresses;
import dev.concert.error.Problem;
import dev.concert.github.GitHubOptions;
import dev.concert.github.GitHubVerticle;
import dev.concert.testing.Await;
import dev.concert.testing.BlockedThreads;
import dev.concert.testing.forge.FakeGitLab;
import dev.concert.testing.forge.FakeGitea;
import dev.concert.testing.forge.PlayedForge;
import dev.concert.testing.forge.PlayedForge.Delivery;
import dev.concert.testing.forge.PlayedForge.Written;
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

/** The real service between another played forge than GitHub and a played Concert. */
final class ForgeUnderTest implements AutoCloseable {
  static final String TENANT = "acme";
  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  /** The forges, each with what differs for people. */
  enum Kind {
    GITLAB("Draft: ", "!1", ".gitlab/concert.yml", "running", "/-/issues/1", "/-/merge_requests/1"),
    GITEA("WIP: ", "#2", ".gitea/concert.yml", "pending", "/issues/1", "/pulls/2");

    final String draft;
    final String firstChange;
    final String rules;
    final String begun;

    /** Of the first issue and the first change request. */
    final List<String> pages;

    Kind(String draft, String firstChange, String rules, String begun, String... pages) {
      this.draft = draft;
      this.firstChange = firstChange;
      this.rules = rules;
      this.begun = begun;
      this.pages = List.of(pages);
    }

    PlayedForge open(Path folder) {
      return this == GITLAB ? new FakeGitLab(folder) : new FakeGitea(folder);
    }
  }

  private static final String RULES =
      """
      checks:
        - name: fast
          run: grep -q 'speed = [23]' src/engine.py
      """;

  private final BlockedThreads blocked = BlockedThreads.watch();
  private final Vertx vertx = Vertx.vertx();
  private final Path data;
  private final ConcertBus bus;
  private final VirtualClock clock = new VirtualClock(vertx);
  private final Map<String, String> addresses = new HashMap<>();
  final PlayedForge forge;
  final PlayedConcert concert;
  private String deployment;
  private String connection;

  ForgeUnderTest(Kind kind, Path folder) {
    BusCodecs.register(vertx);
    this.data = folder.resolve("data");
    this.bus = new ConcertBus(vertx);
    try {
      this.forge = kind.open(Files.createDirectories(folder.resolve("git")));
      this.concert =
          new PlayedConcert(vertx, Files.createDirectories(folder.resolve("workspaces")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    forge.create(
        Map.of("README.md", "An engine\n", "src/engine.py", "speed = 1\n", kind.rules, RULES));
    forge.permit("bob", true);
    forge.permit("mallory", false);
    addresses.put(forge.platform() + "Url", forge.web().toString());
    start();
  }

  private void start() {
    JsonObject config =
        new JsonObject()
            .put("github", new JsonObject().put("publicUrl", "https://concert.example.com"))
            .put("forges", new JsonObject(Map.copyOf(addresses)));
    deployment =
        get(
            vertx.deployVerticle(
                new GitHubVerticle(GitHubOptions.from(config, data, Map.of()), _ -> clock)));
  }

  /** Ends the service and starts it again on the same data. */
  void restart() {
    get(vertx.undeploy(deployment));
    start();
  }

  /** Another forge is in the configuration too, and connected. */
  void connectAlso(PlayedForge other) {
    addresses.put(other.platform() + "Url", other.web().toString());
    restart();
    ask(GitHubAddresses.ADD_APP, account(other, TENANT, other.token()));
  }

  AddBridge account(String tenant, String token) {
    return account(forge, tenant, token);
  }

  private static AddBridge account(PlayedForge forge, String tenant, String token) {
    return new AddBridge(
        tenant,
        "admin",
        forge.platform(),
        "played",
        Map.of(),
        Map.of("token", token, "webhookSecret", PlayedForge.WEBHOOK_SECRET));
  }

  void connect() {
    Bridge added = ask(GitHubAddresses.ADD_APP, account(TENANT, forge.token()));
    connection = added.connectionId();
  }

  String connection() {
    return connection;
  }

  /** Delivers a webhook; returns the status of the reply. */
  int deliver(Delivery delivery) {
    return deliver(forge.platform(), delivery, Map.of());
  }

  int deliver(String platform, Delivery delivery, Map<String, String> otherHeaders) {
    Map<String, String> headers = new HashMap<>(delivery.headers());
    headers.putAll(otherHeaders);
    return ask(
            GitHubAddresses.DELIVER_WEBHOOK,
            new DeliverWebhook(platform, connection, headers, delivery.body()))
        .status();
  }

  /** What the account wrote on an issue. */
  List<String> said(int issue) {
    return forge.comments().stream()
        .filter(one -> one.author().equals(forge.bot()) && one.number() == issue)
        .filter(one -> !one.isChange())
        .map(Written::text)
        .toList();
  }

  void awaitSaid(int issue, String text) {
    Await.until(
        "the status comment says: " + text,
        () -> said(issue).stream().anyMatch(one -> one.contains(text)));
  }

  <Q extends Record, R extends Record> R ask(Address<Q, R> address, Q request) {
    return get(bus.request(address, request, TIMEOUT));
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
    forge.close();
    blocked.assertNone();
  }
}

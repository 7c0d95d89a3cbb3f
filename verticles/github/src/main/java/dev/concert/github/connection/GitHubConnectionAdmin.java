package dev.concert.github.connection;

import dev.concert.bridge.BridgeMessages.AddBridge;
import dev.concert.bridge.BridgeMessages.Bridge;
import dev.concert.bridge.BridgeMessages.BridgeTested;
import dev.concert.bridge.BridgeMessages.Bridges;
import dev.concert.bus.Accepted;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.GitHubAddresses;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.github.api.AppIdentity;
import dev.concert.github.api.GitHubClient;
import dev.concert.github.api.GitHubException;
import dev.concert.github.api.InstallationTokens;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Adds, lists, tests and removes Apps. Who may, the gateway has checked. */
public final class GitHubConnectionAdmin {
  /** Name of the platform, as {@code concert bridge add} has it. */
  public static final String PLATFORM = "github";

  private static final int ID_BYTES = 16;
  private static final int LEAST_SECRET = 16;
  private static final Set<String> SECRETS =
      Set.of(
          GitHubConnection.PRIVATE_KEY,
          GitHubConnection.WEBHOOK_SECRET,
          GitHubConnection.CLIENT_SECRET);

  private final GitHubClient client;
  private final InstallationTokens tokens;
  private final GitHubConnectionStore store;
  private final Consumer<GitHubConnection> removed;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param removed is given each that goes
   */
  public GitHubConnectionAdmin(
      GitHubClient client,
      InstallationTokens tokens,
      GitHubConnectionStore store,
      Consumer<GitHubConnection> removed,
      InstantSource clock) {
    this.client = client;
    this.tokens = tokens;
    this.store = store;
    this.removed = removed;
    this.clock = clock;
  }

  /** Answers from now on. */
  public void serve(ConcertBus bus) {
    bus.serve(GitHubAddresses.ADD_APP, this::add);
    bus.serve(
        GitHubAddresses.LIST_APPS,
        wanted ->
            store
                .ofTenant(wanted.tenantId())
                .map(all -> new Bridges(all.stream().map(GitHubConnectionAdmin::shown).toList())));
    bus.serve(
        GitHubAddresses.TEST_APP,
        wanted -> own(wanted.tenantId(), wanted.connectionId()).compose(this::test));
    bus.serve(
        GitHubAddresses.REMOVE_APP,
        wanted ->
            own(wanted.tenantId(), wanted.connectionId())
                .onSuccess(removed::accept)
                .compose(app -> store.remove(wanted.tenantId(), app.id()))
                .map(_ -> new Accepted()));
  }

  private Future<Bridge> add(AddBridge wanted) {
    Set<String> unknown = new TreeSet<>(wanted.settings().keySet());
    unknown.removeAll(GitHubConnection.SETTINGS);
    if (!unknown.isEmpty()) {
      return refused(
          "GitHub has no setting %s. It has: %s."
              .formatted(
                  String.join(", ", unknown),
                  String.join(", ", new TreeSet<>(GitHubConnection.SETTINGS))));
    }
    String appId = wanted.settings().getOrDefault(GitHubConnection.APP_ID, "");
    if (!appId.matches("[1-9]\\d{0,17}")) {
      return refused("The setting appId must be the App ID, a number. GitHub's page shows it.");
    }
    String secret = wanted.secrets().getOrDefault(GitHubConnection.WEBHOOK_SECRET, "");
    String key = wanted.secrets().getOrDefault(GitHubConnection.PRIVATE_KEY, "");
    if (key.isBlank()
        || secret.length() < LEAST_SECRET
        || !SECRETS.containsAll(wanted.secrets().keySet())) {
      return refused(
          "GitHub needs the secrets privateKey and webhookSecret. The webhook secret has at least"
              + " 16 characters. To link members it takes clientSecret, and no other.");
    }
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    String id = HexFormat.of().formatHex(bytes);
    AppIdentity app = new AppIdentity(id, Long.parseLong(appId), key);
    return client
        .get(tokens.app(app), "/app")
        .map(
            found ->
                new GitHubConnection(
                    id,
                    wanted.tenantId(),
                    wanted.userId(),
                    wanted.name(),
                    found.path("id").asLong(),
                    found.path("slug").asText(),
                    found.path("owner").path("login").asText(),
                    Map.copyOf(wanted.settings()),
                    Map.copyOf(wanted.secrets()),
                    clock.millis()))
        .compose(this::take)
        .recover(failure -> Future.failedFuture(GitHubException.atEdge(failure)));
  }

  /** Has an App from now on; fails with {@code BRIDGE_EXISTS} where it is somebody's already. */
  public Future<Bridge> take(GitHubConnection app) {
    return store.add(app).map(_ -> shown(app));
  }

  private Future<BridgeTested> test(GitHubConnection connection) {
    return client
        .get(tokens.app(connection.app()), "/app")
        .map(
            app ->
                new BridgeTested(
                    true,
                    "GitHub knows the App %s of %s."
                        .formatted(
                            app.path("slug").asText(), app.path("owner").path("login").asText())))
        .otherwise(
            failure ->
                new BridgeTested(false, Problem.of(GitHubException.atEdge(failure)).message()));
  }

  /** An App of a tenant; fails with {@code BRIDGE_NOT_FOUND} where it has none of this id. */
  public Future<GitHubConnection> own(String tenantId, String id) {
    return store
        .find(id)
        .map(
            found ->
                found
                    .filter(app -> app.tenantId().equals(tenantId))
                    .orElseThrow(
                        () ->
                            new ConcertException(
                                ErrorCode.BRIDGE_NOT_FOUND, "You have no bridge of this id.")));
  }

  private static <T> Future<T> refused(String message) {
    return Future.failedFuture(new ConcertException(ErrorCode.INVALID_MESSAGE, message));
  }

  private static Bridge shown(GitHubConnection app) {
    return new Bridge(
        app.id(),
        PLATFORM,
        app.name(),
        app.slug(),
        app.owner(),
        "/webhooks/%s/%s".formatted(PLATFORM, app.id()),
        true,
        "Events come as webhooks.",
        app.createdAt());
  }
}

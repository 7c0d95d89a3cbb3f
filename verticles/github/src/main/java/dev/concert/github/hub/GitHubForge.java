package dev.concert.github.hub;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.automation.EventMessages.RepositoryActivity;
import dev.concert.bridge.BridgeMessages.AddBridge;
import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridge.BridgeMessages.WebhookReply;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.github.api.AppIdentity;
import dev.concert.github.api.ForgeClient;
import dev.concert.github.api.ForgeException;
import dev.concert.github.api.ForgeRepository;
import dev.concert.github.api.InstallationTokens;
import dev.concert.github.api.IssueRef;
import dev.concert.github.api.RepositoryApi;
import dev.concert.github.api.RepositoryName;
import dev.concert.github.broker.GitUpstream;
import dev.concert.github.connection.ForgeConnection;
import dev.concert.github.forge.Forge;
import dev.concert.github.forge.ForgeDelivery;
import dev.concert.github.member.AccountStore;
import dev.concert.github.member.AccountStore.MemberLink;
import dev.concert.github.news.NewsPublisher;
import dev.concert.github.rule.RuleFileReader;
import dev.concert.github.webhook.ForgeEvent;
import dev.concert.github.webhook.GitHubEventReader;
import dev.concert.github.webhook.GitHubSignature;
import dev.concert.github.webhook.RepositoryActivityReader;
import dev.concert.github.webhook.WebhookBody;
import dev.concert.json.Json;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** GitHub, where Concert is an App. What happens there is also told to members and automations. */
public final class GitHubForge implements Forge {
  private static final Logger LOG = LoggerFactory.getLogger(GitHubForge.class);
  private static final String DELIVERY_HEADER = "x-github-delivery";
  private static final int LEAST_SECRET = 16;

  /** A person takes back what they allowed the App; GitHub knows no other action of it. */
  private static final String REVOKED = "github_app_authorization";

  private static final Set<String> SECRETS =
      Set.of(
          ForgeConnection.PRIVATE_KEY,
          ForgeConnection.WEBHOOK_SECRET,
          ForgeConnection.CLIENT_SECRET);
  private static final Set<String> SETTINGS =
      Stream.concat(
              ForgeConnection.SETTINGS.stream(),
              Stream.of(ForgeConnection.APP_ID, ForgeConnection.CLIENT_ID, "owners"))
          .collect(Collectors.toUnmodifiableSet());

  private final ForgeClient client;
  private final InstallationTokens tokens;
  private final AccountStore accounts;
  private final NewsPublisher news;
  private final URI web;
  private final InstantSource clock;

  /**
   * @param web where repositories are, without a final slash
   */
  public GitHubForge(
      ForgeClient client,
      InstallationTokens tokens,
      AccountStore accounts,
      NewsPublisher news,
      URI web,
      InstantSource clock) {
    this.client = client;
    this.tokens = tokens;
    this.accounts = accounts;
    this.news = news;
    this.web = web;
    this.clock = clock;
  }

  @Override
  public String platform() {
    return ForgeConnection.GITHUB;
  }

  @Override
  public String title() {
    return "GitHub";
  }

  @Override
  public Future<ForgeConnection> prove(AddBridge wanted, String id) {
    Set<String> unknown = new TreeSet<>(wanted.settings().keySet());
    unknown.removeAll(SETTINGS);
    if (!unknown.isEmpty()) {
      return refused(
          "GitHub has no setting %s. It has: %s."
              .formatted(String.join(", ", unknown), String.join(", ", new TreeSet<>(SETTINGS))));
    }
    String appId = wanted.settings().getOrDefault(ForgeConnection.APP_ID, "");
    if (!appId.matches("[1-9]\\d{0,17}")) {
      return refused("The setting appId must be the App ID, a number. GitHub's page shows it.");
    }
    String secret = wanted.secrets().getOrDefault(ForgeConnection.WEBHOOK_SECRET, "");
    String key = wanted.secrets().getOrDefault(ForgeConnection.PRIVATE_KEY, "");
    if (key.isBlank()
        || secret.length() < LEAST_SECRET
        || !SECRETS.containsAll(wanted.secrets().keySet())) {
      return refused(
          "GitHub needs the secrets privateKey and webhookSecret. The webhook secret has at least"
              + " 16 characters. To link members it takes clientSecret, and no other.");
    }
    return client
        .get(tokens.app(new AppIdentity(id, Long.parseLong(appId), key)), "/app")
        .map(
            found ->
                new ForgeConnection(
                    id,
                    wanted.tenantId(),
                    wanted.userId(),
                    platform(),
                    wanted.name(),
                    found.path("id").asLong(),
                    found.path("slug").asText(),
                    found.path("owner").path("login").asText(),
                    Map.copyOf(wanted.settings()),
                    Map.copyOf(wanted.secrets()),
                    clock.millis()));
  }

  private static <T> Future<T> refused(String message) {
    return Future.failedFuture(new ConcertException(ErrorCode.INVALID_MESSAGE, message));
  }

  @Override
  public Future<String> test(ForgeConnection connection) {
    return client
        .get(tokens.app(connection.app()), "/app")
        .map(
            app ->
                "GitHub knows the App %s of %s."
                    .formatted(
                        app.path("slug").asText(), app.path("owner").path("login").asText()));
  }

  @Override
  public void forget(ForgeConnection connection) {
    tokens.forget(connection.id());
  }

  @Override
  public ForgeDelivery read(ForgeConnection connection, DeliverWebhook webhook) {
    Map<String, String> headers = webhook.headers();
    byte[] body;
    try {
      body = WebhookBody.of(webhook.body());
    } catch (IOException e) {
      return ForgeDelivery.refused(413, "The body is larger than GitHub's are.");
    }
    if (!GitHubSignature.isRight(
        connection.secrets().getOrDefault(ForgeConnection.WEBHOOK_SECRET, ""),
        headers.getOrDefault(GitHubSignature.HEADER, ""),
        body)) {
      LOG.atInfo()
          .addKeyValue("tenantId", connection.tenantId())
          .log("A webhook of GitHub is refused: its signature is wrong");
      return ForgeDelivery.refused(
          401, "The signature is wrong. Give GitHub the webhook secret of this bridge.");
    }
    String id = headers.getOrDefault(DELIVERY_HEADER, "");
    if (!ForgeDelivery.isId(id)) {
      return ForgeDelivery.refused(400, "The header X-GitHub-Delivery is missing.");
    }
    try {
      JsonNode payload = Json.MAPPER.readTree(body);
      String name = headers.getOrDefault("x-github-event", "");
      return new ForgeDelivery(
          new WebhookReply(202, "text/plain", ""),
          id,
          GitHubEventReader.read(name, payload),
          RepositoryActivityReader.read(connection, id, name, payload),
          name.equals(REVOKED) ? payload.path("sender").path("id").asLong() : 0);
    } catch (IOException e) {
      return ForgeDelivery.refused(
          400, "The body is not JSON. Choose the content type application/json.");
    }
  }

  @Override
  public Future<Optional<RepositoryActivity>> received(
      ForgeConnection connection, ForgeDelivery delivery) {
    return accounts
        .revoked(connection.id(), delivery.revokedBy())
        .compose(
            _ ->
                delivery
                    .happened()
                    .map(event -> serves(connection, event.owner(), event.installation()))
                    .orElseGet(() -> Future.succeededFuture(false)))
        .map(isServed -> delivery.happened().filter(_ -> isServed));
  }

  @Override
  public void claimed(ForgeConnection connection, String deliveryId, ForgeEvent event) {
    serves(connection, event.owner(), event.installation())
        .onSuccess(
            isServed -> {
              if (isServed) {
                news.tell(connection, deliveryId, event);
              }
            });
  }

  @Override
  public Future<Boolean> serves(ForgeConnection connection, ForgeEvent event) {
    return connection.serves(event.owner())
        ? Future.succeededFuture(true)
        : installation(event, connection)
            .compose(found -> accounts.isBound(connection.id(), found));
  }

  private Future<Long> installation(ForgeEvent event, ForgeConnection connection) {
    return event.installation() != 0
        ? Future.succeededFuture(event.installation())
        : installation(connection, 0, new RepositoryName(event.owner(), event.repository()))
            .recover(
                failure ->
                    ForgeException.is(failure, 404)
                        ? Future.succeededFuture(0L)
                        : Future.failedFuture(failure));
  }

  /** A stranger may install a public App. */
  private Future<Boolean> serves(ForgeConnection connection, String owner, long installation) {
    return connection.serves(owner)
        ? Future.succeededFuture(true)
        : accounts.isBound(connection.id(), installation);
  }

  @Override
  public Future<Optional<String>> member(ForgeConnection connection, long person) {
    return accounts
        .memberOf(connection.tenantId(), person)
        .map(link -> link.map(MemberLink::userId));
  }

  /** The webhook of a repository itself tells 0. */
  @Override
  public Future<Long> installation(ForgeConnection connection, long told, RepositoryName name) {
    return told != 0 ? Future.succeededFuture(told) : tokens.installationOf(connection.app(), name);
  }

  @Override
  public ForgeRepository repository(
      ForgeConnection connection, long installation, RepositoryName name) {
    return new RepositoryApi(client, tokens, connection.app(), installation, name);
  }

  @Override
  public GitUpstream git(ForgeConnection connection, long installation, RepositoryName name) {
    return new GitHubUpstream(client, tokens, connection.app(), installation, name, web);
  }

  @Override
  public Future<Optional<RepositoryName>> nameOf(
      ForgeConnection connection, long installation, long repositoryId) {
    return tokens.nameOf(connection.app(), installation, repositoryId);
  }

  @Override
  public String mail(long id, String login) {
    return "%d+%s@users.noreply.github.com".formatted(id, login);
  }

  @Override
  public String page(RepositoryName name, IssueRef ref) {
    return "%s/%s/%s/%d".formatted(web, name, ref.isChange() ? "pull" : "issues", ref.number());
  }

  @Override
  public String rulesPath() {
    return RuleFileReader.PATH;
  }
}

package dev.concert.github.gitea;

import dev.concert.bridge.BridgeMessages.AddBridge;
import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.foundation.proxy.OutboundProxies;
import dev.concert.github.api.ApiCaller;
import dev.concert.github.api.ForgeCalls;
import dev.concert.github.api.ForgeClient;
import dev.concert.github.api.ForgeException;
import dev.concert.github.api.ForgeRepository;
import dev.concert.github.api.ForgeTerms;
import dev.concert.github.api.IssueRef;
import dev.concert.github.api.PauseClock;
import dev.concert.github.api.RepositoryName;
import dev.concert.github.broker.GitUpstream;
import dev.concert.github.connection.ForgeConnection;
import dev.concert.github.forge.Forge;
import dev.concert.github.forge.ForgeDelivery;
import dev.concert.github.forge.TokenAccounts;
import dev.concert.github.webhook.WebhookBody;
import dev.concert.github.webhook.WebhookHmac;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gitea, or Forgejo, which speaks the same, where Concert is a user.
 *
 * <p>Source: https://docs.gitea.com/development/api-usage
 */
public final class GiteaForge implements Forge {
  private static final Logger LOG = LoggerFactory.getLogger(GiteaForge.class);
  private static final String PLATFORM = "gitea";
  private static final String TITLE = "Gitea";

  private final ForgeClient client;
  private final TokenAccounts accounts;
  private final URI web;

  /**
   * @param web where Gitea is, without a final slash
   * @param proxies on the way to it
   */
  public GiteaForge(Vertx vertx, URI web, OutboundProxies proxies, PauseClock clock) {
    this.client =
        new ForgeClient(
            vertx,
            new ForgeTerms(TITLE, "forges.giteaUrl", "the page of its operator"),
            URI.create(web + "/api/v1"),
            proxies,
            clock);
    this.accounts = new TokenAccounts(PLATFORM, TITLE, web, clock::now);
    this.web = web;
  }

  @Override
  public String platform() {
    return PLATFORM;
  }

  @Override
  public String title() {
    return TITLE;
  }

  @Override
  public Future<ForgeConnection> prove(AddBridge wanted, String id) {
    return accounts.prove(wanted, id, this::ask);
  }

  @Override
  public Future<String> test(ForgeConnection connection) {
    return ask(TokenAccounts.caller(connection))
        .map(account -> "Gitea knows the user %s.".formatted(account.login()));
  }

  private Future<TokenAccounts.Account> ask(ApiCaller caller) {
    return client
        .get(caller, "/user")
        .map(
            user ->
                new TokenAccounts.Account(user.path("id").asLong(), user.path("login").asText("")))
        .recover(
            failure ->
                ForgeException.is(failure, 401) || ForgeException.is(failure, 403)
                    ? TokenAccounts.refused(
                        "Gitea does not take this token. Make one with the scopes"
                            + " write:repository, write:issue and read:user.")
                    : Future.failedFuture(failure));
  }

  @Override
  public ForgeDelivery read(ForgeConnection connection, DeliverWebhook webhook) {
    Map<String, String> headers = webhook.headers();
    byte[] body;
    try {
      body = WebhookBody.of(webhook.body());
    } catch (IOException e) {
      return ForgeDelivery.refused(413, "The body is larger than 25 MiB.");
    }
    if (!isRight(connection, headers.getOrDefault("x-gitea-signature", ""), body)) {
      LOG.atInfo()
          .addKeyValue("tenantId", connection.tenantId())
          .log("A webhook of Gitea is refused: its signature is wrong");
      return ForgeDelivery.refused(
          401, "The signature is wrong. Give Gitea the webhook secret of this bridge.");
    }
    String id = headers.getOrDefault("x-gitea-delivery", "");
    if (!ForgeDelivery.isId(id)) {
      return ForgeDelivery.refused(400, "The header X-Gitea-Delivery is missing.");
    }
    try {
      return ForgeDelivery.taken(
          id,
          GiteaEventReader.read(
              connection, headers.getOrDefault("x-gitea-event", ""), Json.MAPPER.readTree(body)));
    } catch (IOException e) {
      return ForgeDelivery.refused(
          400, "The body is not JSON. Choose the content type application/json.");
    }
  }

  private static boolean isRight(ForgeConnection connection, String signature, byte[] body) {
    String secret = connection.secrets().getOrDefault(ForgeConnection.WEBHOOK_SECRET, "");
    return !secret.isEmpty()
        && WebhookHmac.isSame(
            HexFormat.of().formatHex(WebhookHmac.of(secret.getBytes(StandardCharsets.UTF_8), body)),
            signature);
  }

  @Override
  public ForgeRepository repository(
      ForgeConnection connection, long installation, RepositoryName name) {
    return new GiteaRepository(calls(connection, name.path()));
  }

  private ForgeCalls calls(ForgeConnection connection, String path) {
    return new ForgeCalls(client, TokenAccounts.caller(connection), path);
  }

  @Override
  public GitUpstream git(ForgeConnection connection, long installation, RepositoryName name) {
    return new GiteaUpstream(
        web,
        connection.account(),
        connection.secrets().getOrDefault(ForgeConnection.TOKEN, ""),
        calls(connection, name.path()));
  }

  @Override
  public Future<Optional<RepositoryName>> nameOf(
      ForgeConnection connection, long installation, long repositoryId) {
    return calls(connection, "/repositories/" + repositoryId)
        .find("")
        .map(found -> found.flatMap(one -> RepositoryName.parse(one.path("full_name").asText(""))));
  }

  /** People who hide their mail address have this one. */
  @Override
  public String mail(long id, String login) {
    return "%s@noreply.%s".formatted(login, web.getHost());
  }

  @Override
  public String page(RepositoryName name, IssueRef ref) {
    return "%s/%s/%s/%d".formatted(web, name, ref.isChange() ? "pulls" : "issues", ref.number());
  }

  @Override
  public String rulesPath() {
    return ".gitea/concert.yml";
  }
}

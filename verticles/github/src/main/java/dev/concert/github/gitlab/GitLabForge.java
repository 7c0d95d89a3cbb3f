package dev.concert.github.gitlab;

import com.fasterxml.jackson.databind.JsonNode;
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
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * GitLab, where Concert is the user of a project or group access token.
 *
 * <p>Source: https://docs.gitlab.com/api/rest/
 */
public final class GitLabForge implements Forge {
  private static final String PLATFORM = "gitlab";
  private static final String TITLE = "GitLab";
  private static final String SCOPE = "api";

  private final ForgeClient client;
  private final TokenAccounts accounts;
  private final GitLabSecret secret;
  private final URI web;

  /**
   * @param web where GitLab is, without a final slash
   * @param proxies on the way to it
   */
  public GitLabForge(Vertx vertx, URI web, OutboundProxies proxies, PauseClock clock) {
    this.client =
        new ForgeClient(
            vertx,
            new ForgeTerms(TITLE, "forges.gitlabUrl", "the page of its operator"),
            URI.create(web + "/api/v4"),
            proxies,
            clock);
    this.accounts = new TokenAccounts(PLATFORM, TITLE, web, clock::now);
    this.secret = new GitLabSecret(clock::now);
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
        .map(account -> "GitLab knows the user %s.".formatted(account.login()));
  }

  private Future<TokenAccounts.Account> ask(ApiCaller caller) {
    return client
        .get(caller, "/personal_access_tokens/self")
        .compose(
            token ->
                StreamSupport.stream(token.path("scopes").spliterator(), false)
                        .anyMatch(scope -> scope.asText().equals(SCOPE))
                    ? client.get(caller, "/user")
                    : TokenAccounts.<JsonNode>refused(
                        "The token has no scope api. Make one that has it, with the role"
                            + " Developer."))
        .map(user -> new TokenAccounts.Account(user.path("id").asLong(), text(user, "username")))
        .recover(
            failure ->
                ForgeException.is(failure, 401)
                    ? TokenAccounts.refused(
                        "GitLab does not take this token. It may be revoked or too old. Make"
                            + " another one, with the scope api and the role Developer.")
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
    if (!secret.isRight(connection, headers, body)) {
      return ForgeDelivery.refused(
          401, "The token is wrong. Give GitLab the webhook secret of this bridge.");
    }
    // A repetition has the same key; older versions of GitLab have no keys.
    String id =
        headers.getOrDefault("idempotency-key", headers.getOrDefault("x-gitlab-event-uuid", ""));
    if (!ForgeDelivery.isId(id)) {
      return ForgeDelivery.refused(400, "The header Idempotency-Key is missing.");
    }
    try {
      return ForgeDelivery.taken(
          id, GitLabEventReader.read(connection, Json.MAPPER.readTree(body)));
    } catch (IOException e) {
      return ForgeDelivery.refused(400, "The body is not JSON.");
    }
  }

  @Override
  public ForgeRepository repository(
      ForgeConnection connection, long installation, RepositoryName name) {
    return new GitLabRepository(calls(connection, name));
  }

  private ForgeCalls calls(ForgeConnection connection, RepositoryName name) {
    return new ForgeCalls(
        client,
        TokenAccounts.caller(connection),
        "/projects/" + ForgeCalls.encode(name.toString()));
  }

  @Override
  public GitUpstream git(ForgeConnection connection, long installation, RepositoryName name) {
    return new GitLabUpstream(
        web, connection.secrets().getOrDefault(ForgeConnection.TOKEN, ""), calls(connection, name));
  }

  @Override
  public Future<Optional<RepositoryName>> nameOf(
      ForgeConnection connection, long installation, long repositoryId) {
    return new ForgeCalls(client, TokenAccounts.caller(connection), "/projects/" + repositoryId)
        .find("")
        .map(found -> found.flatMap(one -> RepositoryName.parse(text(one, "path_with_namespace"))));
  }

  /** Without a mail address of their own, GitLab gives people this one. */
  @Override
  public String mail(long id, String login) {
    return "%d-%s@users.noreply.%s".formatted(id, login, web.getHost());
  }

  @Override
  public String page(RepositoryName name, IssueRef ref) {
    return "%s/%s/-/%s/%d"
        .formatted(web, name, ref.isChange() ? "merge_requests" : "issues", ref.number());
  }

  @Override
  public String change(int number) {
    return "!" + number;
  }

  @Override
  public String rulesPath() {
    return ".gitlab/concert.yml";
  }

  private static String text(JsonNode of, String field) {
    return of.path(field).asText("");
  }
}

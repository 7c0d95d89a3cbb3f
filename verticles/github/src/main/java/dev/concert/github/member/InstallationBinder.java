package dev.concert.github.member;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bridge.GitHubAccountMessages.BindInstallation;
import dev.concert.bridge.GitHubAccountMessages.InstallationBound;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.github.api.ApiCaller;
import dev.concert.github.api.ForgeClient;
import dev.concert.github.api.ForgeException;
import dev.concert.github.connection.ForgeConnection;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * Gives an installation of an App to the tenant. The number of one is in an address that anybody
 * can write, so the admin's own token has to list it. On one context.
 */
public final class InstallationBinder {
  private static final int PAGE = 100;
  private static final int MOST_PAGES = 20;

  private final ForgeClient client;
  private final MemberTokens members;
  private final AccountStore accounts;

  public InstallationBinder(ForgeClient client, MemberTokens members, AccountStore accounts) {
    this.client = client;
    this.members = members;
    this.accounts = accounts;
  }

  /**
   * Binds an installation.
   *
   * @param app of the tenant that asks
   */
  public Future<InstallationBound> bind(ForgeConnection app, BindInstallation wanted) {
    return members
        .caller(wanted.tenantId(), wanted.userId(), app)
        .compose(caller -> find(caller, app, wanted.installationId(), 1))
        .compose(
            found ->
                found.isEmpty()
                    ? Future.failedFuture(notYours())
                    : accounts
                        .bind(app.id(), wanted.installationId(), found.get(), wanted.userId())
                        .map(
                            _ ->
                                new InstallationBound(
                                    app.id(), wanted.installationId(), found.get())))
        .recover(failure -> Future.failedFuture(ForgeException.atEdge(failure)));
  }

  /** The account of an installation of the App that this caller may see. */
  private Future<Optional<String>> find(
      ApiCaller caller, ForgeConnection app, long installation, int page) {
    return client
        .get(caller, "/user/installations?per_page=%d&page=%d".formatted(PAGE, page))
        .compose(
            answer -> {
              JsonNode all = answer.path("installations");
              for (JsonNode one : all) {
                if (one.path("id").asLong() == installation
                    && one.path("app_id").asLong() == app.accountId()) {
                  return Future.succeededFuture(
                      Optional.of(one.path("account").path("login").asText()));
                }
              }
              return all.size() == PAGE && page < MOST_PAGES
                  ? find(caller, app, installation, page + 1)
                  : Future.succeededFuture(Optional.empty());
            });
  }

  private static ConcertException notYours() {
    return new ConcertException(
        ErrorCode.INVALID_MESSAGE,
        "Your GitHub account has no such installation of this App. Install the App first, with the"
            + " account that you linked.");
  }
}

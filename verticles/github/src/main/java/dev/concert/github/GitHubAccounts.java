package dev.concert.github;

import dev.concert.bridge.GitHubAccountMessages.BeginLink;
import dev.concert.bridge.GitHubAccountMessages.LinkBegun;
import dev.concert.bridge.GitHubAccountMessages.RemoveLink;
import dev.concert.bus.Accepted;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.GitHubAddresses;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.github.api.ForgeClient;
import dev.concert.github.api.ForgeTerms;
import dev.concert.github.app.AppRegistration;
import dev.concert.github.connection.ForgeConnection;
import dev.concert.github.forge.ForgeConnectionAdmin;
import dev.concert.github.member.AccountStore;
import dev.concert.github.member.InstallationBinder;
import dev.concert.github.member.MemberLinks;
import dev.concert.github.member.MemberTokens;
import dev.concert.github.member.OAuthCalls;
import dev.concert.github.work.WorkServices;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Answers about Apps that GitHub is to make, installations, and who members are on GitHub. */
final class GitHubAccounts {
  private final WorkServices services;
  private final ForgeConnectionAdmin connections;
  private final AccountStore accounts;
  private final AppRegistration registration;
  private final MemberLinks links;
  private final InstallationBinder installations;

  /**
   * @param options where GitHub and our page are, and the proxies on the way
   */
  GitHubAccounts(
      GitHubOptions options,
      WorkServices services,
      ForgeClient api,
      AccountStore accounts,
      ForgeConnectionAdmin connections) {
    this.services = services;
    this.connections = connections;
    this.accounts = accounts;
    OAuthCalls oauth =
        new OAuthCalls(
            new ForgeClient(
                services.vertx(),
                ForgeTerms.GITHUB,
                options.web(),
                options.proxies(),
                services.clock()),
            api);
    this.registration =
        new AppRegistration(api, connections, options.web(), options.page(), services.clock()::now);
    this.links =
        new MemberLinks(oauth, api, accounts, options.web(), options.page(), services.clock());
    this.installations =
        new InstallationBinder(api, new MemberTokens(oauth, accounts, services.clock()), accounts);
  }

  /** Answers from now on. */
  void serve(ConcertBus bus) {
    bus.serve(GitHubAddresses.BEGIN_APP, registration::begin);
    bus.serve(GitHubAddresses.COMPLETE_APP, registration::complete);
    bus.serve(
        GitHubAddresses.BIND_INSTALLATION,
        wanted ->
            connections
                .own(wanted.tenantId(), wanted.connectionId())
                .compose(app -> installations.bind(app, wanted)));
    bus.serve(GitHubAddresses.BEGIN_LINK, this::begin);
    bus.serve(GitHubAddresses.COMPLETE_LINK, links::complete);
    bus.serve(GitHubAddresses.READ_LINK, wanted -> links.read(wanted.tenantId(), wanted.userId()));
    bus.serve(GitHubAddresses.REMOVE_LINK, this::remove);
  }

  private Future<LinkBegun> begin(BeginLink wanted) {
    return app(wanted).compose(app -> links.begin(app, wanted));
  }

  private Future<ForgeConnection> app(BeginLink wanted) {
    if (!wanted.connectionId().isEmpty()) {
      return connections.own(wanted.tenantId(), wanted.connectionId());
    }
    return services
        .connections()
        .appsOf(wanted.tenantId())
        .map(
            all ->
                only(all)
                    .orElseThrow(
                        () ->
                            new ConcertException(
                                ErrorCode.BRIDGE_NOT_FOUND,
                                all.isEmpty()
                                    ? "Your tenant has no App of GitHub. An administrator connects"
                                        + " one first."
                                    : "Your tenant has several Apps. Say by which you link your"
                                        + " account: connectionId.")));
  }

  private static Optional<ForgeConnection> only(List<ForgeConnection> all) {
    return all.size() == 1 ? Optional.of(all.getFirst()) : Optional.empty();
  }

  private Future<Accepted> remove(RemoveLink wanted) {
    return accounts
        .linkOf(wanted.tenantId(), wanted.userId())
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture()
                    : services
                        .connections()
                        .find(found.get().connectionId())
                        .compose(app -> links.remove(found.get(), app)))
        .map(_ -> new Accepted());
  }
}

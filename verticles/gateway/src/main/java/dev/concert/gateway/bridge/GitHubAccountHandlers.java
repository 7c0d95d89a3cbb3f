package dev.concert.gateway.bridge;

import dev.concert.bridge.GitHubAccountMessages.AppConnected;
import dev.concert.bridge.GitHubAccountMessages.BeginApp;
import dev.concert.bridge.GitHubAccountMessages.BeginLink;
import dev.concert.bridge.GitHubAccountMessages.BindInstallation;
import dev.concert.bridge.GitHubAccountMessages.CompleteApp;
import dev.concert.bridge.GitHubAccountMessages.CompleteLink;
import dev.concert.bridge.GitHubAccountMessages.InstallationBound;
import dev.concert.bridge.GitHubAccountMessages.LinkState;
import dev.concert.bridge.GitHubAccountMessages.ReadLink;
import dev.concert.bridge.GitHubAccountMessages.RemoveLink;
import dev.concert.bus.Accepted;
import dev.concert.bus.Address;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.GitHubAddresses;
import dev.concert.contract.BridgeOperations;
import dev.concert.gateway.audit.AuditLog;
import dev.concert.gateway.dispatch.ApiRequest;
import dev.concert.gateway.dispatch.Handlers;
import dev.concert.protocol.GitHubAccountMessage;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;

/** Has the GitHub service connect Apps, bind installations, and link members to their accounts. */
public final class GitHubAccountHandlers {
  private final ConcertBus bus;
  private final AuditLog audit;

  public GitHubAccountHandlers(ConcertBus bus, AuditLog audit) {
    this.bus = bus;
    this.audit = audit;
  }

  public void register(Handlers handlers) {
    handlers
        .serve(
            BridgeOperations.BEGIN_GITHUB_APP,
            request ->
                ask(
                    request,
                    GitHubAddresses.BEGIN_APP,
                    new BeginApp(
                        tenant(request), user(request), text(request.message().organization()))))
        .serve(BridgeOperations.CONNECT_GITHUB_APP, this::connect)
        .serve(BridgeOperations.BIND_GITHUB_INSTALLATION, this::bind)
        .serve(
            BridgeOperations.BEGIN_GITHUB_LINK,
            request ->
                ask(
                    request,
                    GitHubAddresses.BEGIN_LINK,
                    new BeginLink(
                        tenant(request),
                        user(request),
                        text(request.message().connectionId()),
                        Boolean.TRUE.equals(request.message().device()))))
        .serve(BridgeOperations.COMPLETE_GITHUB_LINK, this::completeLink)
        .serve(
            BridgeOperations.GET_GITHUB_LINK,
            request ->
                ask(
                    request,
                    GitHubAddresses.READ_LINK,
                    new ReadLink(tenant(request), user(request))))
        .serve(BridgeOperations.REMOVE_GITHUB_LINK, this::removeLink);
  }

  private <Q extends Record, R extends Record> Future<R> ask(
      ApiRequest<?> request, Address<Q, R> address, Q message) {
    return bus.request(address, message, request.timeLeft());
  }

  private static String tenant(ApiRequest<?> request) {
    return request.who().tenantId();
  }

  private static String user(ApiRequest<?> request) {
    return request.who().userId();
  }

  private static String text(String optional) {
    return Optional.ofNullable(optional).orElse("");
  }

  private Future<AppConnected> connect(ApiRequest<GitHubAccountMessage.ConnectGithubApp> request) {
    CompleteApp wanted =
        new CompleteApp(
            tenant(request), user(request), request.message().code(), request.message().state());
    return ask(request, GitHubAddresses.COMPLETE_APP, wanted)
        .compose(
            made ->
                record(
                        request,
                        "bridge.added",
                        made.bridge().connectionId(),
                        Map.of("platform", made.bridge().platform()))
                    .map(made));
  }

  private Future<InstallationBound> bind(
      ApiRequest<GitHubAccountMessage.BindGithubInstallation> request) {
    GitHubAccountMessage.BindGithubInstallation message = request.message();
    return ask(
            request,
            GitHubAddresses.BIND_INSTALLATION,
            new BindInstallation(
                tenant(request), user(request), message.connectionId(), message.installationId()))
        .compose(
            bound ->
                record(
                        request,
                        "github.installation_bound",
                        bound.connectionId(),
                        Map.of("account", bound.account()))
                    .map(bound));
  }

  private Future<LinkState> completeLink(
      ApiRequest<GitHubAccountMessage.CompleteGithubLink> request) {
    CompleteLink wanted =
        new CompleteLink(
            tenant(request),
            user(request),
            request.message().state(),
            text(request.message().code()));
    return ask(request, GitHubAddresses.COMPLETE_LINK, wanted)
        .compose(
            state ->
                state.login().isEmpty()
                    ? Future.succeededFuture(state)
                    : record(
                            request, "github.linked", user(request), Map.of("login", state.login()))
                        .map(state));
  }

  private Future<Accepted> removeLink(ApiRequest<GitHubAccountMessage.RemoveGithubLink> request) {
    return ask(request, GitHubAddresses.REMOVE_LINK, new RemoveLink(tenant(request), user(request)))
        .compose(
            removed -> record(request, "github.unlinked", user(request), Map.of()).map(removed));
  }

  private Future<Void> record(
      ApiRequest<?> request, String action, String subject, Map<String, String> details) {
    return audit.record(tenant(request), user(request), action, subject, details);
  }
}

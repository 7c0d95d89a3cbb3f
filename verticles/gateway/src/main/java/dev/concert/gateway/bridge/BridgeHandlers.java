package dev.concert.gateway.bridge;

import dev.concert.bridge.BridgeMessages;
import dev.concert.bridge.BridgeMessages.Bridge;
import dev.concert.bridge.BridgeMessages.BridgeTested;
import dev.concert.bridge.BridgeMessages.Bridges;
import dev.concert.bridge.BridgeMessages.ForgetTenant;
import dev.concert.bridge.BridgeMessages.ListBridges;
import dev.concert.bridge.BridgeMessages.RemoveBridge;
import dev.concert.bridge.BridgeMessages.TestBridge;
import dev.concert.bus.Accepted;
import dev.concert.bus.Address;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.GitHubAddresses;
import dev.concert.contract.BridgeOperations;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.gateway.audit.AuditLog;
import dev.concert.gateway.dispatch.ApiRequest;
import dev.concert.gateway.dispatch.Handlers;
import dev.concert.protocol.BridgeMessage;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Has the chat bridges, or the service of GitHub and other forges, add, list, test and remove the
 * connections of a tenant.
 */
public final class BridgeHandlers {
  private static final Duration FORGET = Duration.ofSeconds(30);

  private final ConcertBus bus;
  private final AuditLog audit;

  public BridgeHandlers(ConcertBus bus, AuditLog audit) {
    this.bus = bus;
    this.audit = audit;
  }

  /** Nothing of a tenant is left in the chats. Where no bridges run there is nothing. */
  public Future<Void> forgetTenant(String tenantId) {
    return forget(Addresses.FORGET_CHATS, tenantId)
        .compose(_ -> forget(GitHubAddresses.FORGET_TENANT, tenantId));
  }

  private Future<Void> forget(Address<ForgetTenant, Accepted> at, String tenantId) {
    return bus.request(at, new ForgetTenant(tenantId), FORGET)
        .<Void>mapEmpty()
        .recover(
            failure ->
                Problem.of(failure).code() == ErrorCode.BRIDGES_UNAVAILABLE
                    ? Future.succeededFuture()
                    : Future.failedFuture(failure));
  }

  public void register(Handlers handlers) {
    handlers
        .serve(BridgeOperations.ADD_BRIDGE, this::add)
        .serve(
            BridgeOperations.LIST_BRIDGES,
            request ->
                list(request, Addresses.LIST_BRIDGES)
                    .compose(
                        chats ->
                            list(request, GitHubAddresses.LIST_APPS)
                                .map(
                                    apps ->
                                        new Bridges(
                                            Stream.concat(
                                                    chats.bridges().stream(),
                                                    apps.bridges().stream())
                                                .toList()))))
        .serve(BridgeOperations.TEST_BRIDGE, this::test)
        .serve(BridgeOperations.REMOVE_BRIDGE, this::remove)
        .serve(
            BridgeOperations.CREATE_PAIRING_CODE,
            request ->
                bus.request(
                    Addresses.CREATE_PAIRING_CODE,
                    new BridgeMessages.CreatePairingCode(
                        request.who().tenantId(), request.who().userId()),
                    request.timeLeft()));
  }

  private Future<Bridges> list(ApiRequest<?> request, Address<ListBridges, Bridges> at) {
    return bus.request(at, new ListBridges(request.who().tenantId()), request.timeLeft())
        .recover(
            failure ->
                at == GitHubAddresses.LIST_APPS
                        && Problem.of(failure).code() == ErrorCode.BRIDGES_UNAVAILABLE
                    ? Future.succeededFuture(new Bridges(List.of()))
                    : Future.failedFuture(failure));
  }

  private Future<BridgeTested> test(ApiRequest<BridgeMessage.TestBridge> request) {
    TestBridge wanted = new TestBridge(request.who().tenantId(), request.message().connectionId());
    return bus.request(Addresses.TEST_BRIDGE, wanted, request.timeLeft())
        .recover(
            failure ->
                orAtGitHub(
                    failure,
                    () -> bus.request(GitHubAddresses.TEST_APP, wanted, request.timeLeft())));
  }

  /** What is no chat may be an App of GitHub, or an account at another forge. */
  private static <T> Future<T> orAtGitHub(Throwable failure, Supplier<Future<T>> other) {
    return Problem.of(failure).code() == ErrorCode.BRIDGE_NOT_FOUND
        ? other
            .get()
            .recover(
                second ->
                    Future.failedFuture(
                        Problem.of(second).code() == ErrorCode.BRIDGES_UNAVAILABLE
                            ? failure
                            : second))
        : Future.failedFuture(failure);
  }

  private Future<Bridge> add(ApiRequest<BridgeMessage.AddBridge> request) {
    BridgeMessage.AddBridge message = request.message();
    return bus.request(
            GitHubAddresses.FORGES.contains(message.platform())
                ? GitHubAddresses.ADD_APP
                : Addresses.ADD_BRIDGE,
            new BridgeMessages.AddBridge(
                request.who().tenantId(),
                request.who().userId(),
                message.platform(),
                message.name(),
                message.settings() == null ? Map.of() : message.settings(),
                message.secrets()),
            request.timeLeft())
        .compose(
            added ->
                record(request, "bridge.added", added.connectionId(), added.platform()).map(added));
  }

  private Future<Accepted> remove(ApiRequest<BridgeMessage.RemoveBridge> request) {
    String id = request.message().connectionId();
    RemoveBridge wanted = new RemoveBridge(request.who().tenantId(), id);
    return bus.request(Addresses.REMOVE_BRIDGE, wanted, request.timeLeft())
        .recover(
            failure ->
                orAtGitHub(
                    failure,
                    () -> bus.request(GitHubAddresses.REMOVE_APP, wanted, request.timeLeft())))
        .compose(removed -> record(request, "bridge.removed", id, "").map(removed));
  }

  private Future<Void> record(ApiRequest<?> request, String action, String id, String platform) {
    Map<String, String> details = platform.isEmpty() ? Map.of() : Map.of("platform", platform);
    return audit.record(request.who().tenantId(), request.who().userId(), action, id, details);
  }
}

package dev.concert.gateway.bridge;

import dev.concert.bridge.BridgeMessages;
import dev.concert.bridge.BridgeMessages.Bridge;
import dev.concert.bus.Accepted;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.contract.BridgeOperations;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.gateway.audit.AuditLog;
import dev.concert.gateway.dispatch.ApiRequest;
import dev.concert.gateway.dispatch.Handlers;
import dev.concert.protocol.BridgeMessage;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Map;

/** Has the chat bridges add, list, test and remove the connections of a tenant. */
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
    return bus.request(Addresses.FORGET_CHATS, new BridgeMessages.ForgetTenant(tenantId), FORGET)
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
                bus.request(
                    Addresses.LIST_BRIDGES,
                    new BridgeMessages.ListBridges(request.who().tenantId()),
                    request.timeLeft()))
        .serve(
            BridgeOperations.TEST_BRIDGE,
            request ->
                bus.request(
                    Addresses.TEST_BRIDGE,
                    new BridgeMessages.TestBridge(
                        request.who().tenantId(), request.message().connectionId()),
                    request.timeLeft()))
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

  private Future<Bridge> add(ApiRequest<BridgeMessage.AddBridge> request) {
    BridgeMessage.AddBridge message = request.message();
    return bus.request(
            Addresses.ADD_BRIDGE,
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
    return bus.request(
            Addresses.REMOVE_BRIDGE,
            new BridgeMessages.RemoveBridge(request.who().tenantId(), id),
            request.timeLeft())
        .compose(removed -> record(request, "bridge.removed", id, "").map(removed));
  }

  private Future<Void> record(ApiRequest<?> request, String action, String id, String platform) {
    Map<String, String> details = platform.isEmpty() ? Map.of() : Map.of("platform", platform);
    return audit.record(request.who().tenantId(), request.who().userId(), action, id, details);
  }
}

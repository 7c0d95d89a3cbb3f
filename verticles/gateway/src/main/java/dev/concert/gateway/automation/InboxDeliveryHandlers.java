package dev.concert.gateway.automation;

import static dev.concert.contract.AutomationOperations.ADD_PUSH_DEVICE;
import static dev.concert.contract.AutomationOperations.GET_INBOX_DELIVERY;
import static dev.concert.contract.AutomationOperations.LIST_PUSH_DEVICES;
import static dev.concert.contract.AutomationOperations.REMOVE_PUSH_DEVICE;
import static dev.concert.contract.AutomationOperations.TEST_INBOX_DELIVERY;
import static dev.concert.contract.AutomationOperations.UPDATE_INBOX_DELIVERY;

import dev.concert.automation.DeliveryMessages;
import dev.concert.bus.Accepted;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.DeliveryAddresses;
import dev.concert.gateway.audit.AuditLog;
import dev.concert.gateway.dispatch.ApiRequest;
import dev.concert.gateway.dispatch.Handlers;
import dev.concert.protocol.AutomationMessage;
import dev.concert.protocol.DeliveryChannel;
import dev.concert.protocol.Identity;
import dev.concert.protocol.PushDevice;
import io.vertx.core.Future;
import java.util.Map;

/** Has the automation engine bring items of inboxes where their owners want them. */
public record InboxDeliveryHandlers(ConcertBus bus, AuditLog audit) {

  public void register(Handlers handlers) {
    handlers
        .serve(
            GET_INBOX_DELIVERY,
            request ->
                bus.request(
                    DeliveryAddresses.GET_INBOX_DELIVERY,
                    new DeliveryMessages.GetInboxDelivery(AutomationHandlers.caller(request)),
                    request.timeLeft()))
        .serve(UPDATE_INBOX_DELIVERY, this::update)
        .serve(
            TEST_INBOX_DELIVERY,
            request ->
                bus.request(
                    DeliveryAddresses.TEST_INBOX_DELIVERY,
                    new DeliveryMessages.TestInboxDelivery(
                        AutomationHandlers.caller(request), request.message().channel()),
                    request.timeLeft()))
        .serve(
            LIST_PUSH_DEVICES,
            request ->
                bus.request(
                    DeliveryAddresses.LIST_PUSH_DEVICES,
                    new DeliveryMessages.ListPushDevices(AutomationHandlers.caller(request)),
                    request.timeLeft()))
        .serve(ADD_PUSH_DEVICE, this::addDevice)
        .serve(REMOVE_PUSH_DEVICE, this::removeDevice);
  }

  private Future<PushDevice> addDevice(ApiRequest<AutomationMessage.AddPushDevice> request) {
    AutomationMessage.AddPushDevice message = request.message();
    return bus.request(
            DeliveryAddresses.ADD_PUSH_DEVICE,
            new DeliveryMessages.AddPushDevice(
                AutomationHandlers.caller(request),
                message.endpoint(),
                message.p256dh(),
                message.auth(),
                message.name()),
            request.timeLeft())
        .compose(added -> record(request, "inbox.push_device_added", added.deviceId()).map(added));
  }

  private Future<Accepted> removeDevice(ApiRequest<AutomationMessage.RemovePushDevice> request) {
    String id = request.message().deviceId();
    return bus.request(
            DeliveryAddresses.REMOVE_PUSH_DEVICE,
            new DeliveryMessages.RemovePushDevice(AutomationHandlers.caller(request), id),
            request.timeLeft())
        .compose(done -> record(request, "inbox.push_device_removed", id).map(done));
  }

  private Future<Void> record(ApiRequest<?> request, String action, String device) {
    Identity who = request.who();
    return audit.record(who.tenantId(), who.userId(), action, device, Map.of());
  }

  private Future<DeliveryChannel> update(
      ApiRequest<AutomationMessage.UpdateInboxDelivery> request) {
    AutomationMessage.UpdateInboxDelivery message = request.message();
    Identity who = request.who();
    return bus.request(
            DeliveryAddresses.UPDATE_INBOX_DELIVERY,
            new DeliveryMessages.UpdateInboxDelivery(
                AutomationHandlers.caller(request),
                message.channel(),
                message.from(),
                message.url(),
                message.newSecret()),
            request.timeLeft())
        .compose(
            changed ->
                audit
                    .record(
                        who.tenantId(),
                        who.userId(),
                        "inbox.delivery_updated",
                        message.channel(),
                        Map.of("from", message.from()))
                    .map(changed));
  }
}

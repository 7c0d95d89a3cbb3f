package dev.concert.gateway.automation;

import static dev.concert.contract.AutomationOperations.GET_INBOX_DELIVERY;
import static dev.concert.contract.AutomationOperations.TEST_INBOX_DELIVERY;
import static dev.concert.contract.AutomationOperations.UPDATE_INBOX_DELIVERY;

import dev.concert.automation.DeliveryMessages;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.DeliveryAddresses;
import dev.concert.gateway.audit.AuditLog;
import dev.concert.gateway.dispatch.ApiRequest;
import dev.concert.gateway.dispatch.Handlers;
import dev.concert.protocol.AutomationMessage;
import dev.concert.protocol.DeliveryChannel;
import dev.concert.protocol.Identity;
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
                    request.timeLeft()));
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

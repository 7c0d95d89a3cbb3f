package dev.concert.automations.delivery;

import dev.concert.automation.AutomationMessages.InboxItem;
import dev.concert.automations.delivery.DeliveryWay.Parcel;
import dev.concert.automations.store.DeliveryStore;
import dev.concert.automations.store.DeliveryStore.DeliveryWish;
import dev.concert.automations.store.InboxItemStore;
import dev.concert.error.Problem;
import dev.concert.foundation.client.GatewayClient;
import dev.concert.foundation.lease.LeaseTerm;
import dev.concert.foundation.outbox.OutboxMessage;
import dev.concert.foundation.outbox.OutboxSender;
import dev.concert.foundation.outbox.SendOutcome;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Sends an item by the channel that is the route of its message: as long as its owner is a member
 * who still wants that, and as long as this node is the owner of the schedule.
 */
final class DeliverySender implements OutboxSender {
  /** The content of a message that says only that the channel works. */
  static final String TEST = "test";

  /** Items in these states are not delivered. */
  private static final Set<String> QUIET = Set.of("snoozed", "done");

  private final String tenantId;
  private final DeliveryStore wishes;
  private final InboxItemStore items;
  private final DeviceAdmin devices;
  private final Map<DeliveryChannelName, DeliveryWay> ways;
  private final GatewayClient gateway;
  private final LeaseTerm term;
  private final InstantSource clock;

  DeliverySender(
      String tenantId,
      DeliveryStore wishes,
      InboxItemStore items,
      DeviceAdmin devices,
      Map<DeliveryChannelName, DeliveryWay> ways,
      GatewayClient gateway,
      LeaseTerm term,
      InstantSource clock) {
    this.tenantId = tenantId;
    this.wishes = wishes;
    this.items = items;
    this.devices = devices;
    this.ways = ways;
    this.gateway = gateway;
    this.term = term;
    this.clock = clock;
  }

  @Override
  public Future<Void> permit(OutboxMessage message) {
    return Future.succeededFuture();
  }

  /** None of the channels can say; each of them knows a message that comes again by its id. */
  @Override
  public Future<LookUp> lookUp(OutboxMessage message) {
    return Future.succeededFuture(new LookUp.Impossible());
  }

  @Override
  public Future<SendOutcome> send(OutboxMessage message) {
    Optional<DeliveryChannelName> channel = DeliveryChannelName.of(message.route());
    if (channel.isEmpty()) {
      return refused("This version of Concert does not know the channel.");
    }
    String owner = channel.get().ownerOf(message.conversation());
    return wishes
        .find(owner, channel.get().wireName())
        .compose(
            wish ->
                wish.isOff()
                    ? refused("The channel is switched off.")
                    : item(owner, message)
                        .compose(
                            item ->
                                item.map(
                                        one ->
                                            isNeeded(message, wish, one)
                                                ? send(channel.get(), owner, wish, message, one)
                                                : Future.<SendOutcome>succeededFuture(
                                                    new SendOutcome.Sent("")))
                                    .orElseGet(() -> refused("The item is gone."))));
  }

  /**
   * Skips an item that a rule or a person has closed, rated lower or snoozed in the meantime. The
   * end of a snooze changes the message, so that it is sent then.
   */
  private static boolean isNeeded(OutboxMessage message, DeliveryWish wish, InboxItem item) {
    return message.content().equals(TEST)
        || !QUIET.contains(item.state()) && wish.wants(item.severity());
  }

  private Future<Optional<InboxItem>> item(String owner, OutboxMessage message) {
    return message.content().equals(TEST)
        ? Future.succeededFuture(Optional.of(test(message.key())))
        : items.find(owner, message.content().split("~", 2)[0]);
  }

  private InboxItem test(String key) {
    long now = clock.millis();
    return new InboxItem(
        key,
        "",
        null,
        null,
        "notice",
        "info",
        "new",
        null,
        "A test of the delivery",
        "Items of your inbox reach you here.",
        now,
        now);
  }

  private Future<SendOutcome> send(
      DeliveryChannelName channel,
      String owner,
      DeliveryWish wish,
      OutboxMessage message,
      InboxItem item) {
    // What is sent again after a snooze is another message.
    String id = message.content().equals(TEST) ? message.key() : message.content();
    Optional<String> device = channel.deviceOf(message.conversation());
    Parcel parcel = new Parcel(tenantId, owner, id, item, wish.url(), device);
    return mayRead(owner)
        .compose(
            refusal ->
                refusal
                    .map(Future::succeededFuture)
                    .orElseGet(
                        () -> {
                          term.verifyHeld();
                          return ways.get(channel).send(parcel);
                        }))
        .compose(outcome -> withoutGone(owner, device, outcome));
  }

  /** A browser that its push service does not know any more is forgotten. */
  private Future<SendOutcome> withoutGone(
      String owner, Optional<String> device, SendOutcome outcome) {
    boolean isGone = outcome instanceof SendOutcome.Refused refused && refused.isOfCredentials();
    return device.isPresent() && isGone
        ? devices.remove(owner, device.get()).map(outcome)
        : Future.succeededFuture(outcome);
  }

  /** Skips a member who has left or may no longer see the inbox. */
  private Future<Optional<SendOutcome>> mayRead(String owner) {
    return gateway
        .call(tenantId, owner, "get_inbox_delivery", GatewayClient.request())
        .map(_ -> Optional.<SendOutcome>empty())
        .otherwise(
            failure -> {
              Problem problem = Problem.of(failure);
              return Optional.of(
                  problem.code().httpStatus() >= 500
                      ? new SendOutcome.Failed(problem.message())
                      : new SendOutcome.Refused(problem.message()));
            });
  }

  private static Future<SendOutcome> refused(String reason) {
    return Future.succeededFuture(new SendOutcome.Refused(reason));
  }
}

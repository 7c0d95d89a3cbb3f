package dev.concert.automations.delivery;

import dev.concert.automation.DeliveryMessages.GetInboxDelivery;
import dev.concert.automation.DeliveryMessages.TestInboxDelivery;
import dev.concert.automation.DeliveryMessages.UpdateInboxDelivery;
import dev.concert.automations.delivery.WebhookTargets.UnresolvedException;
import dev.concert.automations.event.WebhookSecrets;
import dev.concert.automations.store.DeliveryStore;
import dev.concert.automations.store.DeliveryStore.DeliveryWish;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.protocol.DeliveryChannel;
import dev.concert.protocol.DeliveryChannels;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Reads and changes the delivery settings of a member. Non-blocking. */
public final class DeliveryAdmin {
  private final String tenantId;
  private final DeliveryStore wishes;
  private final TenantDelivery delivery;
  private final DeviceAdmin devices;
  private final WebhookTargets targets;
  private final WebhookSecrets secrets;

  DeliveryAdmin(
      String tenantId,
      DeliveryStore wishes,
      TenantDelivery delivery,
      DeviceAdmin devices,
      WebhookTargets targets,
      WebhookSecrets secrets) {
    this.tenantId = tenantId;
    this.wishes = wishes;
    this.delivery = delivery;
    this.devices = devices;
    this.targets = targets;
    this.secrets = secrets;
  }

  public Future<DeliveryChannels> get(GetInboxDelivery wanted) {
    List<Future<DeliveryChannel>> all =
        Stream.of(DeliveryChannelName.values())
            .map(channel -> shown(wanted.caller().userId(), channel, null))
            .toList();
    return Future.all(all)
        .map(_ -> new DeliveryChannels(all.stream().map(Future::result).toList()));
  }

  /** A webhook has a secret as soon as it has an address. */
  public Future<DeliveryChannel> update(UpdateInboxDelivery wanted) {
    DeliveryChannelName channel = channel(wanted.channel());
    if (channel != DeliveryChannelName.WEBHOOK && (wanted.url() != null || wanted.newSecret())) {
      throw invalid("only a webhook has a 'url' and a secret");
    }
    String owner = wanted.caller().userId();
    return wishes
        .find(owner, channel.wireName())
        .compose(
            before -> {
              Optional<String> url = Optional.ofNullable(wanted.url()).or(before::url);
              if (channel == DeliveryChannelName.WEBHOOK
                  && url.isEmpty()
                  && !wanted.from().equals("off")) {
                throw invalid("a webhook needs a 'url'");
              }
              return verified(Optional.ofNullable(wanted.url()))
                  .compose(_ -> secret(owner, url, wanted.newSecret()))
                  .compose(
                      secret ->
                          wishes
                              .set(owner, channel.wireName(), new DeliveryWish(wanted.from(), url))
                              .compose(_ -> shown(owner, channel, secret.orElse(null))));
            });
  }

  private Future<Void> verified(Optional<String> url) {
    return url.map(
            one ->
                targets
                    .resolve(one)
                    .<Void>mapEmpty()
                    .recover(
                        failure ->
                            Future.failedFuture(
                                failure instanceof UnresolvedException unresolved
                                    ? invalid("'url': " + unresolved.getMessage())
                                    : failure)))
        .orElseGet(Future::succeededFuture);
  }

  /** A new secret, where one is wanted or there is none yet. */
  private Future<Optional<String>> secret(String owner, Optional<String> url, boolean isWanted) {
    if (url.isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    String name = WebhookDelivery.secretName(tenantId, owner);
    return secrets
        .find(name)
        .compose(
            found ->
                found.isPresent() && !isWanted
                    ? Future.succeededFuture(Optional.empty())
                    : secrets.renew(tenantId, name).map(Optional::of));
  }

  /** Sends something that is no item. */
  public Future<DeliveryChannel> test(TestInboxDelivery wanted) {
    DeliveryChannelName channel = channel(wanted.channel());
    String owner = wanted.caller().userId();
    return wishes
        .find(owner, channel.wireName())
        .compose(
            wish -> {
              if (wish.isOff()) {
                throw invalid("this channel is off: switch it on first");
              }
              return lanes(channel, owner);
            })
        .compose(lanes -> test(channel, lanes))
        .compose(_ -> delivery.look())
        .compose(_ -> shown(owner, channel, null));
  }

  private Future<List<String>> lanes(DeliveryChannelName channel, String owner) {
    return channel == DeliveryChannelName.PUSH
        ? devices.lanes(owner)
        : Future.succeededFuture(List.of(channel.lane(owner)));
  }

  private Future<Void> test(DeliveryChannelName channel, List<String> lanes) {
    if (lanes.isEmpty()) {
      throw invalid("no browser is subscribed: do it on the page of automations");
    }
    String key = "test_" + UUID.randomUUID();
    return Future.all(
            lanes.stream()
                .map(
                    lane ->
                        delivery.outbox().put(channel.wireName(), lane, key, DeliverySender.TEST))
                .toList())
        .mapEmpty();
  }

  private Future<DeliveryChannel> shown(String owner, DeliveryChannelName channel, String secret) {
    return wishes
        .find(owner, channel.wireName())
        .compose(
            wish ->
                wishes
                    .state(channel.lane(owner))
                    .map(
                        state ->
                            new DeliveryChannel(
                                channel.wireName(),
                                wish.from(),
                                wish.url().orElse(null),
                                state.waiting(),
                                state.failed(),
                                state.fault().orElse(null),
                                secret)));
  }

  private static DeliveryChannelName channel(String name) {
    return DeliveryChannelName.of(name)
        .orElseThrow(() -> invalid("'channel' must be webhook, email, chat or push"));
  }

  private static ConcertException invalid(String fault) {
    return new ConcertException(
        ErrorCode.INVALID_MESSAGE, "The message is invalid: " + fault + ".");
  }
}

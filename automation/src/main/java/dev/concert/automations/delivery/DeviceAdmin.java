package dev.concert.automations.delivery;

import dev.concert.automation.DeliveryMessages.AddPushDevice;
import dev.concert.automation.DeliveryMessages.ListPushDevices;
import dev.concert.automation.DeliveryMessages.RemovePushDevice;
import dev.concert.automations.delivery.WebhookTargets.UnresolvedException;
import dev.concert.automations.event.WebhookSecrets;
import dev.concert.automations.store.PushDeviceStore;
import dev.concert.bus.Accepted;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.protocol.PushDevice;
import dev.concert.protocol.PushDevices;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * The browsers of the members of one tenant. What a browser gave is a secret: whoever knows it can
 * send messages to it. Non-blocking.
 */
public final class DeviceAdmin {
  private static final int MOST = 20;

  private final String tenantId;
  private final PushDeviceStore store;
  private final WebhookTargets targets;
  private final WebhookSecrets secrets;
  private final VapidIdentity identity;
  private final InstantSource clock;

  DeviceAdmin(
      String tenantId,
      PushDeviceStore store,
      WebhookTargets targets,
      WebhookSecrets secrets,
      VapidIdentity identity,
      InstantSource clock) {
    this.tenantId = tenantId;
    this.store = store;
    this.targets = targets;
    this.secrets = secrets;
    this.identity = identity;
    this.clock = clock;
  }

  public Future<PushDevices> list(ListPushDevices wanted) {
    return identity
        .publicKey()
        .compose(
            key ->
                store.of(wanted.caller().userId()).map(devices -> new PushDevices(key, devices)));
  }

  /** Adds a browser; one that subscribes again is the same device. */
  public Future<PushDevice> add(AddPushDevice wanted) {
    PushSubscription subscription =
        new PushSubscription(wanted.endpoint(), wanted.p256dh(), wanted.auth());
    if (!subscription.isValid()) {
      throw invalid("'p256dh' and 'auth' are not what a browser gives");
    }
    String owner = wanted.caller().userId();
    String id =
        UUID.nameUUIDFromBytes(wanted.endpoint().getBytes(StandardCharsets.UTF_8)).toString();
    PushDevice device =
        new PushDevice(id, Optional.ofNullable(wanted.name()).orElse("A browser"), clock.millis());
    return targets
        .resolve(wanted.endpoint())
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof UnresolvedException unresolved
                        ? invalid("'endpoint': " + unresolved.getMessage())
                        : failure))
        .compose(_ -> store.of(owner))
        .compose(
            devices -> {
              if (devices.size() >= MOST && devices.stream().noneMatch(isCalled(id))) {
                throw invalid("you have %d browsers already: remove one".formatted(MOST));
              }
              // The row comes last: after a crash no device exists without its secret.
              return secrets.put(
                  tenantId, PushSubscription.secretName(tenantId, id), subscription.written());
            })
        .compose(_ -> store.put(owner, device))
        .map(device);
  }

  private static Predicate<PushDevice> isCalled(String id) {
    return device -> device.deviceId().equals(id);
  }

  public Future<Accepted> remove(RemovePushDevice wanted) {
    return remove(wanted.caller().userId(), wanted.deviceId())
        .map(
            removed -> {
              if (!removed) {
                throw new ConcertException(
                    ErrorCode.NOT_FOUND, "You have no browser of this id. List your browsers.");
              }
              return Accepted.ACCEPTED;
            });
  }

  /**
   * Removes a browser of a member; what waits for it is not sent.
   *
   * @return whether the member had it
   */
  Future<Boolean> remove(String owner, String id) {
    return store
        .remove(owner, id)
        .compose(
            removed ->
                removed
                    ? secrets.remove(PushSubscription.secretName(tenantId, id)).map(true)
                    : Future.succeededFuture(false));
  }

  /** The lanes of the outbox with what goes to a member's browsers. */
  Future<List<String>> lanes(String owner) {
    return store
        .of(owner)
        .map(
            devices ->
                devices.stream()
                    .map(device -> DeliveryChannelName.PUSH.lane(owner, device.deviceId()))
                    .toList());
  }

  private static ConcertException invalid(String fault) {
    return new ConcertException(
        ErrorCode.INVALID_MESSAGE, "The message is invalid: " + fault + ".");
  }
}

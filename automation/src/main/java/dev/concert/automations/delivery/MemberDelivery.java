package dev.concert.automations.delivery;

import dev.concert.automation.DeliveryMessages.Delivered;
import dev.concert.automation.DeliveryMessages.MailMember;
import dev.concert.automation.DeliveryMessages.NotifyMember;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.DeliveryAddresses;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.foundation.outbox.SendOutcome;
import io.vertx.core.Future;
import java.time.Duration;

/** Has the service that knows how to reach a member bring them an item. Non-blocking. */
final class MemberDelivery {
  /** A mail server may be slow. */
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final ConcertBus bus;

  MemberDelivery(ConcertBus bus) {
    this.bus = bus;
  }

  /** By the gateway, which knows the address and the mail server. */
  Future<SendOutcome> mail(DeliveryWay.Parcel parcel) {
    return bus.request(
            DeliveryAddresses.MAIL_MEMBER,
            new MailMember(
                parcel.tenantId(),
                parcel.owner(),
                parcel.id(),
                parcel.item().title(),
                parcel.item().body()),
            TIMEOUT)
        .map(MemberDelivery::outcome)
        .otherwise(failure -> outcome(failure, true));
  }

  /** By the bridges, whose outbox has the message then. */
  Future<SendOutcome> chat(DeliveryWay.Parcel parcel) {
    return bus.request(
            DeliveryAddresses.NOTIFY_MEMBER,
            new NotifyMember(parcel.tenantId(), parcel.owner(), parcel.id(), parcel.text()),
            TIMEOUT)
        .map(MemberDelivery::outcome)
        .otherwise(failure -> outcome(failure, false));
  }

  private static SendOutcome outcome(Delivered delivered) {
    return switch (delivered.outcome()) {
      case Delivered.IS_SENT -> new SendOutcome.Sent("");
      case Delivered.IS_REFUSED -> new SendOutcome.Refused(delivered.reason());
      case Delivered.HAS_FAILED -> new SendOutcome.Failed(delivered.reason());
      default -> new SendOutcome.Unknown(delivered.reason());
    };
  }

  /**
   * @param isOnce whether doing it again has a second effect
   */
  private static SendOutcome outcome(Throwable failure, boolean isOnce) {
    Problem problem = Problem.of(failure);
    return isOnce && problem.code() == ErrorCode.TIMEOUT
        ? new SendOutcome.Unknown(problem.message())
        : new SendOutcome.Failed(problem.message());
  }
}

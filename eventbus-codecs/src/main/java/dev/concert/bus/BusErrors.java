package dev.concert.bus;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;

/** What the failures of a request mean to its caller. */
final class BusErrors {
  /** Somebody who registers again does so within about this time. */
  private static final long RETRY_AFTER_MS = 1000;

  private BusErrors() {}

  /** The failure with a code. */
  static ConcertException coded(Service service, Throwable failure) {
    return switch (failure) {
      case ConcertException known -> known;
      case BusFailure refused -> refused.problem().toException();
      case Breakers.OpenException open ->
          unavailable(
              service,
              "%s does not answer; it gets no requests for a moment.".formatted(service.title()),
              open.retryAfterMs(),
              open);
      case ReplyException reply when reply.failureType() == ReplyFailure.TIMEOUT ->
          timeout(service, reply);
      case ReplyException reply when reply.failureType() == ReplyFailure.NO_HANDLERS ->
          unavailable(service, service.title() + " is not running.", RETRY_AFTER_MS, reply);
      default -> new ConcertException(ErrorCode.INTERNAL, "Something went wrong.", failure);
    };
  }

  private static ConcertException unavailable(
      Service service, String message, long retryAfterMs, Throwable cause) {
    return ConcertException.retryAfter(service.unavailable(), message, retryAfterMs, cause)
        .from(service.wireName());
  }

  static ConcertException timeout(Service service) {
    return timeout(service, null);
  }

  private static ConcertException timeout(Service service, Throwable cause) {
    return new ConcertException(
            ErrorCode.TIMEOUT, "%s did not answer in time.".formatted(service.title()), cause)
        .from(service.wireName());
  }

  static boolean isNotOwner(Throwable failure) {
    return failure instanceof BusFailure refused && refused.problem().code() == ErrorCode.NOT_OWNER;
  }

  static boolean reachedNobody(Throwable failure) {
    return failure instanceof ReplyException reply
        && reply.failureType() == ReplyFailure.NO_HANDLERS;
  }
}
